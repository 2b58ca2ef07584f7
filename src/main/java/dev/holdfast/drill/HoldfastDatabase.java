package dev.holdfast.drill;

import dev.holdfast.drill.FaultPlan.Step;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.Reply;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The running system's own PostgreSQL, disturbed by a drill. */
final class HoldfastDatabase implements DisturbedDatabase {

    /** How long a lost host stays away, as in the drill of that name. */
    private static final long AWAY_MILLIS = 6_000;

    private static final Duration ORDER_LIMIT = Duration.ofSeconds(5);

    private final RunningSystem system;
    private final Drill drill;
    private final RecoveryLog recoveryLog;
    private int number;

    HoldfastDatabase(RunningSystem system, Drill drill, RecoveryLog recoveryLog) {
        this.system = system;
        this.drill = drill;
        this.recoveryLog = recoveryLog;
    }

    @Override
    public String name() {
        return "Holdfast";
    }

    @Override
    public void prepareRows() throws SQLException {
        system.prepareRows();
    }

    @Override
    public Connection session() throws SQLException {
        return system.primarySession();
    }

    @Override
    public long disturb(Disturbance what) throws IOException, InterruptedException {
        return switch (what) {
            case POSTMASTER_KILLED -> strike(FaultKind.POSTGRES_KILL, 0);
            case HOST_LOST -> strike(FaultKind.PRIMARY_HOST_KILL, 0);
            case SWITCHOVER -> orderSwitchover();
            case STANDBY_LOST -> strike(FaultKind.STANDBY_KILL, drill.awaitedStandby());
        };
    }

    @Override
    public void restore(Disturbance what) throws IOException, InterruptedException {
        try {
            drill.awaitWhole("after '" + what.title() + "'");
        } catch (Drill.NotWhole notWhole) {
            throw new IOException(notWhole.getMessage(), notWhole);
        }
    }

    private long strike(FaultKind kind, int pick) throws IOException, InterruptedException {
        try {
            return drill.strike(List.of(new Step(++number, kind, pick, AWAY_MILLIS, 0, false))).stream()
                    .findFirst()
                    .orElseThrow(() -> new IOException(
                            kind.word() + " could not be proved to have happened; run the measurement again"))
                    .faultNanos();
        } catch (Drill.NotWhole notWhole) {
            throw new IOException(notWhole.getMessage(), notWhole);
        }
    }

    private long orderSwitchover() throws IOException {
        long atNanos = Wall.nanos();
        try {
            Reply reply = recoveryLog.submitAndWait(
                    new RecoveryCommand.OrderSwitchover("", "bench", "bench postgres"), ORDER_LIMIT);
            if (!reply.accepted()) {
                throw new IOException("the switchover was refused: " + reply.text());
            }
        } catch (LogUnavailable silent) {
            throw new IOException("the voters took no order for a switchover: " + silent.getMessage(), silent);
        }
        return atNanos;
    }
}
