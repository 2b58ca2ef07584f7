package dev.holdfast.bench;

import dev.holdfast.log.EventListener;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogStatus;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventCodec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;

/** A log that has these events and takes no command. Readers decode each event anew, as those of the real log do. */
final class PlayedLog implements Log {

    private final EventFrames frames;
    private final boolean atOnce;

    /** @param atOnce whether all events are there already; else a burst, up to the next digest, comes when the one before was read */
    PlayedLog(EventFrames frames, boolean atOnce) {
        this.frames = frames;
        this.atOnce = atOnce;
    }

    @Override
    public EventReader<Event> readAfter(long afterSequence) {
        return new Reader(afterSequence);
    }

    @Override
    public CompletableFuture<Reply> submit(Command command) {
        throw new UnsupportedOperationException("these events are over; nothing can be added");
    }

    @Override
    public Reply submitAndWait(Command command, Duration timeout) {
        throw new UnsupportedOperationException("these events are over; nothing can be added");
    }

    @Override
    public boolean offer(Command command) {
        return false;
    }

    @Override
    public LogStatus status() {
        return new LogStatus(true, 0, 1);
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    private final class Reader implements EventReader<Event> {
        private final EventCodec codec = new EventCodec();
        private long sequence;

        Reader(long sequence) {
            this.sequence = sequence;
        }

        @Override
        public int poll(EventListener<Event> listener, int limit, Duration timeout) {
            long end = Math.min(atOnce ? frames.last() : frames.digestAfter(sequence), sequence + limit);
            int delivered = (int) (end - sequence);
            if (delivered == 0) {
                LockSupport.parkNanos(timeout.toNanos());
            }
            DirectBuffer buffer = frames.buffer();
            while (sequence < end) {
                int start = frames.start(sequence + 1);
                int length = frames.end(sequence + 1) - start;
                sequence++;
                listener.onEvent(
                        EventFrame.header(buffer, start),
                        codec.decode(buffer, start + EventFrame.HEADER_LENGTH, length - EventFrame.HEADER_LENGTH));
            }
            return delivered;
        }

        @Override
        public long sequence() {
            return sequence;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
