package dev.holdfast.log;

import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Protocol;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A connection to a log within one process, for tests: it applies each command at once to one machine and keeps the events in
 * memory. Timers fire only from {@link #advanceTo}. Thread-safe.
 */
abstract sealed class InMemoryConnection<C, E> implements ReplicatedLog<C, E> permits InMemoryLog, InMemoryRecoveryLog {

    private final InMemoryMachine<C, E> host;
    private final long clientId;
    private long submitted;
    private volatile boolean closed;

    InMemoryConnection(Protocol<C, E> protocol, Supplier<? extends Machine> machines, LongSupplier clockNanos) {
        this(new InMemoryMachine<>(protocol, machines, clockNanos));
    }

    InMemoryConnection(InMemoryMachine<C, E> host) {
        this.host = host;
        this.clientId = host.nextClientId();
    }

    final InMemoryMachine<C, E> host() {
        return host;
    }

    /** Moves time on; the machine's timer fires at each of its deadlines up to then. */
    public final void advanceTo(long nanos) {
        host.advanceTo(nanos);
    }

    public final long nowNanos() {
        return host.nowNanos();
    }

    /** Replaces the machine by a fresh one restored from its snapshot, as a restart does. Its timer stays set. */
    public final void restart() {
        host.restart();
    }

    public final long sequence() {
        return host.sequence();
    }

    public final long stateHash() {
        return host.stateHash();
    }

    @Override
    public final CompletableFuture<Reply> submit(C command) {
        Reply reply;
        synchronized (this) { // numbered and applied in the same order
            if (closed) {
                return CompletableFuture.failedFuture(closedFailure());
            }
            submitted++;
            reply = host.apply(clientId, submitted, command);
        }
        return CompletableFuture.completedFuture(reply);
    }

    @Override
    public final Reply submitAndWait(C command, Duration timeout) {
        if (closed) {
            throw closedFailure();
        }
        return submit(command).join();
    }

    @Override
    public final boolean offer(C command) {
        if (closed) {
            return false;
        }
        host.applyUnnumbered(clientId, command);
        return true;
    }

    @Override
    public final EventReader<E> readAfter(long afterSequence) {
        if (closed) {
            throw closedFailure();
        }
        return new InMemoryReader<>(host, afterSequence, () -> closed);
    }

    @Override
    public final LogStatus status() {
        return new LogStatus(!closed, 0, 0);
    }

    @Override
    public final void close() {
        closed = true;
        host.wake();
    }

    private static LogUnavailable closedFailure() {
        return new LogUnavailable("this connection is closed");
    }
}
