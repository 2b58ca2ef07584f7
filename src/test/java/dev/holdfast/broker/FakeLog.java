package dev.holdfast.broker;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A log that records what is submitted and answers as the test says. */
public final class FakeLog implements Log {

    public final List<Command> submitted = new CopyOnWriteArrayList<>();
    public final List<Command> offered = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    public volatile boolean away;
    private volatile Function<Command, Long> values = command -> 0L;
    private volatile Function<Command, ReplyCode> codes = command -> ReplyCode.OK;

    /** The value of each reply from now on. */
    public FakeLog answering(Function<Command, Long> byCommand) {
        values = byCommand;
        return this;
    }

    public FakeLog judging(Function<Command, ReplyCode> byCommand) {
        codes = byCommand;
        return this;
    }

    public void emit(Event event) {
        events.add(event);
    }

    public <C extends Command> List<C> submitted(Class<C> kind) {
        return submitted.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Override
    public CompletableFuture<Reply> submit(Command command) {
        if (away) {
            return CompletableFuture.failedFuture(new LogUnavailable("the log is away"));
        }
        submitted.add(command);
        return CompletableFuture.completedFuture(
                new Reply(1, submitted.size(), codes.apply(command), values.apply(command), 0, ""));
    }

    @Override
    public Reply submitAndWait(Command command, Duration timeout) {
        if (away) {
            throw new LogUnavailable("the log is away");
        }
        return submit(command).join();
    }

    @Override
    public boolean offer(Command command) {
        if (away) {
            return false;
        }
        offered.add(command);
        return true;
    }

    @Override
    public EventReader<Event> readAfter(long afterSequence) {
        return new EventReader<Event>() {
            private long sequence = afterSequence;

            @Override
            public int poll(EventListener<Event> listener, int limit, Duration timeout) {
                try {
                    List<Event> batch = new ArrayList<>();
                    Event first = events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
                    if (first != null) {
                        batch.add(first);
                        events.drainTo(batch, limit - 1);
                    }
                    batch.forEach(event -> listener.onEvent(new EventHeader(++sequence, 0, 0), event));
                    return batch.size();
                } catch (InterruptedException stopping) {
                    Thread.currentThread().interrupt();
                    return 0;
                }
            }

            @Override
            public long sequence() {
                return sequence;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public LogStatus status() {
        return new LogStatus(!away, 0, 1);
    }

    @Override
    public void close() {}
}
