package dev.holdfast.drill;

import dev.holdfast.drill.Journal.Struck;
import dev.holdfast.drill.RunningSystem.ProcessView;
import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does faults, proves that they happened, and lifts them. Each is in the journal before it is done. */
final class Striker {

    private static final Logger LOG = LoggerFactory.getLogger(Striker.class);
    private static final Duration PROOF_LIMIT = Duration.ofSeconds(2);
    private static final Duration LATE_THAW = Duration.ofMillis(500);
    private static final long LOOK_AGAIN_MILLIS = 5;

    private final RunningSystem system;
    private final Journal journal;
    private final Supplier<List<String>> symbols;

    /** @param symbols of the instruments that the system trades */
    Striker(RunningSystem system, Journal journal, Supplier<List<String>> symbols) {
        this.system = system;
        this.journal = journal;
        this.symbols = symbols;
    }

    /**
     * A fault that is in the journal.
     *
     * @param folders in which nothing may be left alive
     */
    record Blow(FaultPlan.Step step, Target target, List<Struck> struck, List<Path> folders, long plannedEndNanos) {}

    /** The fault could not be done, or cannot be proved to have happened. */
    static final class NotProved extends Exception {
        NotProved(String message) {
            super(message);
        }
    }

    /** Identifies the processes and writes the fault to the journal. */
    Blow prepare(FaultPlan.Step step, Target target) throws IOException, NotProved, InterruptedException {
        List<Struck> struck = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        FaultKind.Deed deed = step.kind().deed;
        for (ProcessView process : target.processes()) {
            if (deed == FaultKind.Deed.KILL || deed == FaultKind.Deed.FREEZE) {
                identify(step.kind().part, process, struck, folders);
            }
        }
        boolean hosts = step.kind().leavesHosts();
        long now = Wall.nanos();
        long plannedEnd = deed == FaultKind.Deed.KILL && !hosts ? 0 : now + step.lengthMillis() * 1_000_000;
        journal.write(new Journal.Line(
                Journal.Entry.BEGUN,
                step.number(),
                step.kind().word(),
                struck,
                hosts ? target.processes().stream().map(ProcessView::host).toList() : List.of(),
                List.of(),
                now,
                plannedEnd));
        return new Blow(step, target, struck, folders, plannedEnd);
    }

    /**
     * When a fault came, epoch nanoseconds.
     *
     * @param beforeNanos the last instant before it
     * @param madeNanos when all of it was made: until then what it meets may go on
     */
    record Instants(long beforeNanos, long madeNanos) {
        static Instants since(long beforeNanos) {
            return new Instants(beforeNanos, Wall.nanos());
        }
    }

    Instants strike(Blow blow) throws IOException, NotProved, InterruptedException {
        return switch (blow.step().kind().deed) {
            case KILL -> kill(blow.struck(), blow.folders());
            case FREEZE -> freeze(blow.struck(), blow.step().lengthMillis());
            case CUT -> onHosts(blow.target(), system::cut, "the host could not be cut off: ");
            case FILL -> onHosts(blow.target(), system::fillDisk, "the disk could not be filled: ");
            case CHANGE -> onHosts(blow.target(), system::changeSettings, "the settings could not be changed: ");
            case DISTURB -> disturb(blow.step());
        };
    }

    /** Waits until the fault's time is over and makes sure that it has ended. What died is its agent's business. */
    void lift(Blow blow) throws IOException, InterruptedException {
        if (blow.plannedEndNanos() != 0) {
            long leftMillis = (blow.plannedEndNanos() - Wall.nanos()) / 1_000_000;
            Thread.sleep(Math.max(0, leftMillis));
        }
        switch (blow.step().kind().deed) {
            case KILL -> {
                if (blow.step().kind().killsAgent()) {
                    for (ProcessView agent : blow.target().processes()) {
                        system.startAgent(agent.host());
                    }
                }
            }
            case FREEZE -> {
                for (Struck each : blow.struck()) {
                    if (!within(LATE_THAW, () -> !each.process().frozen())) {
                        each.process().thaw();
                    }
                }
            }
            case CUT -> {
                for (ProcessView process : blow.target().processes()) {
                    system.heal(process.host());
                }
            }
            case FILL -> {
                for (ProcessView process : blow.target().processes()) {
                    system.relieveDisk(process.host());
                }
            }
            case CHANGE -> {} // the keeper's business
            case DISTURB -> calm();
        }
    }

    /** The fault ends by itself too: an exchange that does not answer now need not be told. */
    private void calm() throws InterruptedException {
        try {
            system.calmExchange();
        } catch (IOException silent) {
            LOG.warn(
                    "the exchange could not be told to end its faults, they end by count and time: {}",
                    silent.toString());
        }
    }

    void lifted(Blow blow) throws IOException {
        journal.write(new Journal.Line(
                Journal.Entry.LIFTED,
                blow.step().number(),
                blow.step().kind().word(),
                List.of(),
                List.of(),
                List.of(),
                Wall.nanos(),
                0));
    }

