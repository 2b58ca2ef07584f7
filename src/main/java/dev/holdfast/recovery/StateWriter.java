package dev.holdfast.recovery;

import dev.holdfast.protocol.Hash;
import dev.holdfast.protocol.Machine.SnapshotSink;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryCommandCodec;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.RecoveryEventCodec;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes state to one buffer, little-endian. Equal states give equal bytes. */
final class StateWriter {

    /** First in every snapshot: "HFRC". */
    static final int MAGIC = 0x4352_4648;

    /** Raised with each change of the layout; a release reads its own and its predecessor's. */
    static final int VERSION = 2;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(16 * 1024);
    private final RecoveryEventCodec events = new RecoveryEventCodec();
    private final RecoveryCommandCodec commands = new RecoveryCommandCodec();
    private int length;

    void number(long value) {
        buffer.putLong(length, value, ByteOrder.LITTLE_ENDIAN);
        length += Long.BYTES;
    }

    void flag(boolean value) {
        number(value ? 1 : 0);
    }

    void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        buffer.putBytes(length, bytes);
        length += bytes.length;
    }

    void event(RecoveryEvent event) {
        int encoded = events.encode(event, buffer, length + Long.BYTES);
        number(encoded);
        length += encoded;
    }

    void command(RecoveryCommand command) {
        int encoded = commands.encode(command, buffer, length + Long.BYTES);
        number(encoded);
        length += encoded;
    }

    long hash() {
        return Hash.bytes(Hash.START, buffer, 0, length);
    }

    /** Sends magic, version, length and hash as the first piece, then the bytes. */
    void sendTo(SnapshotSink sink) {
        UnsafeBuffer head = new UnsafeBuffer(new byte[24]);
        head.putInt(0, MAGIC, ByteOrder.LITTLE_ENDIAN);
        head.putInt(4, VERSION, ByteOrder.LITTLE_ENDIAN);
        head.putLong(8, length, ByteOrder.LITTLE_ENDIAN);
        head.putLong(16, hash(), ByteOrder.LITTLE_ENDIAN);
        sink.write(head, 0, head.capacity());
        for (int at = 0; at < length; at += SnapshotSink.MAX_PIECE) {
            sink.write(buffer, at, Math.min(SnapshotSink.MAX_PIECE, length - at));
        }
    }
}
