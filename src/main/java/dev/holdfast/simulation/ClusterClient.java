package dev.holdfast.simulation;

import dev.holdfast.cluster.CommandFrame;
import dev.holdfast.cluster.CommandWindow;
import dev.holdfast.log.EventListener;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogStatus;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.CommandCodec;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One process's connection to the log: the real client's window of unanswered commands over a network that delays, and while
 * there is no leader loses. Messages of one session keep their order, as the transport's do.
 */
final class ClusterClient implements Log {

    /** How often the connection looks whether something is to be sent again. */
    private static final long LOOK_NANOS = 200_000_000L;

    private final Cluster cluster;
    private final SimulatedProcess process;
    private final Scheduler scheduler;
    private final Network network;
    private final CommandWindow<Command> window;
    private final CommandCodec codec = new CommandCodec();
    private final long clientId;
    private long lastArrivalNanos;
    private long lastReplyNanos;
    private boolean looking;
    private @Nullable Coroutine waiting;

    ClusterClient(Cluster cluster, SimulatedProcess process, Scheduler scheduler, Network network) {
        this.cluster = cluster;
        this.process = process;
        this.scheduler = scheduler;
        this.network = network;
        this.clientId = cluster.nextClientId();
        this.window = new CommandWindow<>(clientId, new CommandCodec());
        cluster.connected(this);
    }

    long clientId() {
        return clientId;
    }

    /** The code that is about to wait for replies, and for the passing of time. */
    void waitIn(@Nullable Coroutine coroutine) {
        waiting = coroutine;
    }

    /** Lets virtual time pass for the code at hand. */
    void sleep(long nanos) {
        Coroutine code = java.util.Objects.requireNonNull(waiting);
        process.after(nanos, code::resume);
        code.pause();
    }

    @Override
    public CompletableFuture<Reply> submit(Command command) {
        Pending pending = new Pending();
        var _ = window.submit(command).whenComplete((reply, failure) -> {
            if (failure == null) {
                pending.complete(reply);
            } else {
                pending.completeExceptionally(failure);
            }
        });
        send();
        return pending;
    }

    private void send() {
        var _ = window.send(this::transmit, Log.MAX_OUTSTANDING, scheduler.nowNanos());
        if (!looking && !window.isEmpty()) {
            looking = true;
            process.after(LOOK_NANOS, () -> {
                looking = false;
                send();
            });
        }
    }

    private boolean transmit(DirectBuffer frame) {
        lastArrivalNanos = Math.max(lastArrivalNanos, scheduler.nowNanos() + network.toLog());
        scheduler.after(lastArrivalNanos - scheduler.nowNanos(), () -> cluster.receive(frame));
        return true;
    }

    void replied(Reply reply) {
        if (network.losesReply()) {
            return;
        }
        lastReplyNanos = Math.max(lastReplyNanos, scheduler.nowNanos() + network.fromLog());
        process.after(lastReplyNanos - scheduler.nowNanos(), () -> {
            window.onReply(reply, scheduler.nowNanos());
            send();
        });
    }

    /** The old session is gone, and with it whatever was on its way. */
    void leaderChanged() {
        process.after(network.toLog(), () -> {
            window.goBack(scheduler.nowNanos());
            send();
        });
    }

    @Override
    public Reply submitAndWait(Command command, Duration timeout) throws LogUnavailable {
        try {
            return submit(command).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException silence) {
            throw new LogUnavailable(
                    "no reply to " + command.getClass().getSimpleName() + " within " + timeout.toMillis() + " ms");
        } catch (InterruptedException | ExecutionException failure) {
            throw new LogUnavailable("no reply: " + failure);
        }
    }

    @Override
    public boolean offer(Command command) {
        if (!cluster.isLed() || network.losesOffer()) {
            return false;
        }
        ExpandableArrayBuffer scratch = new ExpandableArrayBuffer(256);
        CommandFrame.putHeader(scratch, clientId, CommandFrame.UNNUMBERED);
        int length = CommandFrame.HEADER_LENGTH + codec.encode(command, scratch, CommandFrame.HEADER_LENGTH);
        UnsafeBuffer frame = new UnsafeBuffer(scratch, 0, length);
        scheduler.after(network.toLog(), () -> cluster.receive(frame));
        return true;
    }

    @Override
    public EventReader<Event> readAfter(long afterSequence) {
        return new Reader(afterSequence);
    }

    @Override
    public LogStatus status() {
        return new LogStatus(cluster.isLed(), cluster.leader(), 0);
    }

    @Override
    public void close() {}

    /** A reply for which code can wait in virtual time. */
    private final class Pending extends CompletableFuture<Reply> {

        @Override
        public Reply get(long timeout, TimeUnit unit)
                throws InterruptedException, ExecutionException, TimeoutException {
            Coroutine code = waiting;
            if (!isDone() && code != null) {
                boolean[] over = {false};
                var _ = whenComplete((_, _) -> process.after(0, () -> {
                    if (!over[0]) {
                        over[0] = true;
                        code.resume();
                    }
                }));
                process.after(unit.toNanos(timeout), () -> {
                    if (!over[0]) {
                        over[0] = true;
                        code.resume();
                    }
                });
                code.pause();
            }
            if (!isDone()) {
                throw new TimeoutException();
            }
            return super.get(0, unit);
        }
    }

    /** Reads the events that have reached this process. */
    private final class Reader implements EventReader<Event> {
        private long sequence;

        Reader(long afterSequence) {
            this.sequence = afterSequence;
        }

        @Override
        public int poll(EventListener<Event> listener, int limit, Duration timeout) {
            int delivered = 0;
            long arrivedNanos = scheduler.nowNanos() - network.eventLag();
            while (delivered < limit && sequence < cluster.sequence()) {
                Cluster.Recorded next = cluster.event(sequence + 1);
                if (next.atNanos() > arrivedNanos) {
                    break;
                }
                sequence++;
                delivered++;
                listener.onEvent(next.header(), next.event());
            }
            return delivered;
        }

        @Override
        public long sequence() {
            return sequence;
        }

        @Override
        public void close() {}
    }
}
