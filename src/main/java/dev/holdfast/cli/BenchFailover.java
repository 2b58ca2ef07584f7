package dev.holdfast.cli;

import dev.holdfast.bench.BenchRow;
import dev.holdfast.bench.Unit;
import dev.holdfast.drill.FailoverBench;
import dev.holdfast.log.RecoveryLog;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "failover",
        description = {
            "How long trading stands still when a trader or the active gateway is lost, beside what the log or the grant",
            "alone take. Brings its own system on its own addresses and takes it down again."
        },
        mixinStandardHelpOptions = true)
final class BenchFailover implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--runs", defaultValue = "12", description = "of each row (default: ${DEFAULT-VALUE})")
    private int runs;

    @Option(
            names = "--addresses",
            paramLabel = "A.B.C",
            defaultValue = "127.0.50",
            description = "first three parts of the loopback addresses to use (default: ${DEFAULT-VALUE})")
    private String addresses = "127.0.50";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Bench.requirePositive("--runs", runs);
        Console console = options.console();
        try (OwnSystem own = OwnSystem.start(addresses, console);
                DrilledSystem system = new DrilledSystem(own.home());
                Operator operator = Operator.connect(own.home());
                RecoveryLog recovery = RecoveryAccess.connectDrill(own.home());
                Interrupt interrupt = new Interrupt()) {
            FailoverBench bench =
                    new FailoverBench(Drilling.site(own.home(), system, operator.log(), recovery, console));
            interrupt.calls(bench::stop);
            return Bench.run(
                    console,
                    () -> bench.run(runs).stream().map(BenchFailover::row).toList());
        }
    }

    private static BenchRow row(FailoverBench.Measured measured) {
        return BenchRow.of(
                measured.row().title(),
                Unit.MILLIS,
                Bench.samples(measured.millis()),
                measured.row().baseline(),
                Bench.samples(measured.baselineMillis()));
    }
}
