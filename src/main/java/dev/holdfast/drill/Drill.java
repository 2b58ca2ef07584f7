package dev.holdfast.drill;

import dev.holdfast.drill.Measurement.Figures;
import dev.holdfast.drill.RunningSystem.HostView;
import dev.holdfast.drill.RunningSystem.ProcessView;
import dev.holdfast.drill.Striker.Blow;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.types.InstrumentKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One drill on a running system: load, faults with what each took, and the wait until the system is whole again. Used by one thread;
 * its observers have their own.
 */
final class Drill implements AutoCloseable {

    /** How long a system may take to be whole again: a database that was primary comes back as a fresh clone. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** The number of every fault that only prepares the one that counts. */
    static final int PREPARATION = 0;

    private static final long LOOK_AGAIN_MILLIS = 150;

    /** Whole must be so for a moment: a process that is dying still answers. */
    private static final int LOOKS_IN_A_ROW = 2;

    private final RunningSystem system;
    private final Configuration configuration;
    private final Log log;
    private final EventTail events;
    private final LedgerTail ledger;
    private final @Nullable RecoveryTail recovery;
    private final Observatory observatory;
    private final Journal journal;
    private final Striker striker;
    private final SteadyState steady;
    private final Consumer<String> progress;
    private Load.@Nullable Plan load;
    private long firstFaultNanos;
    private Supplier<List<String>> also = List::of;
    private Consumer<String> stages = stage -> {};

    Drill(Site site) throws IOException {
        RecoveryLog recoveryLog = site.recoveryLog();
        this.system = site.system();
        this.configuration = system.configuration();
        this.log = site.log();
        this.events = new EventTail(log);
        this.ledger = new LedgerTail(site.ledger());
        this.recovery = recoveryLog == null ? null : new RecoveryTail(recoveryLog);
        this.observatory = new Observatory(system, log, events, ledger, recovery);
        this.journal = Journal.begin(site.folder());
        this.striker = new Striker(system, journal, this::tradedSymbols);
        this.steady = new SteadyState(configuration);
        this.progress = site.progress();
    }

    /**
     * One fault and what it took.
     *
     * @param recoveryLeaderStruck whether the recovery machine's leader was on a host that it met; null when not known
     * @param liftedMillis from the fault until it was lifted
     * @param wholeMillis from the fault until the system was whole again
     */
    record Outcome(
            int number,
            FaultKind kind,
            String target,
            long faultNanos,
            long lengthMillis,
            @Nullable Boolean recoveryLeaderStruck,
            Figures figures,
            long liftedMillis,
            long wholeMillis) {}

    /** The system did not become whole in time. */
    static final class NotWhole extends Exception {
        private final transient List<Outcome> faults;

        NotWhole(String message) {
            this(message, List.of());
        }

        NotWhole(String message, List<Outcome> faults) {
            super(message);
            this.faults = List.copyOf(faults);
        }

        /** After which it did not, with what was seen until then. */
        List<Outcome> faults() {
            return faults;
        }
    }

    /** When orders were accepted from one instant to another; waits until the latter is over. */
    List<Long> acceptedBetween(long fromNanos, long toNanos) throws InterruptedException {
        Thread.sleep(Math.max(0, (toNanos - Wall.nanos()) / 1_000_000 + 1));
        ledger.poll();
        return ledger.between(fromNanos, toNanos);
    }

    /** How many orders we asked for from one instant to another, once {@link #acceptedBetween} was asked. */
    long askedBetween(long fromNanos, long toNanos) {
        return ledger.askedBetween(fromNanos, toNanos);
    }

    /** When a gateway was given the grant to send, after this instant; 0 when none was. */
    long senderGrantedAfter(long nanos) {
        return events.firstSign(EventTail.Sign.Kind.SENDER_GRANTED, nanos)
                .map(EventTail.Sign::atNanos)
                .orElse(0L);
    }

    /** What must also be so for the system to be whole: what is missing, in words. */
    void alsoAwait(Supplier<List<String>> missing) {
        also = missing;
    }

    /** What follows a fault, when it begins: recovery once the fault is lifted, then the wait for the last figures. */
    void tellsStages(Consumer<String> listener) {
        stages = listener;
    }

