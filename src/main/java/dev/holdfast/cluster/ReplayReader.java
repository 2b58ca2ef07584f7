package dev.holdfast.cluster;

import dev.holdfast.log.EventListener;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Codec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.EventHeader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The caller's end of an event reader. The connection's thread puts checked frames into a bounded buffer, the caller's thread
 * takes them out; while the buffer is full the archive is held back, and nothing else. With more than one follower the first
 * copy of each event is taken.
 */
final class ReplayReader<E> implements EventReader<E> {

    /** Some thousand events. */
    private static final int BUFFER_BYTES = 512 << 10;

    private static final int FRAME = 1;

    private final OneToOneRingBuffer buffer = new OneToOneRingBuffer(
            new UnsafeBuffer(ByteBuffer.allocateDirect(BUFFER_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    private final List<ReplayFollower> followers;
    private final Consumer<ReplayReader<E>> onClosed;
    private final Codec<E> codec;
    private long sequence;

    /** Of the connection's thread: the last one put into the buffer. */
    private long buffered;

    private volatile @Nullable Thread waiting;
    private volatile @Nullable String failure;
    private volatile boolean closed;

    /** @param onClosed called by the connection's thread when it has let go of this reader */
    ReplayReader(
            Codec<E> codec, long afterSequence, List<ReplayFollower> followers, Consumer<ReplayReader<E>> onClosed) {
        this.codec = codec;
        this.sequence = afterSequence;
        this.buffered = afterSequence;
        this.followers = followers;
        this.onClosed = onClosed;
    }

    @Override
    public int poll(EventListener<E> listener, int limit, Duration timeout) {
        MessageHandler handler = (type, source, index, length) -> deliver(listener, source, index, length);
        int delivered = buffer.read(handler, limit);
        if (delivered > 0) {
            return delivered;
        }
        requireAlive();
        if (timeout.isZero()) {
            return 0;
        }
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        waiting = Thread.currentThread();
        try {
            while ((delivered = buffer.read(handler, limit)) == 0) {
                requireAlive();
                long leftNanos = deadlineNanos - System.nanoTime();
                if (leftNanos <= 0 || Thread.currentThread().isInterrupted()) {
                    return 0;
                }
                LockSupport.parkNanos(leftNanos);
            }
            return delivered;
        } finally {
            waiting = null;
        }
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public void close() {
        closed = true;
    }

    // The connection's thread

    void detach() {
        followers.forEach(ReplayFollower::detach);
    }

    int follow(Transport transport, long nowNanos) {
        if (closed) {
            detach();
            onClosed.accept(this);
            return 0;
        }
        if (failure != null) {
            return 0;
        }
        int work = 0;
        for (ReplayFollower follower : followers) {
            work += follower.work(transport, nowNanos, this::put);
            if (follower.broken() != null) {
                fail(follower.broken());
            }
        }
        if (work > 0) {
            LockSupport.unpark(waiting);
        }
        return work;
    }

    void end() {
        fail("the connection to the log is closed");
    }

    /** Each follower delivers without a gap, so what comes next from the one ahead is the next of all. */
    private boolean put(DirectBuffer frame, int offset, int length) {
        long next = EventFrame.sequence(frame, offset);
        if (next <= buffered) {
            return true;
        }
        if (!buffer.write(FRAME, frame, offset, length)) {
            return false;
        }
        buffered = next;
        return true;
    }

    private void fail(@Nullable String reason) {
        failure = reason;
        LockSupport.unpark(waiting);
    }

    private void deliver(EventListener<E> listener, DirectBuffer source, int index, int length) {
        EventHeader header = EventFrame.header(source, index);
        sequence = header.sequence();
        listener.onEvent(
                header, codec.decode(source, index + EventFrame.HEADER_LENGTH, length - EventFrame.HEADER_LENGTH));
    }

    private void requireAlive() {
        String reason = failure;
        if (reason != null) {
            throw new LogUnavailable("event reader after sequence " + sequence + ": " + reason);
        }
        if (closed) {
            throw new IllegalStateException("this event reader is closed");
        }
    }
}
