package dev.holdfast.marketdata;

import java.nio.ByteBuffer;

/** What a ticker delivers. Called by one thread at a time; must not block. */
public interface TickSink {

    /** The connection stands; what was missed since the last one is lost. */
    void connected();

    void disconnected(String reason);

    /** A binary frame as it came, before it is read. The buffer is only valid during the call. */
    void raw(ByteBuffer frame);

    void tick(Tick tick);

    /**
     * One packet, or the rest of a frame, was dropped.
     *
     * @param token of the packet, 0 when it is not known
     */
    void dropped(MalformedTick.Kind kind, long token);

    /** An order changed, as a hint. */
    void orderChanged(String brokerOrderId);

    /** The broker refused our token. */
    void tokenRefused();
}
