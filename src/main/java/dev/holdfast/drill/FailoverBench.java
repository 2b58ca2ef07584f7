package dev.holdfast.drill;

import dev.holdfast.drill.FaultPlan.Step;
import dev.holdfast.runtime.StolenTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long trading stands still at each of four losses, beside what a bare part of it takes in the same fault: the log alone, or the
 * move of the grant alone. So one sees how much of an outage is ours.
 */
public final class FailoverBench {

    /** Longer than an election and a lease: the frozen one must be replaced. */
    private static final long FREEZE_MILLIS = 4_000;

    private static final long GAP_MILLIS = 1_500;

    /** Around a follower's loss. */
    private static final Duration WINDOW = Duration.ofSeconds(4);

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Site site;
    private final Map<Row, List<Long>> figures = new EnumMap<>(Row.class);
    private final Map<Row, List<Long>> baselines = new EnumMap<>(Row.class);
    private int number;
    private volatile boolean stopAsked;

    public FailoverBench(Site site) {
        this.site = site;
    }

    /** What is measured, and beside what. */
    public enum Row {
        LEADER_KILLED("trader leader killed: next order", FaultKind.TRADER_LEADER_KILL, "log alone answers again"),
        LEADER_FROZEN("trader leader frozen: next order", FaultKind.TRADER_LEADER_FREEZE, "log alone answers again"),
        GATEWAY_KILLED("active gateway killed: next order", FaultKind.GATEWAY_KILL, "grant alone moves"),
        FOLLOWER_KILLED(
                "trader follower killed: longest pause beyond the usual",
                FaultKind.TRADER_FOLLOWER_KILL,
                "longest without a fault");

        private final String title;
        private final FaultKind kind;
        private final String baseline;

        Row(String title, FaultKind kind, String baseline) {
            this.title = title;
            this.kind = kind;
            this.baseline = baseline;
        }

        public String title() {
            return title;
        }

        /** In words. */
        public String baseline() {
            return baseline;
        }
    }

    /** Milliseconds, one for each run. */
    public record Measured(Row row, List<Long> millis, List<Long> baselineMillis) {
        public Measured {
            millis = List.copyOf(millis);
            baselineMillis = List.copyOf(baselineMillis);
        }
    }

    /** Ends after the present fault. */
    public void stop() {
        stopAsked = true;
    }

    /**
     * Runs once; each row's faults are spread over the whole time, so that a slow minute does not meet one row alone.
     *
     * @throws IllegalStateException if the system does not recover
     */
    public List<Measured> run(int runs) throws IOException, InterruptedException {
        try (Drill drill = new Drill(site);
                Pinger pinger = new Pinger(site.log())) {
            pinger.start();
            drill.start(0);
            drill.loadOn();
            for (int run = 0; run < runs && !stopAsked; run++) {
                for (Row row : Row.values()) {
                    measure(drill, pinger, row, run);
                }
            }
            drill.loadOff();
        } catch (Drill.NotWhole notWhole) {
            throw new IllegalStateException(notWhole.getMessage(), notWhole);
        }
        List<Measured> measured = new ArrayList<>();
        figures.forEach(
                (row, millis) -> measured.add(new Measured(row, millis, baselines.getOrDefault(row, List.of()))));
        return measured;
    }

    private void measure(Drill drill, Pinger pinger, Row row, int run)
            throws IOException, Drill.NotWhole, InterruptedException {
        if (row == Row.FOLLOWER_KILLED) {
            Thread.sleep(WINDOW); // undisturbed, to compare with
        }
        StolenTime stolen = new StolenTime();
        for (Drill.Outcome outcome :
                drill.strike(List.of(new Step(++number, row.kind, run, FREEZE_MILLIS, GAP_MILLIS, false)))) {
            long fault = outcome.faultNanos();
            @Nullable Long figure = outcome.figures().nextOrderMillis();
            @Nullable
            Long baseline = switch (row) {
                case LEADER_KILLED, LEADER_FROZEN -> millis(fault, pinger.firstAnswerAfter(fault));
                case GATEWAY_KILLED -> millis(fault, drill.senderGrantedAfter(fault));
                case FOLLOWER_KILLED -> null;
            };
            if (row == Row.FOLLOWER_KILLED) {
                List<Long> before = drill.acceptedBetween(fault - WINDOW.toNanos(), fault);
                List<Long> around = drill.acceptedBetween(fault - NANOS_PER_MILLI * 200, fault + WINDOW.toNanos());
                long usual = Pauses.median(before);
                figure = Math.max(0, Pauses.longest(around) - usual) / NANOS_PER_MILLI;
                baseline = Math.max(0, Pauses.longest(before) - usual) / NANOS_PER_MILLI;
            }
            site.progress()
                    .accept("  " + row.title + " " + figure + " ms; " + row.baseline + " " + baseline + " ms; "
                            + stolen);
            add(figures, row, figure);
            add(baselines, row, baseline);
        }
    }

    private static void add(Map<Row, List<Long>> lists, Row row, @Nullable Long millis) {
        if (millis != null) {
            lists.computeIfAbsent(row, none -> new ArrayList<>()).add(millis);
        }
    }

    private static @Nullable Long millis(long faultNanos, long atNanos) {
        return atNanos == 0 ? null : Long.valueOf((atNanos - faultNanos) / NANOS_PER_MILLI);
    }
}
