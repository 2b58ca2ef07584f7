package dev.holdfast.log;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Protocol;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The log of the trading engine within one process, for tests. */
public final class InMemoryLog extends InMemoryConnection<Command, Event> implements Log {

    /**
     * @param machines gives fresh machines
     * @param clockNanos stamps commands, epoch nanoseconds; time never goes back even if this does
     */
    public InMemoryLog(Supplier<? extends Machine> machines, LongSupplier clockNanos) {
        super(Protocol.TRADING, machines, clockNanos);
    }

    /** Time stands still between calls of {@link #advanceTo}. */
    public InMemoryLog(Supplier<? extends Machine> machines, long startNanos) {
        this(machines, () -> startNanos);
    }

    private InMemoryLog(InMemoryMachine<Command, Event> host) {
        super(host);
    }

    /** Another client of the same log, numbered on its own. */
    public InMemoryLog connect() {
        return new InMemoryLog(host());
    }
}