    /** What was struck until now only prepared the fault. */
    void prepared() {
        firstFaultNanos = 0;
    }

    /** The last instant before any fault, epoch nanoseconds; 0 before that. */
    long firstFaultNanos() {
        return firstFaultNanos;
    }

    /** What is decided about the database; null where nothing is. */
    @Nullable
    RecoveryTail recovery() {
        return recovery;
    }

    private List<String> tradedSymbols() {
        List<String> symbols = events.facts().instruments().stream()
                .filter(instrument -> instrument.kind() != InstrumentKind.INDEX)
                .map(Event.InstrumentDefined::symbol)
                .toList();
        if (symbols.isEmpty()) {
            throw new IllegalStateException("the engine knows no instrument that can be traded");
        }
        return symbols;
    }

    void start(long seed) throws IOException, NotWhole, InterruptedException {
        journal.write(line(Journal.Entry.RUN, Long.toString(seed), List.of(), List.of()));
        events.start();
        if (recovery != null) {
            recovery.start();
        }
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
            try {
                new Load(log).stop(plan.names(), plan.paused(), "load of a drill is over");
            } catch (LogUnavailable silent) {
                throw new NotWhole("the load cannot be stopped: " + silent.getMessage());
            }
            journal.write(line(Journal.Entry.LOAD_OFF, "", List.of(), List.of()));
        }
        awaitWhole("after the load");
        awaitNothingUncertain();
    }

    /** Does these faults, each a while after the one before, waits until all is whole again, and tells what each took. */
    List<Outcome> strike(List<FaultPlan.Step> steps) throws IOException, NotWhole, InterruptedException {
        List<Blow> blows = new ArrayList<>();
        List<Done> done = new ArrayList<>();
        try {
            for (FaultPlan.Step step : steps) {
                Thread.sleep(step.gapMillis());
                Optional<Target> target = target(step);
                if (target.isEmpty()) {
                    progress.accept("fault " + step.number() + ": no target for "
                            + step.kind().word() + " now");
                    continue;
                }
                strike(step, target.get(), blows).ifPresent(done::add);
            }
        } finally {
            lift(blows);
        }
        return recovered(blows, done);
    }

    /** The same with one fault whose target is chosen already. Empty when it cannot be proved to have happened. */
    Optional<Outcome> strike(FaultPlan.Step step, Target target) throws IOException, NotWhole, InterruptedException {
        List<Blow> blows = new ArrayList<>();
        List<Done> done = new ArrayList<>();
        try {
            strike(step, target, blows).ifPresent(done::add);
        } finally {
            lift(blows);
        }
        return recovered(blows, done).stream().findFirst();
    }

    private void lift(List<Blow> blows) throws IOException, InterruptedException {
        for (Blow blow : blows) {
            striker.lift(blow);
        }
    }

    private List<Outcome> recovered(List<Blow> blows, List<Done> done)
            throws IOException, NotWhole, InterruptedException {
        long lifted = Wall.nanos();
        stages.accept("recovery");
        try {
            awaitWhole("after "
                    + blows.stream()
                            .map(blow -> blow.step().kind().word() + " of "
                                    + blow.target().label())
                            .toList());
        } catch (NotWhole notWhole) {
            long given = Wall.nanos();
            throw new NotWhole(
                    String.valueOf(notWhole.getMessage()),
                    done.stream().map(each -> each.outcome(lifted, given)).toList());
        }
        long whole = Wall.nanos();
        stages.accept("last figures");
        awaitMeasured();
        observatory.rest();
        for (Blow blow : blows) {
            striker.lifted(blow);
            for (ProcessView process : blow.target().processes()) {
                system.forgive(process.host(), process.name());
            }
        }
        return done.stream().map(each -> each.outcome(lifted, whole)).toList();
    }

    /** A blow and its measurement. */
    private record Done(
            Blow blow, Measurement measurement, @Nullable Boolean recoveryLeaderStruck) {
        private Outcome outcome(long liftedNanos, long wholeNanos) {
            return new Outcome(
                    blow.step().number(),
                    blow.step().kind(),
                    blow.target().label(blow.step()),
                    measurement.faultNanos(),
                    blow.step().lengthMillis(),
                    recoveryLeaderStruck,
                    measurement.figures(),
                    (liftedNanos - measurement.faultNanos()) / 1_000_000,
                    (wholeNanos - measurement.faultNanos()) / 1_000_000);
        }
    }

    /** What cannot be proved to have happened is lifted like the rest, and counts for nothing. */
    private Optional<Done> strike(FaultPlan.Step step, Target target, List<Blow> blows)
            throws IOException, InterruptedException {
        String what = (step.number() == PREPARATION ? "preparing: " : "fault " + step.number() + ": ")
                + step.kind().word() + " " + target.label(step);
        try {
            long term = log.status().term();
            String recoveryLeader = foremost().voter();
            Blow blow = striker.prepare(step, target);
            blows.add(blow);
            Measurement measurement = new Measurement(step.kind(), target.label(step), striker.strike(blow));
            firstFaultNanos = firstFaultNanos == 0 ? measurement.faultNanos() : firstFaultNanos;
            observatory.measure(measurement, target.processes(), term);
            progress.accept(what);
            @Nullable
            Boolean struck = recoveryLeader.isEmpty()
                    ? null
                    : Boolean.valueOf(target.processes().stream()
                            .anyMatch(process -> process.host().equals(recoveryLeader)));
            return Optional.of(new Done(blow, measurement, struck));
        } catch (Striker.NotProved notProved) {
            progress.accept(what + " does not count: " + notProved.getMessage());
            return Optional.empty();
        }
    }

    /** Empty when there is none within a moment. */
    Optional<Target> target(FaultPlan.Step step) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        Optional<Target> target = Optional.empty();
        // While faults overlap there may be nobody who leads or sends for a moment.
        while (target.isEmpty() && System.nanoTime() - deadline < 0) {
            List<HostView> hosts = system.look();
            target = Target.choose(step.kind().aim, step.pick(), hosts, foremost());
        }
        return target;
    }

    /** Where what there is one of stands now. */
    Target.Foremost foremost() {
        return new Target.Foremost(
                member(log.status().leader(), Role.TRADER),
                events.facts().senderHost(),
                recovery == null ? "" : member(recovery.leader(), Role.VOTER));
    }

    /** Among the standbys that a fault chooses from, the one that commits wait for; the first when they wait for none. */
    int awaitedStandby() throws InterruptedException {
        List<ProcessView> standbys = Target.databases(system.look(), "standby");
        for (int index = 0; recovery != null && index < standbys.size(); index++) {
            if (recovery.facts().copies().get(standbys.get(index).host()) == ReplicaState.ELIGIBLE) {
                return index;
            }
        }
        return 0;
    }

    private String member(int number, Role role) {
        List<Configuration.Host> members = configuration.hostsWith(role);
        return number >= 0 && number < members.size() ? members.get(number).name() : "";
    }

    /** @param when in the message of what is not whole in time */
    void awaitWhole(String when) throws NotWhole, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> missing = List.of("nothing was looked at");
        int inARow = 0;
        while (inARow < LOOKS_IN_A_ROW) {
            missing = new ArrayList<>(also.get());
            missing.addAll(steady.missing(new SteadyState.Seen(
                    Wall.nanos(),
                    system.look(),
                    system.exchangeRuns(),
                    events.facts(),
                    recovery == null ? null : recovery.facts(),
                    observatory.durableLogNanos(),
                    load == null ? null : Long.valueOf(ledger.lastNanos()))));
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

    /** An order whose answer was lost blocks its instrument for some seconds. */
    void awaitNothingUncertain() throws NotWhole, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (events.facts().uncertain() > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new NotWhole(events.facts().uncertain() + " orders are still uncertain after "
                        + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private static Journal.Line line(Journal.Entry entry, String kind, List<String> names, List<String> restore) {
        return new Journal.Line(entry, 0, kind, List.of(), names, restore, Wall.nanos(), 0);
    }

    @Override
    public void close() throws IOException {
        observatory.close();
        events.close();
        if (recovery != null) {
            recovery.close();
        }
        journal.close();
    }
}
