package dev.holdfast.projection;

import dev.holdfast.log.EventListener;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogStatus;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.Hash;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** An event stream in memory. */
final class FakeLog implements Log {

    record Entry(EventHeader header, Event event) {}

    private final List<Entry> entries = new ArrayList<>();
    private final AtomicInteger openReaders = new AtomicInteger();
    private long chainHash = dev.holdfast.protocol.EventFrame.CHAIN_START;

    synchronized void append(Event event) {
        long sequence = entries.size() + 1L;
        chainHash = Hash.mix(Hash.mix(chainHash, sequence), event.hashCode());
        entries.add(new Entry(new EventHeader(sequence, chainHash, System.currentTimeMillis() * 1_000_000), event));
        notifyAll();
    }

    /** Readers that somebody holds. */
    int openReaders() {
        return openReaders.get();
    }

    synchronized long last() {
        return entries.size();
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The last digest at or before this event. */
    synchronized Event.Digest digestAt(long sequence) {
        for (int i = (int) sequence - 1; i >= 0; i--) {
            if (entries.get(i).event() instanceof Event.Digest digest) {
                return digest;
            }
        }
        return new Event.Digest(0, 0, 0);
    }

    @Override
    public CompletableFuture<Reply> submit(Command command) {
        return CompletableFuture.completedFuture(submitAndWait(command, Duration.ZERO));
    }

    @Override
    public synchronized Reply submitAndWait(Command command, Duration timeout) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).event() instanceof Event.CheckpointStarted) {
                return new Reply(1, 1, ReplyCode.OK, i + 1L, entries.size(), "");
            }
        }
        throw new LogUnavailable("no checkpoint yet");
    }

    @Override
    public boolean offer(Command command) {
        return false;
    }

    @Override
    public EventReader<Event> readAfter(long afterSequence) {
        openReaders.incrementAndGet();
        return new Reader(afterSequence);
    }

    @Override
    public LogStatus status() {
        return new LogStatus(true, 0, 1);
    }

    @Override
    public void close() {}

    private final class Reader implements EventReader<Event> {
        private long sequence;
        private boolean closed;

        Reader(long sequence) {
            this.sequence = sequence;
        }

        @Override
        public int poll(EventListener<Event> listener, int limit, Duration timeout) {
            List<Entry> found = next(limit, timeout);
            for (Entry entry : found) {
                sequence = entry.header().sequence();
                listener.onEvent(entry.header(), entry.event());
            }
            return found.size();
        }

        private List<Entry> next(int limit, Duration timeout) {
            synchronized (FakeLog.this) {
                if (sequence >= entries.size()) {
                    try {
                        FakeLog.this.wait(Math.max(1, timeout.toMillis()));
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                }
                int from = (int) Math.min(sequence, entries.size());
                return List.copyOf(entries.subList(from, Math.min(entries.size(), from + limit)));
            }
        }

        @Override
        public long sequence() {
            return sequence;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                openReaders.decrementAndGet();
            }
        }
    }
}
