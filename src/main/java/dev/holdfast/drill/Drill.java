package dev.holdfast.drill;

import dev.holdfast.audit.LedgerWitness;
import dev.holdfast.drill.Measurement.Figures;
import dev.holdfast.drill.RunningSystem.HostView;
import dev.holdfast.drill.RunningSystem.ProcessView;
import dev.holdfast.drill.Striker.Blow;
import dev.holdfast.log.Log;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One drill on a running system: load, faults with what each took, and the wait until the system is whole again. Used by one thread;
 * its observers have their own.
 */
final class Drill implements AutoCloseable {

    /** How long a system may take to be whole again. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final long LOOK_AGAIN_MILLIS = 150;

    /** Whole must be so for a moment: a process that is dying still answers. */
    private static final int LOOKS_IN_A_ROW = 2;

    private final RunningSystem system;
    private final Configuration configuration;
    private final Log log;
    private final EventTail events;
    private final LedgerTail ledger;
    private final Observatory observatory;
    private final Journal journal;
    private final Striker striker;
    private final SteadyState steady;
    private final Consumer<String> progress;
    private final BooleanSupplier stopAsked;
    private Load.@Nullable Plan load;

    /**
     * @param folder for the journal
     * @param stopAsked whether a wait shall end early
     */
    Drill(
            RunningSystem system,
            Log log,
            LongFunction<LedgerWitness.Page> ledger,
            Path folder,
            Consumer<String> progress,
            BooleanSupplier stopAsked)
            throws IOException {
        this.system = system;
        this.configuration = system.configuration();
        this.log = log;
        this.events = new EventTail(log);
        this.ledger = new LedgerTail(ledger);
        this.observatory = new Observatory(system, log, events, this.ledger);
        this.journal = Journal.begin(folder);
        this.striker = new Striker(system, journal);
        this.steady = new SteadyState(configuration);
        this.progress = progress;
        this.stopAsked = stopAsked;
    }

    /**
     * One fault and what it took.
     *
     * @param wholeMillis from the fault until the system was whole again
     */
    record Outcome(
            int number,
            FaultKind kind,
            String target,
            long faultNanos,
            long lengthMillis,
            Figures figures,
            long wholeMillis) {}

    /** The system did not become whole in time. */
    static final class NotWhole extends Exception {
        NotWhole(String message) {
            super(message);
        }
    }

    LedgerTail ledger() {
        return ledger;
    }

    void start(long seed) throws IOException, NotWhole, InterruptedException {
        journal.write(line(Journal.Entry.RUN, Long.toString(seed), List.of(), List.of()));
        events.start();
        observatory.start();
        awaitWhole("before the first fault");
    }

    void loadOn() throws IOException, NotWhole, InterruptedException {
        EventTail.Facts facts = events.facts();
        if (facts.realBroker()) {
            throw new IllegalStateException("drills never run against a real broker");
        }
        Load.Plan plan = Load.plan(facts);
        journal.write(line(Journal.Entry.LOAD_ON, "", plan.names(), plan.paused()));
        load = plan;
        new Load(log).start(plan, "load of a drill");
        awaitWhole("under load");
    }

    /** Ends the load and waits until no order is uncertain. */
    void loadOff() throws IOException, NotWhole, InterruptedException {
        Load.Plan plan = load;
        if (plan != null) {
            load = null;
            new Load(log).stop(plan.names(), plan.paused(), "load of a drill is over");
            journal.write(line(Journal.Entry.LOAD_OFF, "", List.of(), List.of()));
        }
        awaitWhole("after the load");
        awaitNothingUncertain();
    }

    /** Does these faults, each a while after the one before, waits until all is whole again, and tells what each took. */
    List<Outcome> strike(List<FaultPlan.Step> steps) throws IOException, NotWhole, InterruptedException {
        List<Blow> blows = new ArrayList<>();
        List<Measurement> measurements = new ArrayList<>();
        try {
            for (FaultPlan.Step step : steps) {
                Thread.sleep(step.gapMillis());
                Optional<Target> target = target(step);
                if (target.isPresent()) {
                    long term = log.status().term();
                    Blow blow = striker.strike(step, target.get());
                    blows.add(blow);
                    Measurement measurement =
                            new Measurement(step.kind(), target.get().label(), blow.atNanos());
                    measurements.add(measurement);
                    observatory.measure(measurement, target.get().processes(), term);
                    progress.accept("fault " + step.number() + ": "
                            + step.kind().word() + " " + target.get().label());
                }
            }
        } finally {
            for (Blow blow : blows) {
                striker.lift(blow);
            }
        }
        awaitWhole("after "
                + measurements.stream()
                        .map(each -> each.kind().word() + " of " + each.target())
                        .toList());
        long whole = Wall.nanos();
        awaitMeasured();
        observatory.rest();
        List<Outcome> outcomes = new ArrayList<>();
        for (int index = 0; index < blows.size(); index++) {
            Blow blow = blows.get(index);
            striker.lifted(blow);
            for (ProcessView process : blow.target().processes()) {
                system.forgive(process.host(), process.name());
            }
            outcomes.add(new Outcome(
                    blow.step().number(),
                    blow.step().kind(),
                    blow.target().label(),
                    blow.atNanos(),
                    blow.step().lengthMillis(),
                    measurements.get(index).figures(),
                    (whole - blow.atNanos()) / 1_000_000));
        }
        return outcomes;
    }

    private Optional<Target> target(FaultPlan.Step step) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        Optional<Target> target = Optional.empty();
        // While faults overlap there may be nobody who leads or sends for a moment.
        while (target.isEmpty() && System.nanoTime() - deadline < 0) {
            List<HostView> hosts = system.look();
            target = Target.choose(
                    step.kind().aim,
                    step.pick(),
                    hosts,
                    leader(),
                    events.facts().senderHost());
        }
        return target;
    }

    private String leader() {
        int leader = log.status().leader();
        List<Configuration.Host> traders = configuration.hostsWith(Role.TRADER);
        return leader >= 0 && leader < traders.size() ? traders.get(leader).name() : "";
    }

    private void awaitWhole(String when) throws NotWhole, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> missing = List.of("nothing was looked at");
        int inARow = 0;
        while (inARow < LOOKS_IN_A_ROW) {
            missing = steady.missing(new SteadyState.Seen(
                    Wall.nanos(),
                    system.look(),
                    system.exchangeRuns(),
                    events.facts(),
                    observatory.durableLogNanos(),
                    load == null ? null : Long.valueOf(ledger.lastNanos())));
            inARow = missing.isEmpty() ? inARow + 1 : 0;
            if (System.nanoTime() - deadline > 0) {
                throw new NotWhole("the system is not whole " + PATIENCE.toSeconds() + " s " + when + ": "
                        + String.join("; ", missing));
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private void awaitMeasured() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!observatory.complete() && System.nanoTime() - deadline < 0) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private void awaitNothingUncertain() throws NotWhole, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (events.facts().uncertain() > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new NotWhole(events.facts().uncertain() + " orders are still uncertain " + PATIENCE.toSeconds()
                        + " s after the load had ended");
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    boolean stopAsked() {
        return stopAsked.getAsBoolean();
    }

    private static Journal.Line line(Journal.Entry entry, String kind, List<String> names, List<String> restore) {
        return new Journal.Line(entry, 0, kind, List.of(), names, restore, Wall.nanos(), 0);
    }

    @Override
    public void close() throws IOException {
        observatory.close();
        events.close();
        journal.close();
    }
}
