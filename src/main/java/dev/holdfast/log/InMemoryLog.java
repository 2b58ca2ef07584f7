package dev.holdfast.log;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A log within one process, for tests: it applies each command at once to one machine and keeps the events in memory. Timers
 * fire only from {@link #advanceTo}. Thread-safe.
 */
public final class InMemoryLog implements Log {

    private final InMemoryMachine host;
    private final long clientId;
    private long submitted;
    private volatile boolean closed;

    /**
     * @param machines gives fresh machines
     * @param clockNanos stamps commands, epoch nanoseconds; time never goes back even if this does
     */
    public InMemoryLog(Supplier<? extends Machine> machines, LongSupplier clockNanos) {
        this(new InMemoryMachine(machines, clockNanos));
    }

    /** Time stands still between calls of {@link #advanceTo}. */
    public InMemoryLog(Supplier<? extends Machine> machines, long startNanos) {
        this(machines, () -> startNanos);
    }

    private InMemoryLog(InMemoryMachine host) {
        this.host = host;
        this.clientId = host.nextClientId();
    }

    /** Another client of the same log, numbered on its own. */
    public InMemoryLog connect() {
        return new InMemoryLog(host);
    }

    /** Moves time on; the machine's timer fires at each of its deadlines up to then. */
    public void advanceTo(long nanos) {
        host.advanceTo(nanos);
    }

    public long nowNanos() {
        return host.nowNanos();
    }

    /** Replaces the machine by a fresh one restored from its snapshot, as a restart does. Its timer stays set. */
    public void restart() {
        host.restart();
    }

    public long sequence() {
        return host.sequence();
    }

    public long stateHash() {
        return host.stateHash();
    }

    @Override
    public CompletableFuture<Reply> submit(Command command) {
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
    public Reply submitAndWait(Command command, Duration timeout) {
        if (closed) {
            throw closedFailure();
        }
        return submit(command).join();
    }

    @Override
    public boolean offer(Command command) {
        if (closed) {
            return false;
        }
        host.applyUnnumbered(clientId, command);
        return true;
    }

    @Override
    public EventReader readAfter(long afterSequence) {
        if (closed) {
            throw closedFailure();
        }
        return new InMemoryReader(host, afterSequence, () -> closed);
    }

    @Override
    public LogStatus status() {
        return new LogStatus(!closed, 0, 0);
    }

    @Override
    public void close() {
        closed = true;
        host.wake();
    }

    private static LogUnavailable closedFailure() {
        return new LogUnavailable("this connection is closed");
    }
}
