package dev.holdfast.log;

import dev.holdfast.protocol.Codec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.EventHeader;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads the events of an {@link InMemoryConnection}. */
final class InMemoryReader<E> implements EventReader<E> {

    private final InMemoryMachine<?, E> host;
    private final BooleanSupplier logClosed;
    private final Codec<E> codec;
    private long sequence;
    private long chainHash = EventFrame.CHAIN_START;
    private boolean chainKnown;
    private volatile boolean closed;

    InMemoryReader(InMemoryMachine<?, E> host, long afterSequence, BooleanSupplier logClosed) {
        this.host = host;
        this.codec = host.protocol().events().get();
        this.sequence = afterSequence;
        this.logClosed = logClosed;
        this.chainKnown = afterSequence == 0;
    }

    @Override
    public int poll(EventListener<E> listener, int limit, Duration timeout) {
        if (closed) {
            throw new IllegalStateException("this event reader is closed");
        }
        int delivered = 0;
        for (byte[] bytes : host.framesAfter(sequence, limit, timeout, logClosed)) {
            UnsafeBuffer frame = new UnsafeBuffer(bytes);
            EventHeader header = EventFrame.header(frame, 0);
            if (chainKnown && EventFrame.chain(frame, 0, bytes.length, chainHash) != header.chainHash()) {
                throw new IllegalStateException("event " + header.sequence() + " does not continue the chain");
            }
            chainHash = header.chainHash();
            chainKnown = true;
            sequence = header.sequence();
            delivered++;
            listener.onEvent(
                    header, codec.decode(frame, EventFrame.HEADER_LENGTH, bytes.length - EventFrame.HEADER_LENGTH));
        }
        if (delivered == 0 && logClosed.getAsBoolean()) {
            throw new LogUnavailable(
                    "event reader after sequence " + sequence + ": the connection to the log is closed");
        }
        return delivered;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public void close() {
        closed = true;
    }
}
