package dev.holdfast.bench;

import dev.holdfast.projection.Recorder;
import dev.holdfast.projection.RecorderStatus;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Metrics;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The measuring process of {@link RecorderBench}. */
final class RecorderLoad {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long LOOK_NANOS = 1_000_000;

    private final Configuration configuration;
    private final Secrets secrets;
    private final EventFrames frames;
    private final CopiedTables tables;

    private RecorderLoad(Path folder, int orders, CopiedTables tables) {
        this.configuration = BenchDatabase.configuration();
        this.secrets = new Secrets(folder);
        this.frames = TradingStream.of(orders);
        this.tables = tables;
    }

    /** Arguments: folder of the secrets, runs, orders. */
    public static void main(String[] arguments) throws SQLException, IOException {
        BenchProcess.endWithStarter();
        Path folder = Path.of(arguments[0]);
        int runs = Integer.parseInt(arguments[1]);
        int orders = Integer.parseInt(arguments[2]);
        try (CopiedTables tables = new CopiedTables(BenchDatabase.configuration(), new Secrets(folder))) {
            BenchProcess.print(new RecorderLoad(folder, orders, tables).rows(runs));
        }
        System.exit(0);
    }

    private List<BenchRow> rows(int runs) throws SQLException, IOException {
        record(true);
        tables.takeOut();
        tables.copy();
        double[] following = new double[runs];
        double[] catchingUp = new double[runs];
        double[] copying = new double[2 * runs];
        for (int run = 0; run < runs; run++) {
            following[run] = record(false);
            copying[2 * run] = tables.copy();
            catchingUp[run] = record(true);
            copying[2 * run + 1] = tables.copy();
        }
        tables.requireSame();
        Samples copy = Samples.of(copying);
        return List.of(
                BenchRow.of("recorder, following", Unit.PER_SECOND, Samples.of(following), "plain COPY", copy),
                BenchRow.of("recorder, catching up", Unit.PER_SECOND, Samples.of(catchingUp), "plain COPY", copy));
    }

    /** @return rows a second, counting a row that was written several times once */
    private double record(boolean allThere) throws SQLException {
        tables.emptyRecorded();
        Recorder recorder = new Recorder(
                configuration,
                "bench",
                secrets,
                new PlayedLog(frames, allThere),
                new Metrics("bench", "recorder").registry());
        try (recorder) {
            long beganNanos = System.nanoTime();
            recorder.start();
            while (recorder.status().sequence() < frames.last()) {
                requireProgress(recorder.status(), System.nanoTime() - beganNanos);
                LockSupport.parkNanos(LOOK_NANOS);
            }
            long tookNanos = System.nanoTime() - beganNanos;
            return tables.recordedRows() * 1e9 / tookNanos;
        }
    }

    private void requireProgress(RecorderStatus status, long spentNanos) {
        if (spentNanos > LIMIT.toNanos()) {
            throw new BenchFailure("the recorder stands at event " + status.sequence() + " of " + frames.last()
                    + " after " + LIMIT.toSeconds() + " s: " + status.problem());
        }
    }
}
