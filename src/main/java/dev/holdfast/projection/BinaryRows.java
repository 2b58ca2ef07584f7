package dev.holdfast.projection;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.LocalDate;
import org.agrona.ExpandableArrayBuffer;
import org.postgresql.copy.CopyIn;

/** Writes rows as PostgreSQL's COPY takes them in binary: what is text on neither side need not be made into text. */
final class BinaryRows {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int FLUSH_BYTES = 64 << 10;
    private static final long POSTGRES_EPOCH_DAY = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final short END = -1;

    private final CopyIn copy;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(FLUSH_BYTES + (8 << 10));
    private int length;
    private String lastDay = "";
    private int lastDayNumber;

    BinaryRows(CopyIn copy) {
        this.copy = copy;
        buffer.putBytes(0, SIGNATURE);
        length = SIGNATURE.length;
        number(0); // flags
        number(0); // nothing more in the header
    }

    /** @param types PostgreSQL's names of the columns' types, one for each value */
    void add(Object[] row, String[] types) throws SQLException {
        count((short) row.length);
        for (int column = 0; column < row.length; column++) {
            add(row[column], types[column]);
        }
        if (length >= FLUSH_BYTES) {
            flush();
        }
    }

    /** @return the rows written */
    int end() throws SQLException {
        count(END);
        flush();
        return Math.toIntExact(copy.endCopy());
    }

    private void add(Object value, String type) {
        switch (type) {
            case "bigint" -> {
                number(Long.BYTES);
                buffer.putLong(length, (Long) value, ByteOrder.BIG_ENDIAN);
                length += Long.BYTES;
            }
            case "integer" -> {
                number(Integer.BYTES);
                number((Integer) value);
            }
            case "text" -> {
                byte[] bytes = ((String) value).getBytes(StandardCharsets.UTF_8);
                number(bytes.length);
                buffer.putBytes(length, bytes);
                length += bytes.length;
            }
            case "boolean" -> {
                number(Byte.BYTES);
                buffer.putByte(length, (byte) ((Boolean) value ? 1 : 0));
                length += Byte.BYTES;
            }
            case "date" -> {
                number(Integer.BYTES);
                number(day((String) value));
            }
            default -> throw new IllegalStateException("a column of type " + type + " cannot be copied");
        }
    }

    /** Days since 2000; nearly all rows are of one day. */
    private int day(String iso) {
        if (!iso.equals(lastDay)) {
            lastDayNumber = Math.toIntExact(LocalDate.parse(iso).toEpochDay() - POSTGRES_EPOCH_DAY);
            lastDay = iso;
        }
        return lastDayNumber;
    }

    private void number(int value) {
        buffer.putInt(length, value, ByteOrder.BIG_ENDIAN);
        length += Integer.BYTES;
    }

    private void count(short value) {
        buffer.putShort(length, value, ByteOrder.BIG_ENDIAN);
        length += Short.BYTES;
    }

    private void flush() throws SQLException {
        copy.writeToCopy(buffer.byteArray(), 0, length);
        length = 0;
    }
}
