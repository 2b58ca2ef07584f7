package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Intents a second and their latency through three members with their events recorded, beside a machine that only answers on
 * three members more; then what forcing each write to the disk costs.
 */
public final class EngineBench {

    /** The pace of the latency rows. */
    private static final int PACE = 100;

    private static final double P99 = 0.99;
    private static final String ENGINE_NETWORK = "127.0.40";
    private static final String OTHER_NETWORK = "127.0.41";
    private static final Duration RUN_WARM_UP = Duration.ofMillis(200);

    private final Path home;
    private final int warmUp;
    private final int runs;
    private final Duration full;
    private final Duration paced;
    private final Consumer<String> progress;

    /**
     * @param warmUp intents before anything counts: by number, because what is compiled by then must not depend on the
     *     machine's other work
     * @param runs of each row and each baseline, at least 1
     * @param full how long a run as fast as possible lasts
     * @param paced how long a run at 100 a second lasts
     * @param progress is told what is being done
     */
    public EngineBench(Path home, int warmUp, int runs, Duration full, Duration paced, Consumer<String> progress) {
        this.home = home;
        this.warmUp = warmUp;
        this.runs = runs;
        this.full = full;
        this.paced = paced;
        this.progress = progress;
    }

    public List<BenchRow> measure() throws IOException, InterruptedException {
        List<BenchRow> rows = new ArrayList<>();
        try (BenchFolder folder = BenchFolder.under(home)) {
            BenchCluster engine = started(folder, "engine", BenchMember.Kind.ENGINE, ENGINE_NETWORK, false);
            try (BenchCluster echo = started(folder, "echo", BenchMember.Kind.ECHO, OTHER_NETWORK, false)) {
                rows.addAll(beside("engine intents", engine, "bare echo machine", echo));
            }
            try (BenchCluster forced = started(folder, "fsync", BenchMember.Kind.ENGINE, OTHER_NETWORK, true)) {
                rows.addAll(beside("engine intents fsync on", forced, "fsync off", engine));
            }
        }
        return rows;
    }

    private BenchCluster started(BenchFolder folder, String name, BenchMember.Kind kind, String network, boolean fsync)
            throws IOException, InterruptedException {
        progress.accept("starting three members: " + name);
        BenchCluster cluster = folder.own(BenchCluster.start(folder.path(), name, kind, network, fsync));
        if (kind == BenchMember.Kind.ENGINE) {
            new EnginePreparation(cluster.log()).run();
        }
        new IntentLoad(cluster).warmUp(warmUp);
        return cluster;
    }

    /** In turns, so that what else the machine does hits both. */
    private List<BenchRow> beside(String name, BenchCluster ours, String baseline, BenchCluster theirs)
            throws InterruptedException {
        IntentLoad own = new IntentLoad(ours);
        IntentLoad other = new IntentLoad(theirs);
        double[] ownRates = new double[runs];
        double[] otherRates = new double[runs];
        double[] ownLatencies = new double[runs];
        double[] otherLatencies = new double[runs];
        for (int run = 0; run < runs; run++) {
            ownRates[run] = own.perSecond(RUN_WARM_UP, full);
            otherRates[run] = other.perSecond(RUN_WARM_UP, full);
            ownLatencies[run] = own.latencies(PACE, paced).percentile(P99);
            otherLatencies[run] = other.latencies(PACE, paced).percentile(P99);
            progress.accept(String.format(
                    Locale.ROOT,
                    "run %d of %d: %s %.0f/s, p99 %.2f ms; %s %.0f/s, p99 %.2f ms",
                    run + 1,
                    runs,
                    name,
                    ownRates[run],
                    ownLatencies[run],
                    baseline,
                    otherRates[run],
                    otherLatencies[run]));
        }
        return List.of(
                BenchRow.of(name, Unit.PER_SECOND, Samples.of(ownRates), baseline, Samples.of(otherRates)),
                BenchRow.of(
                        name + ", p99 at " + PACE + "/s",
                        Unit.MILLIS,
                        Samples.of(ownLatencies),
                        baseline,
                        Samples.of(otherLatencies)));
    }
}
