package dev.holdfast.log;

import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Protocol;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The log of the recovery machine within one process, for tests. */
public final class InMemoryRecoveryLog extends InMemoryConnection<RecoveryCommand, RecoveryEvent>
        implements RecoveryLog {

    /**
     * @param machines gives fresh machines
     * @param clockNanos stamps commands, epoch nanoseconds; time never goes back even if this does
     */
    public InMemoryRecoveryLog(Supplier<? extends Machine> machines, LongSupplier clockNanos) {
        super(Protocol.RECOVERY, machines, clockNanos);
    }

    /** Time stands still between calls of {@link #advanceTo}. */
    public InMemoryRecoveryLog(Supplier<? extends Machine> machines, long startNanos) {
        this(machines, () -> startNanos);
    }

    private InMemoryRecoveryLog(InMemoryMachine<RecoveryCommand, RecoveryEvent> host) {
        super(host);
    }

    /** Another client of the same log, numbered on its own. */
    public InMemoryRecoveryLog connect() {
        return new InMemoryRecoveryLog(host());
    }
}
