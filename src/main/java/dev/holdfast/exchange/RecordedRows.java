package dev.holdfast.exchange;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one recorded file; a row that makes no sense is dropped and counted, never repaired. */
final class RecordedRows {

    static final int MAX_ROWS = 5_000_000;
    private static final int MAX_LINE_CHARACTERS = 200;
    private static final long MILLIS_PER_DAY = 86_400_000;
    private static final long MAX_PRICE_PAISE = 1_000_000_000;
    private static final long MAX_QUANTITY = 1_000_000_000;

    private final List<Row> rows = new ArrayList<>();
    private final boolean index;
    private @Nullable Side bid;
    private @Nullable Side ask;
    private int dropped;

    private RecordedRows(boolean index) {
        this.index = index;
    }

    /** A good row; times are milliseconds since the day's midnight. */
    sealed interface Row {
        int millis();

        record Bar(int millis, long open, long high, long low, long close, long volume) implements Row {}

        record Trade(int millis, long pricePaise, long quantity) implements Row {}

        record Quote(int millis, long bidPaise, long bidQuantity, long askPaise, long askQuantity) implements Row {}
    }

    List<Row> rows() {
        return rows;
    }

    int dropped() {
        return dropped;
    }

    /** @throws IllegalArgumentException if the file is not a zip with one readable CSV */
    static RecordedRows read(RecordedFile file) {
        try (ZipInputStream zip = new ZipInputStream(java.nio.file.Files.newInputStream(file.path()))) {
            if (zip.getNextEntry() == null) {
                throw new IllegalArgumentException(file.path() + " is not a zip file with a CSV in it");
            }
            return read(
                    new BufferedReader(new InputStreamReader(zip, StandardCharsets.ISO_8859_1)),
                    file.form(),
                    file.index());
        } catch (IOException | UncheckedIOException unreadable) {
            throw new IllegalArgumentException(file.path() + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    static RecordedRows read(BufferedReader lines, RecordedFile.Form form, boolean index) {
        RecordedRows result = new RecordedRows(index);
        lines.lines().limit(MAX_ROWS).forEach(line -> {
            Row row = line.length() > MAX_LINE_CHARACTERS ? null : result.parse(line.split(",", -1), form);
            if (row == null) {
                result.dropped++;
            } else {
                result.rows.add(row);
            }
        });
        return result;
    }

    private @Nullable Row parse(String[] cells, RecordedFile.Form form) {
        try {
            return switch (form) {
                case MINUTE -> bar(cells);
                case TRADES -> trade(cells);
                case QUOTES -> quote(cells);
            };
        } catch (ArithmeticException | NumberFormatException garbage) {
            return null;
        }
    }

    private @Nullable Row bar(String[] cells) {
        if (cells.length != 6) {
            return null;
        }
        long open = price(cells[1]);
        long high = price(cells[2]);
        long low = price(cells[3]);
        long close = price(cells[4]);
        boolean ordered = low <= Math.min(open, close) && high >= Math.max(open, close);
        return ordered && low > 0 && high <= MAX_PRICE_PAISE
                ? new Row.Bar(millis(cells[0]), open, high, low, close, quantity(cells[5]))
                : null;
    }

    private @Nullable Row trade(String[] cells) {
        if (cells.length != 6 || !"0".equals(cells[5])) {
            return null;
        }
        long price = price(cells[1]);
        long quantity = quantity(cells[2]);
        return price > 0 && price <= MAX_PRICE_PAISE && quantity > 0
                ? new Row.Trade(millis(cells[0]), price, quantity)
                : null;
    }

    /** Most rows bring one side and leave the other empty or 0: that side still stands as it was last said. */
    private @Nullable Row quote(String[] cells) {
        if (cells.length != 8 || !"0".equals(cells[7])) {
            return null;
        }
        Side newBid = side(cells[1], cells[2]);
        Side newAsk = side(cells[3], cells[4]);
        int millis = millis(cells[0]);
        bid = newBid == null ? bid : newBid;
        ask = newAsk == null ? ask : newAsk;
        // Exchanges overtake one another in this data, so the two sides cross at times; nobody could trade at that.
        return bid == null || ask == null || bid.pricePaise >= ask.pricePaise
                ? null
                : new Row.Quote(millis, bid.pricePaise, bid.quantity, ask.pricePaise, ask.quantity);
    }

    private record Side(long pricePaise, long quantity) {}

    private @Nullable Side side(String priceCell, String quantityCell) {
        long price = priceCell.isEmpty() ? 0 : price(priceCell);
        long quantity = quantityCell.isEmpty() ? 0 : quantity(quantityCell);
        return price > 0 && price <= MAX_PRICE_PAISE && quantity > 0 ? new Side(price, quantity) : null;
    }

    /** Equities are integers in 1/10000 of the currency, indices decimals; both become paise, half up. */
    private long price(String cell) {
        BigDecimal number = Rupees.decimal(cell);
        BigDecimal paise = index ? number.movePointRight(2) : number.movePointLeft(2);
        return paise.setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    private static int millis(String cell) {
        long millis = Long.parseLong(cell);
        if (millis < 0 || millis >= MILLIS_PER_DAY) {
            throw new NumberFormatException("no time of a day: " + cell);
        }
        return (int) millis;
    }

    private static long quantity(String cell) {
        long quantity = Long.parseLong(cell);
        if (quantity < 0 || quantity > MAX_QUANTITY) {
            throw new NumberFormatException("no possible quantity: " + cell);
        }
        return quantity;
    }
}
