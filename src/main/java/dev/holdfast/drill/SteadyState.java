package dev.holdfast.drill;

import dev.holdfast.drill.RunningSystem.HostView;
import dev.holdfast.drill.RunningSystem.ProcessView;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether the system is whole: what is missing is said in words. Pure; a drill looks again until nothing is. */
final class SteadyState {

    private static final long PULSE_LIMIT_NANOS = 2_500_000_000L;
    private static final long DURABLE_LIMIT_NANOS = 3_000_000_000L;
    private static final long ORDER_LIMIT_NANOS = 2_000_000_000L;

    /** A follower this many events behind has not caught up yet. */
    private static final long BEHIND_LIMIT_EVENTS = 2_000;

    private final Configuration configuration;

    SteadyState(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * What was seen at one time.
     *
     * @param database null where no database is decided about
     * @param durableLogNanos log time of the newest event in the database
     * @param lastOrderNanos when the exchange accepted its last order; null when none is expected
     */
    record Seen(
            long nowNanos,
            List<HostView> hosts,
            boolean exchangeRuns,
            EventTail.Facts facts,
            RecoveryTail.@Nullable Facts database,
            long durableLogNanos,
            @Nullable Long lastOrderNanos) {}

    /** Empty when the system is whole. */
    List<String> missing(Seen seen) {
        List<String> missing = new ArrayList<>();
        for (Configuration.Host host : configuration.hosts()) {
            seen.hosts().stream()
                    .filter(view -> view.host().equals(host.name()) && view.answers())
                    .findFirst()
                    .ifPresentOrElse(
                            view -> processes(host, view, seen.facts().sequence(), missing),
                            () -> missing.add("the agent of host " + host.name() + " does not answer"));
        }
        if (configuration.broker().simulated() && !seen.exchangeRuns()) {
            missing.add("the simulated exchange does not run");
        }
        RecoveryTail.Facts database = seen.database();
        if (database != null) {
            database(database, missing);
        }
        engine(seen, missing);
        return missing;
    }

    private static void processes(Configuration.Host host, HostView view, long sequence, List<String> missing) {
        if (view.supervisorPid() == 0) {
            missing.add("the agent of host " + host.name() + " has no supervisor");
        }
        for (Role role : host.roles()) {
            String name = role.name().toLowerCase(Locale.ROOT);
            ProcessView process = view.processes().stream()
                    .filter(each -> each.name().equals(name) && each.runs())
                    .findFirst()
                    .orElse(null);
            if (process == null) {
                missing.add(host.name() + "-" + name + " does not run");
                continue;
            }
            switch (role) {
                case TRADER -> trader(process, sequence, missing);
                case GATEWAY -> gateway(process, missing);
                case POSTGRES -> answering(process, missing);
                case VOTER, REDIS, SENTINEL, DASHBOARD -> {}
            }
        }
    }

    private static void trader(ProcessView process, long sequence, List<String> missing) {
        String role = String.valueOf(process.health().get("role"));
        if (!role.equals("LEADER") && !role.equals("FOLLOWER")) {
            missing.add(process.label() + " neither leads nor follows yet");
        } else if (process.health().get("sequence") instanceof Number at
                && sequence - at.longValue() > BEHIND_LIMIT_EVENTS) {
            missing.add(process.label() + " is " + (sequence - at.longValue()) + " events behind");
        }
    }

    private static void gateway(ProcessView process, List<String> missing) {
        String session = String.valueOf(process.health().get("session"));
        if (!session.equals("VALID")) {
            missing.add(process.label() + " has no session with the broker yet");
        }
    }

    private static void answering(ProcessView process, List<String> missing) {
        if (process.detail().isEmpty()) {
            missing.add(process.label() + " does not answer yet");
        }
    }

    /** Redundancy too: what is lost next must be survived. */
    private void database(RecoveryTail.Facts database, List<String> missing) {
        List<Configuration.Host> copies = configuration.hostsWith(Role.POSTGRES);
        DatabasePhase wanted = copies.size() > 1 ? DatabasePhase.GUARDED : DatabasePhase.SINGLE;
        if (!database.heard()) {
            missing.add("the recovery machine was not heard yet");
            return;
        }
        if (database.phase() != wanted) {
            missing.add("the database is " + database.phase() + ", not " + wanted + ": " + database.reason());
        }
        if (!database.incident().isEmpty()) {
            missing.add("an incident of the database is open: " + database.incident());
        }
        if (database.paused()) {
            missing.add("automatic recovery is paused: './holdfast resume' lets it go on");
        }
        for (Configuration.Host host : copies) {
            ReplicaState state = database.copies().getOrDefault(host.name(), ReplicaState.ABSENT);
            switch (state) {
                case FOLLOWING, ELIGIBLE, PRIMARY -> {}
                case ABSENT, DETACHED, REBUILDING -> missing.add("the copy of host " + host.name() + " is " + state);
            }
        }
    }

    private void engine(Seen seen, List<String> missing) {
        EventTail.Facts facts = seen.facts();
        if (seen.nowNanos() - facts.pulseNanos() > PULSE_LIMIT_NANOS) {
            missing.add("the engine has no pulse");
        } else if (!facts.canTrade()) {
            missing.add("the engine cannot trade: " + (facts.reason().isEmpty() ? "nobody may send" : facts.reason()));
        }
        boolean recorded = !configuration.hostsWith(Role.POSTGRES).isEmpty();
        if (recorded && seen.nowNanos() - seen.durableLogNanos() > DURABLE_LIMIT_NANOS) {
            missing.add("the database is behind the log");
        }
        Long last = seen.lastOrderNanos();
        if (last != null && seen.nowNanos() - last > ORDER_LIMIT_NANOS) {
            missing.add("the exchange has accepted no order for " + ORDER_LIMIT_NANOS / 1_000_000_000 + " s");
        }
    }
}
