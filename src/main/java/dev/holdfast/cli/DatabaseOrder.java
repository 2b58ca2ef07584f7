package dev.holdfast.cli;

import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.projection.DurableProbe;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.RequestStep;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Carries a person's fail-over or switchover through: orders it, follows it to its end, then proves that the new primary serves. */
final class DatabaseOrder {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration ROW_LIMIT = Duration.ofSeconds(10);
    private static final long TRY_AGAIN_MILLIS = 200;
    private static final Duration REDUNDANCY_LIMIT = Duration.ofSeconds(30);

    private final Home home;
    private final RecoveryOperator operator;
    private final Console console;

    DatabaseOrder(Home home, RecoveryOperator operator, Console console) {
        this.home = home;
        this.operator = operator;
        this.console = console;
    }

    /**
     * @param row whether a row was written on it and is durable
     * @param standbys whether commits wait for a standby again
     */
    record Result(boolean ok, String primary, long term, long millis, boolean row, boolean standbys, String text) {

        Map<String, Object> document() {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("ok", ok);
            document.put("primary", primary);
            document.put("term", term);
            document.put("millis", millis);
            document.put("healthCheckWritten", row);
            document.put("replicated", standbys);
            document.put("text", text);
            return document;
        }
    }

    Result run(RecoveryCommand command) throws InterruptedException {
        long beganNanos = System.nanoTime();
        Reply reply = operator.submit(command);
        if (!reply.accepted()) {
            return new Result(false, "", 0, millis(beganNanos), false, false, "refused: " + reply.text());
        }
        console.progress("ordered; the recovery machine carries it out");
        RecoveryOperator.Outcome served = operator.await(reply.sequence(), each -> isOver(command, each), LIMIT);
        RecoveryPicture picture = served.picture();
        long tookMillis = millis(beganNanos);
        String primary = picture.routed().host();
        if (!served.reached() || step(command, picture) != RequestStep.DONE) {
            String why = served.reached()
                    ? lastReason(command, picture)
                    : picture.phase().phase() + ": " + picture.phase().reason();
            return new Result(false, primary, picture.routed().term(), tookMillis, false, false, "not done: " + why);
        }
        DurableProbe.Result row = prove(primary);
        boolean standbys = operator.await(
                        reply.sequence(), each -> each.phase().phase() == DatabasePhase.GUARDED, REDUNDANCY_LIMIT)
                .reached();
        String text = primary + " is the primary of term " + picture.routed().term() + " after " + tookMillis + " ms; "
                + (row.durable() ? "a row was written durably" : "a row could not be written: " + row.problem())
                + "; "
                + (standbys ? "commits wait for a standby again" : "no standby counts yet: './holdfast status'");
        return new Result(row.durable(), primary, picture.routed().term(), tookMillis, row.durable(), standbys, text);
    }

    /** The first connection may still meet a host that is just being fenced. */
    private DurableProbe.Result prove(String primary) throws InterruptedException {
        DurableProbe probe = new DurableProbe(home.configuration(), primary, home.secrets());
        long deadline = System.nanoTime() + ROW_LIMIT.toNanos();
        DurableProbe.Result row = probe.probe();
        while (!row.durable() && System.nanoTime() - deadline < 0) {
            Thread.sleep(TRY_AGAIN_MILLIS);
            row = probe.probe();
        }
        return row;
    }

    private static RequestStep step(RecoveryCommand command, RecoveryPicture picture) {
        return command instanceof RecoveryCommand.OrderFailover
                ? picture.failover().step()
                : picture.switchover().step();
    }

    private static boolean isOver(RecoveryCommand command, RecoveryPicture picture) {
        return switch (step(command, picture)) {
            case ACCEPTED, STOPPING -> false;
            case NONE, DONE, DROPPED -> true;
        };
    }

    private static String lastReason(RecoveryCommand command, RecoveryPicture picture) {
        return command instanceof RecoveryCommand.OrderFailover
                ? picture.failover().reason()
                : picture.switchover().reason();
    }

    private static long millis(long beganNanos) {
        return (System.nanoTime() - beganNanos) / 1_000_000;
    }
}
