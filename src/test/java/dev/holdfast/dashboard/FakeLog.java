package dev.holdfast.dashboard;

import dev.holdfast.log.EventListener;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogStatus;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A log in memory: events are put in by the test, commands are kept and answered by a function. */
final class FakeLog implements Log {

    private record Entry(EventHeader header, Event event) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Command> commands = new ArrayList<>();
    private Function<Command, String> refusal = command -> "";
    private boolean down;
    private long checkpoint = 1;

    /** Appends an event, now. */
    synchronized void emit(Event event) {
        emit(event, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
    }

    synchronized void emit(Event event, long logTimeNanos) {
        long sequence = entries.size() + 1L;
        if (event instanceof Event.CheckpointStarted) {
            checkpoint = sequence;
        }
        entries.add(new Entry(new EventHeader(sequence, 0, logTimeNanos), event));
        notifyAll();
    }

    /** How commands are answered: the empty text accepts, another refuses with it. */
    synchronized void answerWith(Function<Command, String> refusalText) {
        refusal = refusalText;
    }

    synchronized void setDown(boolean isDown) {
        down = isDown;
        notifyAll();
    }

    /** The commands submitted so far, probes left out. */
    synchronized List<Command> commands() {
        return List.copyOf(commands);
    }

    @Override
    public CompletableFuture<Reply> submit(Command command) {
        return CompletableFuture.completedFuture(answer(command));
    }

    @Override
    public Reply submitAndWait(Command command, Duration timeout) throws LogUnavailable {
        return answer(command);
    }

    private Reply answer(Command command) {
        Function<Command, String> answering;
        synchronized (this) {
            if (down) {
                throw new LogUnavailable("the fake log is down");
            }
            if (command instanceof Command.Probe) {
                return new Reply(1, 1, ReplyCode.OK, checkpoint, entries.size(), "");
            }
            commands.add(command);
            answering = refusal;
        }
        String text = answering.apply(command);
        synchronized (this) {
            ReplyCode code = text.isEmpty() ? ReplyCode.OK : ReplyCode.REFUSED;
            return new Reply(1, commands.size(), code, commands.size(), entries.size(), text);
        }
    }

    @Override
    public boolean offer(Command command) {
        return false;
    }

    @Override
    public EventReader<Event> readAfter(long afterSequence) {
        return new Reader(afterSequence);
    }

    @Override
    public synchronized LogStatus status() {
        return down ? new LogStatus(false, -1, -1) : new LogStatus(true, 1, 4);
    }

    @Override
    public void close() {}

    private final class Reader implements EventReader<Event> {
        private long sequence;

        Reader(long afterSequence) {
            this.sequence = afterSequence;
        }

        @Override
        public int poll(EventListener<Event> listener, int limit, Duration timeout) {
            List<Entry> batch = batch(limit, timeout);
            for (Entry entry : batch) {
                listener.onEvent(entry.header(), entry.event());
                sequence = entry.header().sequence();
            }
            return batch.size();
        }

        private List<Entry> batch(int limit, Duration timeout) {
            synchronized (FakeLog.this) {
                if (entries.size() == sequence || down) {
                    awaitMore(timeout);
                }
                if (down) {
                    return List.of();
                }
                int end = (int) Math.min(entries.size(), sequence + limit);
                return List.copyOf(entries.subList((int) sequence, end));
            }
        }

        private void awaitMore(Duration timeout) {
            try {
                TimeUnit.MILLISECONDS.timedWait(FakeLog.this, timeout.toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public long sequence() {
            return sequence;
        }

        @Override
        public void close() {}
    }
}
