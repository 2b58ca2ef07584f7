package dev.holdfast.drill;

import dev.holdfast.drill.FaultPlan.Step;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Where what there is one of stands before a fault: primary, sender, leader of trading, leader of the recovery machine. */
final class Placement {

    /** A killed trader is followed by one of two others, so some luck is needed. */
    private static final int MOST_MOVES = 20;

    /** Processes that have just started keep the processors busy. */
    private static final long SETTLING_MILLIS = 5_000;

    private final Drill drill;
    private final RecoveryTail recovery;
    private final Phases phases;

    Placement(Drill drill, RecoveryTail recovery, Phases phases) {
        this.drill = drill;
        this.recovery = recovery;
        this.phases = phases;
    }

    /** The fencer of the host that is struck would rightly end a primary that stands there. */
    void partPrimaryFromVoter() throws Drill.NotWhole, InterruptedException {
        String leader = drill.foremost().voter();
        if (recovery.facts().primary().equals(leader)) {
            phases.begin("switchover: the primary was on " + leader + " too");
            switchOver(leader, "its host leads the recovery machine, whose leader is to be struck");
        }
    }

    /**
     * Sender and leader of trading follow the primary, by kills; the database moves when its host has no gateway.
     *
     * @param enough asked before each move
     */
    void gather(Configuration configuration, BooleanSupplier enough)
            throws IOException, Drill.NotWhole, InterruptedException {
        List<String> withGateway = configuration.hostsWith(Role.GATEWAY).stream()
                .map(Configuration.Host::name)
                .toList();
        try {
            for (int move = 1; move <= MOST_MOVES && !apart().isEmpty() && !enough.getAsBoolean(); move++) {
                phases.begin("gathering: " + apart());
                String primary = recovery.facts().primary();
                if (!withGateway.contains(primary)) {
                    switchOver(primary, "its host has no gateway, and is to be lost with one");
                } else if (!drill.foremost().sender().equals(primary)) {
                    kill(FaultKind.GATEWAY_KILL);
                } else {
                    kill(FaultKind.TRADER_LEADER_KILL);
                }
            }
            phases.begin("settling");
            drill.awaitNothingUncertain();
            Thread.sleep(SETTLING_MILLIS);
        } finally {
            drill.prepared();
        }
    }

    /** Why losing the primary's host would not lose everything at once; empty when it would. */
    String apart() {
        String primary = recovery.facts().primary();
        Target.Foremost foremost = drill.foremost();
        return foremost.sender().equals(primary) && foremost.trader().equals(primary)
                ? ""
                : "the primary is on " + primary + ", " + known(foremost.sender()) + " sends, "
                        + known(foremost.trader()) + " leads trading";
    }

    private static String known(String host) {
        return host.isEmpty() ? "nobody" : host;
    }

    private void switchOver(String from, String why) throws Drill.NotWhole, InterruptedException {
        recovery.order(new RecoveryCommand.OrderSwitchover("", "drill", why));
        drill.alsoAwait(() -> recovery.facts().primary().equals(from)
                ? List.of("the primary was to move away from " + from)
                : List.of());
        drill.awaitWhole("after a switchover");
        drill.alsoAwait(List::of);
    }

    private void kill(FaultKind kind) throws IOException, Drill.NotWhole, InterruptedException {
        Step step = new Step(Drill.PREPARATION, kind, 0, 0, 0, false);
        Optional<Target> target = drill.target(step);
        if (target.isPresent()) {
            drill.strike(step, target.get());
        }
    }
}
