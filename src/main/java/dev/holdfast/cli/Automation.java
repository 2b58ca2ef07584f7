package dev.holdfast.cli;

import dev.holdfast.protocol.RecoveryCommand.PauseAutomation;
import dev.holdfast.protocol.Reply;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Pauses and resumes what the recovery machine decides by itself. */
abstract class Automation implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--reason", required = true, description = "why; it is logged")
    private String reason = "";

    private final boolean pauses;

    private Automation(boolean pauses) {
        this.pauses = pauses;
    }

    @Override
    public Integer call() {
        try (RecoveryOperator operator = RecoveryOperator.connect(Home.open(options.home()))) {
            Reply reply = operator.submit(new PauseAutomation(pauses, Operator.USER, reason));
            options.console()
                    .result(
                            Map.of("ok", reply.accepted(), "sequence", reply.sequence(), "text", reply.text()),
                            () -> reply.accepted() ? said() : "refused: " + reply.text());
            return reply.accepted() ? 0 : Failure.NEGATIVE;
        }
    }

    private String said() {
        return pauses
                ? "automation is paused: nobody is promoted, no standby replaced or cloned, until './holdfast resume'"
                : "automation is resumed";
    }

    @Command(
            name = "pause",
            description = {
                "Pauses automatic recovery of PostgreSQL, for work on the hosts.",
                "A primary whose lease ends is fenced all the same; 'failover' and 'switchover' go on working."
            },
            mixinStandardHelpOptions = true)
    static final class Pause extends Automation {
        Pause() {
            super(true);
        }
    }

    @Command(name = "resume", description = "Resumes automatic recovery.", mixinStandardHelpOptions = true)
    static final class Resume extends Automation {
        Resume() {
            super(false);
        }
    }
}
