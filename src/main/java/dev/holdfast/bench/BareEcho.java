package dev.holdfast.bench;

import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * The baseline of {@link EngineBench}: what a command costs before any thought is given to it. It keeps the order of each
 * client's commands, as every machine must, and answers; it reads no command and causes no event.
 */
final class BareEcho implements Machine {

    private static final int ENTRY_BYTES = 2 * Long.BYTES;

    private final Map<Long, Long> lastCorrelation = new TreeMap<>();

    @Override
    public void onCommand(
            long timestampNanos,
            long clientId,
            long correlationId,
            DirectBuffer buffer,
            int offset,
            int length,
            Output output) {
        if (correlationId == 0) {
            return;
        }
        long last = lastCorrelation.getOrDefault(clientId, 0L);
        ReplyCode code =
                correlationId > last + 1 ? ReplyCode.GAP : correlationId <= last ? ReplyCode.DUPLICATE : ReplyCode.OK;
        if (code == ReplyCode.OK) {
            lastCorrelation.put(clientId, correlationId);
        }
        output.reply(new Reply(clientId, correlationId, code, 0, 0, ""));
    }

    @Override
    public void onTimer(long timestampNanos, Output output) {
        // It never asks for one.
    }

    @Override
    public void snapshot(SnapshotSink sink) {
        ExpandableArrayBuffer state = new ExpandableArrayBuffer();
        int at = 0;
        for (Map.Entry<Long, Long> client : lastCorrelation.entrySet()) {
            state.putLong(at, client.getKey());
            state.putLong(at + Long.BYTES, client.getValue());
            at += ENTRY_BYTES;
        }
        sink.write(state, 0, at);
    }

    @Override
    public void restore(SnapshotSource source) {
        ExpandableArrayBuffer state = new ExpandableArrayBuffer(SnapshotSink.MAX_PIECE);
        int length = source.read(state);
        for (int at = 0; at + ENTRY_BYTES <= length; at += ENTRY_BYTES) {
            lastCorrelation.put(state.getLong(at), state.getLong(at + Long.BYTES));
        }
    }

    @Override
    public long sequence() {
        return 0;
    }

    @Override
    public long stateHash() {
        return 0;
    }
}
