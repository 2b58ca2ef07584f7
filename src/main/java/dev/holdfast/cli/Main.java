package dev.holdfast.cli;

import dev.holdfast.runtime.BadConfiguration;
import dev.holdfast.runtime.Secrets.MissingSecret;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one entry: {@code ./holdfast} for people, {@code run} for the system's own processes. */
@Command(
        name = "holdfast",
        description = "Algorithmic trading that keeps trading, and proves it.",
        subcommands = {Down.class, Logs.class, Run.class, CommandLine.HelpCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Exit codes: 0 done, 1 not so (the message says what), 2 wrong usage or configuration."})
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, parsed))
                .execute(arguments);
    }

    private static int explain(Exception failure, CommandLine.ParseResult parsed) throws Exception {
        int exitCode = switch (failure) {
            case Failure known -> known.exitCode();
            case BadConfiguration _, MissingSecret _ -> Failure.USAGE;
            default -> throw failure;
        };
        System.err.println(failure.getMessage());
        CommandLine.ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (last.hasMatchedOption("--json")) {
            new Console(System.out, System.err, true)
                    .result(Map.of("ok", false, "error", failure.getMessage()), () -> "");
        }
        return exitCode;
    }
}
