package dev.holdfast.cli;

import dev.holdfast.bench.BenchRow;
import dev.holdfast.bench.Unit;
import dev.holdfast.bench.patroni.PatroniCluster;
import dev.holdfast.drill.PostgresBench;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.runtime.Configuration.Fsync;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "postgres",
        description = {
            "How long acknowledged rows stand still when PostgreSQL is disturbed; baseline: Patroni, where it is installed.",
            "Brings its own system and its own Patroni on its own addresses and takes them down again."
        },
        mixinStandardHelpOptions = true)
final class BenchPostgres implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--runs", defaultValue = "10", description = "of each row (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(
            names = "--addresses",
            paramLabel = "A.B.C",
            defaultValue = "127.0.51",
            description = "first three parts of the loopback addresses to use (default: ${DEFAULT-VALUE})")
    private String addresses = "127.0.51";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Bench.requirePositive("--runs", runs);
        Console console = options.console();
        // The interrupt's own end comes last: until then the machine stays up.
        try (Interrupt interrupt = new Interrupt();
                @Nullable
                        PatroniCluster patroni = PatroniCluster.start(addresses, console::progress)
                                .orElse(null);
                // Patroni's etcd forces its log to the disk too.
                OwnSystem own = OwnSystem.start(addresses, Fsync.ALWAYS, console);
                DrilledSystem system = new DrilledSystem(own.home());
                Operator operator = Operator.connect(own.home());
                RecoveryLog recovery = RecoveryAccess.connectOperator(own.home())) {
            PostgresBench bench =
                    new PostgresBench(Drilling.site(own.home(), system, operator.log(), recovery, console), patroni);
            interrupt.calls(bench::stop);
            return Bench.run(console, () -> rows(bench.run(runs), patroni == null ? "" : patroni.name()));
        }
    }

    private static List<BenchRow> rows(PostgresBench.Findings findings, String baseline) {
        if (findings.missing() > 0) {
            throw Failure.negative(
                    findings.missing() + " of " + findings.acknowledged()
                            + " rows that Holdfast's database acknowledged are not on its primary in the end; expected none. Figures of"
                            + " a database that loses rows are worth nothing: './holdfast drill run' shows which fault does it");
        }
        return findings.measured().stream()
                .map(measured -> row(measured, baseline))
                .toList();
    }

    private static BenchRow row(PostgresBench.Measured measured, String baseline) {
        var ours = Bench.samples(measured.millis());
        String title = measured.what().title();
        return measured.baselineMillis().isEmpty()
                ? BenchRow.of(title, Unit.MILLIS, ours)
                : BenchRow.of(title, Unit.MILLIS, ours, baseline, Bench.samples(measured.baselineMillis()));
    }
}
