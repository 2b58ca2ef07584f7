package dev.holdfast.simulation;

import dev.holdfast.projection.ExpectedRows;
import dev.holdfast.projection.MemoryDatabase;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.types.BrokerProfile;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;

/** Everything there is in one simulation: the log, the exchange, two gateways, two recorders, one database, people. */
final class World {

    /** Wall time at the beginning of every world. */
    static final long WALL_NANOS = 1_795_000_000_000_000_000L;

    static final List<String> HOSTS = List.of("a", "b");

    /** A book is read at least this often. */
    private static final long SETTLE_NANOS = 6_000_000_000L;

    private static final long SECOND_NANOS = 1_000_000_000L;

    final Scheduler scheduler = new Scheduler();
    final Diary diary = new Diary(scheduler);
    final Dice dice;
    final BrokerProfile profile;

    /** Only others act in the account and odd things come: of processes, log and network no more fails than a sender now and then. */
    final boolean calm;

    final Invariants invariants;
    final Market market;
    final Exchange exchange;
    final Cluster cluster;
    final People people;
    final OtherHands hands;

    MemoryDatabase database;

    private final Parts parts;
    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final List<SimulatedGateway> gateways = new ArrayList<>();
    private final List<SimulatedRecorder> recorders = new ArrayList<>();
    private ExpectedRows expected = new ExpectedRows();

    World(long seed, Parts parts) {
        this.parts = parts;
        this.dice = new Dice(seed);
        this.profile = dice.chance(0.2) ? BrokerProfile.KITE : BrokerProfile.DRILL;
        this.calm = profile == BrokerProfile.DRILL && dice.chance(0.25);
        this.invariants = new Invariants(scheduler, profile);
        this.market = new Market(dice.split(), scheduler);
        this.exchange = new Exchange(
                scheduler, dice.split(), market, invariants, diary, profile == BrokerProfile.KITE ? 10 : 50);
        this.cluster = new Cluster(scheduler, parts.machines(), invariants, diary);
        this.database = parts.databases().get();
        this.people = new People(this, dice.split());
        this.hands = new OtherHands(this, dice.split());
        cluster.subscribe(() -> gateways.forEach(SimulatedGateway::eventsWaiting));
        exchange.listen(this::orderChanged);
    }

    /** Starts every process. */
    void begin() {
        people.configure(parts.incarnations().next(dice.positive(1L << 30)));
        for (int place = 0; place < HOSTS.size(); place++) {
            gateways.add(gateway(place));
            recorders.add(recorder(place));
        }
        moveMarket();
    }

    private SimulatedGateway gateway(int place) {
        SimulatedGateway gateway = new SimulatedGateway(this, HOSTS.get(place), parts, metrics);
        gateway.start();
        return gateway;
    }

    private SimulatedRecorder recorder(int place) {
        SimulatedRecorder recorder = new SimulatedRecorder(this, HOSTS.get(place), metrics);
        recorder.start();
        return recorder;
    }

    List<SimulatedGateway> gateways() {
        return gateways;
    }

    List<SimulatedRecorder> recorders() {
        return recorders;
    }

    void runFor(long nanos) {
        scheduler.runUntil(scheduler.nowNanos() + nanos);
    }

    private void moveMarket() {
        for (int symbol = 0; symbol < Market.SYMBOLS.size(); symbol++) {
            market.move(symbol);
        }
        scheduler.after(SECOND_NANOS / 4, this::moveMarket);
    }

    /** The broker tells of a change: sometimes not, sometimes twice. */
    private void orderChanged(String brokerOrderId) {
        for (SimulatedGateway gateway : gateways) {
            int times = dice.chance(0.1) ? 0 : dice.chance(0.05) ? 2 : 1;
            for (int time = 0; time < times; time++) {
                gateway.hint(brokerOrderId);
            }
        }
    }

