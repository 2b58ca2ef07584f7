package dev.holdfast.recovery;

import dev.holdfast.protocol.Hash;
import dev.holdfast.protocol.Machine.CorruptSnapshot;
import dev.holdfast.protocol.Machine.SnapshotSource;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryCommandCodec;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.RecoveryEventCodec;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;

/** Reads what a {@link StateWriter} wrote; refuses it whole unless length and hash fit. */
final class StateReader {

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(16 * 1024);
    private final RecoveryEventCodec events = new RecoveryEventCodec();
    private final RecoveryCommandCodec commands = new RecoveryCommandCodec();
    private final int version;
    private int length;
    private int at;

    StateReader(SnapshotSource source) {
        ExpandableArrayBuffer piece = new ExpandableArrayBuffer(64 * 1024);
        if (source.read(piece) != 24 || piece.getInt(0, ByteOrder.LITTLE_ENDIAN) != StateWriter.MAGIC) {
            throw new CorruptSnapshot("this is no snapshot of the recovery machine: its first piece is not our header");
        }
        version = piece.getInt(4, ByteOrder.LITTLE_ENDIAN);
        if (version != StateWriter.VERSION && version != StateWriter.VERSION - 1) {
            throw new CorruptSnapshot("snapshot has version " + version + ", this release reads "
                    + (StateWriter.VERSION - 1) + " and " + StateWriter.VERSION);
        }
        long expectedLength = piece.getLong(8, ByteOrder.LITTLE_ENDIAN);
        long expectedHash = piece.getLong(16, ByteOrder.LITTLE_ENDIAN);
        for (int read = source.read(piece); read >= 0; read = source.read(piece)) {
            buffer.putBytes(length, piece, 0, read);
            length += read;
        }
        if (length != expectedLength) {
            throw new CorruptSnapshot("snapshot has " + length + " bytes, expected " + expectedLength);
        }
        long hash = Hash.bytes(Hash.START, buffer, 0, length);
        if (hash != expectedHash) {
            throw new CorruptSnapshot(
                    "snapshot has hash " + Long.toHexString(hash) + ", expected " + Long.toHexString(expectedHash));
        }
    }

    /** Of the layout: the predecessor's snapshots lack what was added since. */
    int version() {
        return version;
    }

    long number() {
        long value = buffer.getLong(at, ByteOrder.LITTLE_ENDIAN);
        at += Long.BYTES;
        return value;
    }

    int integer() {
        return Math.toIntExact(number());
    }

    boolean flag() {
        return number() != 0;
    }

    String text() {
        byte[] bytes = new byte[integer()];
        buffer.getBytes(at, bytes);
        at += bytes.length;
        return new String(bytes, StandardCharsets.UTF_8);
    }

    <E extends RecoveryEvent> E event(Class<E> type) {
        int encoded = integer();
        RecoveryEvent event = events.decode(buffer, at, encoded);
        at += encoded;
        return type.cast(event);
    }

    <C extends RecoveryCommand> C command(Class<C> type) {
        int encoded = integer();
        RecoveryCommand command = commands.decode(buffer, at, encoded);
        at += encoded;
        return type.cast(command);
    }

    void requireEnd() {
        if (at != length) {
            throw new CorruptSnapshot("snapshot has " + (length - at) + " bytes that no part of the machine reads");
        }
    }
}