    /** A database server is all that works in its data directory: killing the postmaster alone leaves backends that commit. */
    private void identify(FaultKind.Part part, ProcessView process, List<Struck> struck, List<Path> folders)
            throws IOException, NotProved, InterruptedException {
        switch (part) {
            case PROCESS -> struck.add(main(process));
            case SERVER -> {
                struck.add(main(process));
                folders.add(workingFolder(process));
                others(workingFolder(process), process.pid()).forEach(each -> struck.add(of(process, each)));
            }
            case BACKENDS ->
                others(workingFolder(process), process.pid()).forEach(each -> struck.add(of(process, each)));
            case AGENT -> struck.add(agent(process.host()));
            case SUPERVISOR -> struck.add(supervisor(process.host()));
            case DATABASE_SIDE -> {
                struck.add(agent(process.host()));
                allIn(system.folders(process.host(), process.name()), process, struck);
            }
            case HOST -> {
                // The agent first: it would start the others again.
                struck.add(agent(process.host()));
                folders.addAll(system.folders(process.host(), ""));
                allIn(folders, process, struck);
            }
        }
        if (struck.isEmpty()) {
            throw new NotProved(process.label() + " has nothing that could be struck");
        }
    }

    private static Struck main(ProcessView process) throws NotProved {
        return of(
                process,
                ProcessIdentity.of(process.pid())
                        .orElseThrow(() -> new NotProved(process.label() + " ended before it could be struck")));
    }

    private static Struck of(ProcessView process, ProcessIdentity identity) {
        return new Struck(process.label(), identity);
    }

    private Struck agent(String host) throws NotProved, InterruptedException {
        long pid = system.look(host).agentPid();
        return new Struck(
                host + "-agent",
                ProcessIdentity.of(pid)
                        .orElseThrow(() -> new NotProved("the agent of host " + host + " does not run")));
    }

    private Struck supervisor(String host) throws NotProved, InterruptedException {
        long pid = system.look(host).supervisorPid();
        return new Struck(
                host + "-supervisor",
                ProcessIdentity.of(pid)
                        .orElseThrow(() -> new NotProved("the agent of host " + host + " has no supervisor")));
    }

    private static Path workingFolder(ProcessView process) throws NotProved {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
        } catch (IOException gone) {
            throw new NotProved(process.label() + " ended before it could be struck");
        }
    }

    private static void allIn(List<Path> folders, ProcessView process, List<Struck> struck) {
        for (Path folder : folders) {
            others(folder, 0)
                    .filter(each ->
                            struck.stream().noneMatch(known -> known.process().equals(each)))
                    .forEach(each -> struck.add(of(process, each)));
        }
    }

    private static Stream<ProcessIdentity> others(Path folder, long except) {
        return OwnedProcess.workingUnder(folder).stream()
                .filter(handle -> handle.pid() != except)
                .flatMap(handle -> ProcessIdentity.of(handle.pid()).stream());
    }

    private static Instants kill(List<Struck> struck, List<Path> folders) throws NotProved, InterruptedException {
        long at = Wall.nanos();
        struck.forEach(each -> each.process().kill());
        Instants instants = Instants.since(at);
        // What it had begun to start when we looked.
        folders.forEach(folder -> others(folder, 0).forEach(ProcessIdentity::kill));
        if (!within(
                PROOF_LIMIT,
                () -> struck.stream().allMatch(each -> each.process().gone()))) {
            throw new NotProved("process " + struck.getFirst().process().pid() + " ("
                    + struck.getFirst().label() + ") was killed and is still there");
        }
        return instants;
    }

    private static Instants freeze(List<Struck> struck, long millis)
            throws IOException, NotProved, InterruptedException {
        long at = Guard.freeze(struck.stream().map(Struck::process).toList(), millis);
        for (Struck each : struck) {
            // A session that ended by itself meanwhile is no longer to be frozen.
            if (!within(
                    Duration.ofMillis(millis),
                    () -> each.process().frozen() || each.process().gone())) {
                throw new NotProved("process " + each.process().pid() + " (" + each.label() + ") was not seen frozen");
            }
        }
        if (struck.stream().allMatch(each -> each.process().gone())) {
            throw new NotProved("what was to be frozen is gone: " + struck);
        }
        return Instants.since(at);
    }

    /** Done to a host; it makes sure by itself that it was. */
    private interface HostDeed {
        void on(String host) throws IOException, InterruptedException;
    }

    private static Instants onHosts(Target target, HostDeed deed, String failure)
            throws NotProved, InterruptedException {
        long at = Wall.nanos();
        try {
            for (ProcessView process : target.processes()) {
                deed.on(process.host());
            }
        } catch (IOException refused) {
            throw new NotProved(failure + refused.getMessage());
        }
        return Instants.since(at);
    }

    private Instants disturb(FaultPlan.Step step) throws NotProved, InterruptedException {
        long at = Wall.nanos();
        try {
            for (String fault : BrokerTrouble.of(step.pick()).faults(step.lengthMillis(), symbols.get())) {
                system.disturbExchange(fault);
            }
        } catch (IOException refused) {
            throw new NotProved("the exchange did not take the fault: " + refused);
        }
        return Instants.since(at);
    }

    private static boolean within(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        return true;
    }
}
