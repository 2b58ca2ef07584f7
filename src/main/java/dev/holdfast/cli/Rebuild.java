package dev.holdfast.cli;

import dev.holdfast.log.LogUnavailable;
import dev.holdfast.projection.Database;
import dev.holdfast.projection.RowRebuild;
import dev.holdfast.projection.RowRebuild.NotRebuilt;
import dev.holdfast.protocol.Command.RecordAct;
import dev.holdfast.types.PlainText;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "rebuild",
        description = "Makes anew what is only a projection of the log.",
        mixinStandardHelpOptions = true)
final class Rebuild {

    @Command(
            description = {
                "Writes PostgreSQL's tables anew from the log, while trading and recording go on.",
                "New tables are filled beside the old ones and take their place at once; the old ones stay in the schema"
                        + " before_rebuild until the next time."
            },
            mixinStandardHelpOptions = true)
    int rows(
            @Mixin HomeOptions options,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "TABLE",
                            description = "this table alone (default: all that the log gives)")
                    @Nullable
                    String table,
            @Option(names = "--reason", required = true, description = "why; it is logged") String reason) {
        Home home = Home.open(options.home());
        Console console = options.console();
        String target = table == null ? "all tables" : table;
        try (Operator operator = Operator.connect(home)) {
            Database database = new Database(home.configuration(), home.secrets());
            try {
                RowRebuild.Result result = new RowRebuild(database, operator.log(), console::progress).run(table);
                operator.submit(new RecordAct(
                        Operator.USER,
                        "rebuild rows",
                        target,
                        reason,
                        "done: " + result.rows() + " rows up to event " + result.sequence()));
                console.result(result, () -> text(result));
                return 0;
            } catch (NotRebuilt not) {
                operator.submit(new RecordAct(
                        Operator.USER, "rebuild rows", target, reason, shortened("not done: " + not.getMessage())));
                throw Failure.negative("not rebuilt: " + not.getMessage());
            }
        } catch (LogUnavailable silent) {
            throw Failure.negative("not rebuilt: the tables are as they were, as the engine does not answer ("
                    + silent.getMessage() + "); './holdfast status' shows what runs");
        }
    }

    /** The log takes texts of this length; the whole message is on the screen. */
    private static String shortened(String text) {
        return text.length() > PlainText.MAX_BYTES ? text.substring(0, PlainText.MAX_BYTES - 3) + "..." : text;
    }

    private static String text(RowRebuild.Result result) {
        String notes = result.notes().stream().map(note -> "\n  " + note).collect(Collectors.joining());
        return "rebuilt " + String.join(", ", result.tables()) + ": " + result.rows() + " rows up to event "
                + result.sequence() + " in " + result.tookMillis() / 1_000 + "." + result.tookMillis() % 1_000 / 100
                + " s; the recorder goes on from there. The tables before stand in schema before_rebuild until the next time."
                + notes;
    }
}
