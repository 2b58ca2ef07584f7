package dev.holdfast.audit;

import dev.holdfast.log.EventListener;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogStatus;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A log whose events a test writes, each with its time. */
final class ScriptedLog implements Log {

    private record Line(long atNanos, Event event) {}

    private final List<Line> lines = new ArrayList<>();

    void add(long atNanos, Event event) {
        lines.add(new Line(atNanos, event));
    }

    long sequence() {
        return lines.size();
    }

    @Override
    public Reply submitAndWait(Command command, Duration timeout) {
        return new Reply(1, 1, ReplyCode.OK, 0, sequence(), "");
    }

    @Override
    public EventReader<Event> readAfter(long afterSequence) {
        return new EventReader<>() {
            private long sequence = afterSequence;

            @Override
            public int poll(EventListener<Event> listener, int limit, Duration timeout) {
                int read = 0;
                while (read < limit && sequence < lines.size()) {
                    Line line = lines.get((int) sequence);
                    sequence++;
                    read++;
                    listener.onEvent(new EventHeader(sequence, 0, line.atNanos()), line.event());
                }
                return read;
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
    public CompletableFuture<Reply> submit(Command command) {
        return CompletableFuture.completedFuture(submitAndWait(command, Duration.ZERO));
    }

    @Override
    public boolean offer(Command command) {
        return false;
    }

    @Override
    public LogStatus status() {
        throw new UnsupportedOperationException("the audit does not ask who leads");
    }

    @Override
    public void close() {}
}
