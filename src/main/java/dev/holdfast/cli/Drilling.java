package dev.holdfast.cli;

import dev.holdfast.audit.AuditReport;
import dev.holdfast.audit.Witness.WitnessUnavailable;
import dev.holdfast.drill.Lifter;
import dev.holdfast.drill.Site;
import dev.holdfast.drill.Warden;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.runtime.FolderLock;
import dev.holdfast.runtime.JavaCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Drills and chaos on a home's running system: one of them at a time. What an earlier one has left is lifted first, and what this one
 * leaves when it is killed, a warden lifts.
 */
final class Drilling {

    private Drilling() {}

    interface Work {
        /** @return the exit code */
        int on(Site site, Supplier<AuditReport> audit, Interrupt interrupt) throws IOException, InterruptedException;
    }

    /** @return the exit code of the work */
    static int run(Home home, Console console, Work work) throws IOException, InterruptedException {
        return alone(home, console, system -> guarded(home, system, console, work));
    }

    /** Lifts what is left, and does nothing else. */
    static void lift(Home home, Console console) throws IOException, InterruptedException {
        alone(home, console, _ -> 0);
    }

    /** What a drill works with on this system. */
    static Site site(Home home, DrilledSystem system, Log log, @Nullable RecoveryLog recovery, Console console) {
        return new Site(system, log, recovery, AuditCommand.ledger(home)::after, home.chaos(), console::progress);
    }

    private interface Deed {
        int on(DrilledSystem system) throws IOException, InterruptedException;
    }

    private static int alone(Home home, Console console, Deed deed) throws IOException, InterruptedException {
        Path folder = home.chaos();
        try (FolderLock _ = FolderLock.take(folder);
                DrilledSystem system = new DrilledSystem(home)) {
            new Lifter(system, folder).lift(() -> EdgeLog.connectOperator(home)).forEach(console::progress);
            return deed.on(system);
        } catch (FolderLock.Taken taken) {
            throw Failure.usage(
                    "a drill or chaos is at work on " + home.path() + "; end it with an interrupt, or wait");
        }
    }

    private static int guarded(Home home, DrilledSystem system, Console console, Work work)
            throws IOException, InterruptedException {
        refuseUnfit(home);
        Warden warden = Warden.watching(JavaCommand.commandLine(
                List.of("chaos", "--lift", "--home", home.path().toString())));
        try (Operator operator = Operator.connect(home);
                RecoveryLog recovery = RecoveryAccess.connectDrill(home);
                Interrupt interrupt = new Interrupt()) {
            int exitCode = work.on(
                    site(home, system, operator.log(), recovery, console),
                    () -> AuditCommand.audit(home, operator.log()).run(),
                    interrupt);
            if (new Lifter(system, home.chaos()).left().isEmpty()) {
                warden.close(); // Else it does what we could not.
            }
            return exitCode;
        } catch (WitnessUnavailable | LogUnavailable silent) {
            throw Failure.negative("the drill or chaos run cannot go on: " + silent.getMessage());
        }
    }

    private static void refuseUnfit(Home home) {
        if (!home.configuration().broker().simulated()) {
            throw Failure.usage("a drill never runs against a real broker; give it a --home with a simulated one");
        }
        if (home.processes().isEmpty()) {
            throw Failure.usage("nothing runs in " + home.path() + "; './holdfast up' starts it");
        }
    }
}
