package dev.holdfast.cli;

import dev.holdfast.bench.BenchFailure;
import dev.holdfast.runtime.BadConfiguration;
import dev.holdfast.runtime.Secrets.MissingSecret;
import dev.holdfast.runtime.Umask;
import dev.holdfast.types.PlainText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one entry: {@code ./holdfast} for people, {@code run} for the system's own processes. */
@Command(
        name = "holdfast",
        description = "Algorithmic trading that keeps trading, and proves it.",
        subcommands = {
            Up.class,
            Down.class,
            Status.class,
            Logs.class,
            Orders.class,
            Strategies.class,
            Positions.class,
            Kill.class,
            Failover.class,
            Switchover.class,
            Restart.class,
            Automation.Pause.class,
            Automation.Resume.class,
            AuditCommand.class,
            ReplayCommand.class,
            ChaosCommand.class,
            DrillCommand.class,
            Simulate.class,
            Rebuild.class,
            ReseedCommand.class,
            Voters.class,
            Login.class,
            UserAccounts.class,
            Bench.class,
            Rehearse.class,
            CommandLine.HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 done, 1 not so (the message says what), 2 wrong usage or configuration, 3 not known (status)."
        })
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        Umask.ownerOnly();
        System.exit(arguments.length > 0 && arguments[0].equals("run") ? runProcess(arguments) : execute(arguments));
    }

    /** What a process of the system cannot survive ends it, with the reason in its log; its agent starts it again. */
    private static int runProcess(String... arguments) {
        Thread.setDefaultUncaughtExceptionHandler(Main::unheard);
        try {
            return Run.parse(List.of(arguments).subList(1, arguments.length)).call();
        } catch (Exception failure) {
            LoggerFactory.getLogger(Main.class).error("process cannot go on: {}", failure.getMessage(), failure);
            return failure instanceof Failure known ? known.exitCode() : Failure.NEGATIVE;
        }
    }

    /** A process without one of its threads looks alive and is not: nothing may survive an Error. */
    private static void unheard(Thread thread, Throwable failure) {
        LoggerFactory.getLogger(Main.class).error("thread {} died", thread.getName(), failure);
        if (failure instanceof Error) {
            Runtime.getRuntime().halt(Failure.NEGATIVE);
        }
    }

    static int execute(String... arguments) {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(String.class, Main::plain)
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, parsed))
                .execute(arguments);
    }

    /** Texts end up in logs and before other people's eyes. */
    private static String plain(String argument) {
        String fault = PlainText.misleading("it", argument);
        if (!fault.isEmpty()) {
            throw new CommandLine.TypeConversionException(fault);
        }
        return argument;
    }

    private static int explain(Exception failure, CommandLine.ParseResult parsed) throws Exception {
        int exitCode = switch (failure) {
            case Failure known -> known.exitCode();
            case BadConfiguration _, MissingSecret _ -> Failure.USAGE;
            case IOException _, UncheckedIOException _, BenchFailure _ -> Failure.NEGATIVE;
            default -> throw failure;
        };
        // The message of a file's exception is often just the file's name.
        String message = failure instanceof IOException ? failure.toString() : String.valueOf(failure.getMessage());
        new Console(System.out, System.err, false).warn(message);
        CommandLine.ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (last.hasMatchedOption("--json")) {
            new Console(System.out, System.err, true).result(Map.of("ok", false, "error", message), () -> "");
        }
        return exitCode;
    }
}
