package dev.holdfast.cli;

import dev.holdfast.audit.Audit;
import dev.holdfast.audit.AuditReport;
import dev.holdfast.audit.DatabaseView;
import dev.holdfast.audit.LedgerWitness;
import dev.holdfast.audit.Witness;
import dev.holdfast.audit.Witness.WitnessUnavailable;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.projection.Database;
import dev.holdfast.projection.RowComparison;
import dev.holdfast.runtime.Configuration;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "audit",
        description = {
            "Proves that nothing was lost, doubled or invented: compares the log, the database and the exchange's own ledger.",
            "Names each difference; exit code 1 on any."
        },
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Override
    public Integer call() {
        Home home = Home.open(options.home());
        try (Operator operator = Operator.connect(home)) {
            AuditReport report = audit(home, operator.log()).run();
            options.console().result(report, () -> text(report));
            return report.ok() ? 0 : Failure.NEGATIVE;
        } catch (WitnessUnavailable | LogUnavailable silent) {
            throw Failure.negative("not audited: " + silent.getMessage());
        }
    }

    /** The audit of a home through an open connection. */
    static Audit audit(Home home, Log log) {
        Configuration configuration = home.configuration();
        @Nullable Witness witness = configuration.broker().simulated() ? ledger(home) : null;
        Database database = new Database(configuration, home.secrets());
        return new Audit(
                log, witness, new Rows(database, log), configuration.broker().profile());
    }

    static LedgerWitness ledger(Home home) {
        return new LedgerWitness(
                home.configuration().broker().restUrl(), home.secrets().read("exchange-control"));
    }

    private record Rows(Database database, Log log) implements DatabaseView.Source {
        @Override
        public long sequence() throws SQLException {
            return database.recordedSequence();
        }

        @Override
        public DatabaseView compare() throws SQLException {
            RowComparison.Result result = database.compareRows(log);
            return new DatabaseView(result.sequence(), result.orders(), result.differences());
        }
    }

    private static String text(AuditReport report) {
        String invariants = report.invariants().entrySet().stream()
                .map(entry ->
                        String.format(Locale.ROOT, "  %-18s %s", entry.getKey(), entry.getValue() ? "holds" : "BROKEN"))
                .collect(Collectors.joining("\n"));
        String differences = Stream.concat(report.differences().stream(), report.races().stream())
                .map(line -> "\n  " + line)
                .collect(Collectors.joining());
        return """
                %s at sequence %d: %d intents, %s orders at the exchange, %s in the database
                  lost %d, duplicated %d, phantom %d, foreign %d, held %d, uncertain %d,
                  positions that differ %d, database behind by %s
                %s%s""".formatted(
                        report.ok() ? "CLEAN" : "NOT CLEAN",
                        report.sequence(),
                        report.intents(),
                        shown(report.exchangeOrders()),
                        shown(report.databaseOrders()),
                        report.lost(),
                        report.duplicated(),
                        report.phantom(),
                        report.foreign(),
                        report.held(),
                        report.uncertain(),
                        report.positionDifferences(),
                        shown(report.projectionGap()),
                        invariants,
                        differences);
    }

    private static String shown(@Nullable Long figure) {
        return figure == null ? "unknown" : figure.toString();
    }
}
