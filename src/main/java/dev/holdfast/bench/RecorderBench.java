package dev.holdfast.bench;

import dev.holdfast.runtime.JavaCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Rows a second that the recorder makes of events, beside a plain COPY of the same rows on the same server. */
public final class RecorderBench {

    private final Path home;
    private final int runs;
    private final int orders;
    private final Consumer<String> progress;

    /**
     * @param runs of each row and each baseline, at least 1
     * @param orders in the stream of events; each makes about ten rows and twenty events
     * @param progress is told what is being done
     */
    public RecorderBench(Path home, int runs, int orders, Consumer<String> progress) {
        this.home = home;
        this.runs = runs;
        this.orders = orders;
        this.progress = progress;
    }

    /** In a process with the gateway's flags, which is where the recorder runs. */
    public List<BenchRow> measure() throws IOException, InterruptedException {
        try (BenchFolder folder = BenchFolder.under(home)) {
            progress.accept("starting PostgreSQL");
            folder.own(BenchDatabase.start(folder.path()));
            progress.accept("recording " + orders + " orders, and copying their rows, " + runs + " times each");
            BenchProcess process = folder.own(BenchProcess.start(
                    JavaCommand.Kind.GATEWAY,
                    RecorderLoad.class,
                    List.of(folder.path().toString(), Integer.toString(runs), Integer.toString(orders)),
                    folder.path(),
                    "recorder"));
            return process.rows();
        }
    }
}
