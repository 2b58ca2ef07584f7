package dev.holdfast.bench;

import dev.holdfast.runtime.JavaCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How many packets of the ticker one core takes in, up to conflated ticks, beside a bare read of the same bytes. */
public final class FeedBench {

    private final Path home;
    private final int runs;
    private final Duration run;

    /**
     * @param runs of each row and each baseline, at least 1
     * @param run how long each lasts
     */
    public FeedBench(Path home, int runs, Duration run) {
        this.home = home;
        this.runs = runs;
        this.run = run;
    }

    /** In a process with the gateway's flags, which is where the feed is handled. */
    public List<BenchRow> measure() throws IOException, InterruptedException {
        try (BenchFolder folder = BenchFolder.under(home);
                BenchProcess process = BenchProcess.start(
                        JavaCommand.Kind.GATEWAY,
                        FeedLoad.class,
                        List.of(Integer.toString(runs), Long.toString(run.toMillis())),
                        folder.path(),
                        "feed")) {
            return process.rows();
        }
    }
}