    Command.ReportTick tick(long session, long epoch, int symbol, long shiftNanos) {
        long price = market.price(symbol);
        return new Command.ReportTick(
                session,
                epoch,
                symbol + 1,
                price,
                1,
                100,
                price,
                price,
                price,
                price,
                price,
                price,
                price - 5,
                10,
                price + 5,
                10,
                market.timeNanos() + shiftNanos,
                1);
    }

    Command.ReportBar bar(long session, long epoch, int symbol) {
        long price = market.price(symbol);
        return new Command.ReportBar(
                session, epoch, symbol + 1, market.timeNanos(), price, price + 5, price - 5, price, 10, 4);
    }

    // What happens to processes

    void freeze(SimulatedProcess process, long nanos) {
        diary.note(() -> process + " freezes for " + nanos / 1_000_000 + " ms");
        process.freeze();
        scheduler.after(nanos, () -> {
            if (process.isFrozen()) {
                diary.note(() -> process + " thaws");
                process.thaw();
            }
        });
    }

    void killGateway(int place, long backAfterNanos) {
        diary.note(() -> "gateway " + HOSTS.get(place) + " is killed");
        gateways.get(place).kill();
        scheduler.after(backAfterNanos, () -> {
            if (!gateways.get(place).process().isAlive()) {
                gateways.set(place, gateway(place));
            }
        });
    }

    void killRecorder(int place, long backAfterNanos) {
        diary.note(() -> "recorder " + HOSTS.get(place) + " is killed");
        recorders.get(place).process().kill();
        scheduler.after(backAfterNanos, () -> {
            if (!recorders.get(place).process().isAlive()) {
                recorders.set(place, recorder(place));
            }
        });
    }

    /** The log and all its copies are lost: a new one is begun, and the projections with it. */
    void bootstrapAnew() {
        diary.note(() -> "the log is lost; a new one begins");
        gateways.forEach(SimulatedGateway::kill);
        recorders.forEach(recorder -> recorder.process().kill());
        gateways.clear();
        recorders.clear();
        cluster.loseEverything();
        invariants.logLost();
        database = parts.databases().get();
        expected = new ExpectedRows();
        people.connect();
        people.configure(parts.incarnations().next(dice.positive(1L << 30)));
        people.control(true);
        for (int place = 0; place < HOSTS.size(); place++) {
            gateways.add(gateway(place));
            recorders.add(recorder(place));
        }
    }

    // Quiet points

    /** The market closes, the broker settles, the final read closes the day; then everything is compared. */
    void endDay() {
        market.leapToClose();
        runFor(2 * SECOND_NANOS);
        exchange.close();
        runFor(4 * SECOND_NANOS);
        for (int wait = 0;
                wait < 60 && !(invariants.phase() == DayPhase.CLOSED && invariants.day() == market.day());
                wait++) {
            runFor(SECOND_NANOS);
        }
        if (invariants.phase() != DayPhase.CLOSED) {
            throw new Violation("NoLostIntent", "the day was not closed within a minute of quiet");
        }
        runFor(SETTLE_NANOS);
        invariants.requireSettled(exchange);
        requireProjectionExact();
    }

    void nextDay() {
        exchange.nextDay();
    }

    void requireProjectionExact() {
        for (int wait = 0; wait < 20 && database.sequence() + 50 < cluster.sequence(); wait++) {
            runFor(SECOND_NANOS);
        }
        if (database.sequence() + 50 < cluster.sequence()) {
            throw new Violation(
                    "ProjectionExact",
                    "the recorders stand at event " + database.sequence() + " of " + cluster.sequence()
                            + " after 20 s of quiet");
        }
        while (expected.sequence() < database.sequence()) {
            Cluster.Recorded next = cluster.event(expected.sequence() + 1);
            expected.add(next.header(), next.event());
        }
        String difference = database.difference(expected);
        if (!difference.isEmpty()) {
            throw new Violation("ProjectionExact", difference);
        }
    }
}
