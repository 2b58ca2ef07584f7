package dev.holdfast.cli;

import dev.holdfast.bench.BenchRow;
import dev.holdfast.bench.Samples;
import dev.holdfast.runtime.StolenTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
        name = "bench",
        description = {
            "Measures beside a baseline: each brings its own processes and its own baseline, in one run, and cleans up.",
            "docs/bench.md says what each row is."
        },
        subcommands = {BenchEngine.class, BenchRecorder.class, BenchFailover.class, BenchPostgres.class, BenchFeed.class
        },
        mixinStandardHelpOptions = true)
final class Bench {

    static void requirePositive(String option, int value) {
        if (value <= 0) {
            throw Failure.usage(option + " is " + value + "; expected at least 1");
        }
    }

    static Samples samples(List<Long> millis) {
        return Samples.of(millis.stream().mapToDouble(Long::doubleValue).toArray());
    }

    /** What measures. */
    interface Measuring {
        List<BenchRow> rows() throws IOException, InterruptedException;
    }

    /** Prints the rows, a list with {@code --json}, else a table, and how much the machine's host took meanwhile. */
    static int run(Console console, Measuring measuring) throws IOException, InterruptedException {
        StolenTime stolen = new StolenTime();
        List<BenchRow> rows = measuring.rows();
        console.progress("meanwhile " + stolen);
        console.result(rows, () -> text(rows));
        return 0;
    }

    private static String text(List<BenchRow> rows) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("ROW", "UNIT", "RUNS", "P50", "WORST", "BASELINE", "ITS P50", "RATIO (MORE IS BETTER)"));
        for (BenchRow row : rows) {
            table.add(List.of(
                    row.name(),
                    row.unit().sign(),
                    Integer.toString(row.n()),
                    figure(row.p50()),
                    figure(row.worst()),
                    row.baseline().isEmpty() ? "-" : row.baseline(),
                    figure(row.baselineP50()),
                    figure(row.ratio())));
        }
        return Console.table(table);
    }

    private static String figure(@Nullable Double value) {
        if (value == null) {
            return "-";
        }
        return String.format(Locale.ROOT, value >= 1_000 ? "%,.0f" : "%.2f", value);
    }
}
