package dev.holdfast.simulation;

import dev.holdfast.broker.BrokerSession;
import dev.holdfast.broker.Calendar;
import dev.holdfast.broker.GatewayCore;
import dev.holdfast.broker.OrderCall;
import dev.holdfast.broker.OrderSender;
import dev.holdfast.broker.SendAnswer;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.runtime.Configuration;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** One gateway process, from its start to its death: the real core, and in place of threads what those threads would do. */
final class SimulatedGateway {

    /** Makes the core of a gateway; the tests make one without a safeguard. */
    @FunctionalInterface
    interface Cores {
        GatewayCore make(GatewayCore.Identity identity, GatewayCore.World world);
    }

    static final String NO_CONNECTION = "no connection to the broker";
    static final String ADDRESS_REFUSED = "IP address is not allowed";

    private static final long CALL_TIMEOUT_NANOS = 3_000_000_000L;
    private static final long TICK_NANOS = 250_000_000L;
    private static final long RETRY_NANOS = 200_000_000L;
    private static final int BARS_EVERY_TICKS = 10;

    private final World world;
    private final SimulatedProcess process;
    private final ClusterClient log;
    private final Network network;
    private final Connection connection;
    private final GatewayCore core;
    private final Dice dice;
    private final Parts.Freshness freshness;
    private long sequence = -1;
    private boolean deliveryAsked;
    private boolean turnUnderWay;
    private long deskWakes;
    private long sendWakes;
    private long ticks;
    private @Nullable Coroutine turn;

    /** What the next order calls suffer. */
    private CallFault callFault = CallFault.NONE;

    private int callFaults;

    enum CallFault {
        NONE,
        LOST,
        ANSWER_LOST,
        ANSWER_LATE,
        SERVER_ERROR,
        FROZEN_BEFORE_WRITE,
        TOO_MANY,
        FORBIDDEN,
        SLOW
    }

    /** Until when the broker refuses orders from this gateway's address; what it reads is not concerned. */
    private long addressRefusedUntilNanos;

    /** Until when its ticker's connection stands and brings no ticks. */
    private long muteUntilNanos;

    private long lastTickNanos;

    /** Distance of the next ticks' market times from the market's own. */
    private long tickShiftNanos;

    private int shiftedSymbol;
    private int shiftedTicks;

    SimulatedGateway(World world, String host, Parts parts, MeterRegistry metrics) {
        this.world = world;
        this.freshness = parts.freshness();
        this.dice = world.dice.split();
        this.process = new SimulatedProcess(world.scheduler, "gateway " + host, dice.millis(-20, 20));
        this.network = new Network(dice.split(), world.scheduler);
        this.log = new ClusterClient(world.cluster, process, world.scheduler, network);
        this.connection = new Connection(world.exchange, world.calm, log, dice.split(), world.scheduler);
        Configuration.Broker broker =
                new Configuration.Broker(true, "", world.profile, Market.OPEN, Market.CLOSE, "", "", "");
        this.core = parts.cores()
                .make(
                        new GatewayCore.Identity(
                                dice.positive(Long.MAX_VALUE),
                                host,
                                world.profile,
                                new Calendar(broker, process::wallNanos),
                                Market.CONFIGURED),
                        new GatewayCore.World(
                                log,
                                connection,
                                new AlwaysValid(),
                                process::monotonicNanos,
                                process::wallNanos,
                                again -> process.after(RETRY_NANOS, again),
                                metrics));
    }

    SimulatedProcess process() {
        return process;
    }

    Network network() {
        return network;
    }

    Connection connection() {
        return connection;
    }

    void start() {
        core.feedReady(true);
        core.brokerSessionChanged(BrokerSessionState.VALID, "");
        findCheckpoint();
        renew();
        tick();
        desk();
    }

    void kill() {
        process.kill();
        Coroutine running = turn;
        if (running != null) {
            running.kill();
        }
    }

    void fail(CallFault fault, int calls) {
        callFault = fault;
        callFaults = calls;
    }

    /** The broker refuses orders from this address. */
    void refuseAddress(long nanos) {
        addressRefusedUntilNanos = world.scheduler.nowNanos() + nanos;
    }

    /** Neither orders nor reads reach the broker, nor its ticks this gateway. */
    void cutOff(long nanos) {
        connection.cutOffFor(nanos);
        mute(nanos);
    }

    /** Its ticker goes on connected, and no tick comes. */
    void mute(long nanos) {
        muteUntilNanos = world.scheduler.nowNanos() + nanos;
    }

    boolean hasTicks() {
        return process.isAlive() && !process.isFrozen() && world.scheduler.nowNanos() >= muteUntilNanos;
    }

    /** Whether this gateway has ticks, reaches the broker and may order from its address. */
    boolean isWell() {
        return hasTicks() && !connection.isCutOff() && world.scheduler.nowNanos() >= addressRefusedUntilNanos;
    }

    /** The next ticks of one symbol bear times so far from the market's. */
    void shiftTicks(int symbol, int ticks, long nanos) {
        shiftedSymbol = symbol;
        shiftedTicks = ticks;
        tickShiftNanos = nanos;
    }

    void heal() {
        fail(CallFault.NONE, 0);
        network.heal();
        connection.heal();
        addressRefusedUntilNanos = 0;
        muteUntilNanos = 0;
        shiftedTicks = 0;
        process.correctWallClock();
        process.thaw();
    }

    // Events

    private void findCheckpoint() {
        var _ = log.submit(new Command.Probe()).whenComplete((reply, failure) -> {
            if (failure == null && reply.value() > 0) {
                sequence = reply.value() - 1;
                eventsWaiting();
            } else {
                process.after(RETRY_NANOS, this::findCheckpoint);
            }
        });
    }

    /** There are events this process has not read. */
    void eventsWaiting() {
        if (!deliveryAsked && process.isAlive() && sequence >= 0 && sequence < world.cluster.sequence()) {
            deliveryAsked = true;
            process.after(network.eventLag(), this::deliver);
        }
    }

    private void deliver() {
        deliveryAsked = false;
        while (sequence < world.cluster.sequence()) {
            sequence++;
            core.onEvent(world.cluster.event(sequence).event());
        }
        act();
    }

    /** The transport may bring events again: applying one twice must change nothing. */
    void deliverAgain(int events) {
        for (long again = Math.max(1, sequence - events); again <= sequence; again++) {
            core.onEvent(world.cluster.event(again).event());
        }
        act();
    }

    /** Whatever happened, something may be due. */
    private void act() {
        send();
        desk();
    }

    // Grants

    private void renew() {
        core.renewGrants();
        act();
        process.after(GatewayCore.RENEWAL.toNanos(), this::renew);
    }

    // Orders

    private void send() {
        OrderSender.Sending sending = core.nextSend();
        while (sending != null) {
            OrderSender.Sending begun = sending;
            CallFault fault = callFaults > 0 ? callFault : CallFault.NONE;
            callFaults = Math.max(0, callFaults - 1);
            process.after(dice.micros(100, 900), () -> connected(begun, fault));
            sending = core.nextSend();
        }
        long waitNanos = core.sendWaitNanos();
        if (waitNanos != Long.MAX_VALUE) {
            long wake = ++sendWakes;
            process.after(waitNanos + 1, () -> {
                if (wake == sendWakes) {
                    send();
                }
            });
        }
    }

    /** The connection stands: the last question, then the write. */
    private void connected(OrderSender.Sending sending, CallFault fault) {
        if (!sending.mayWrite()) {
            answered(sending, SendAnswer.notSent("the right to send ended before the order was written"));
            return;
        }
        if (connection.isCutOff()) {
            process.after(dice.millis(1, 1_000), () -> answered(sending, SendAnswer.notSent(NO_CONNECTION)));
            return;
        }
        world.invariants.sendBegins(sending, core.session());
        world.diary.note(() -> process + " writes " + sending.call().action() + " "
                + sending.call().tag() + " epoch " + sending.request().epoch() + " fault " + fault);
        boolean[] over = {false};
        process.after(CALL_TIMEOUT_NANOS, () -> finish(over, sending, SendAnswer.uncertain("", "no whole answer")));
        switch (fault) {
            case LOST -> {}
            case FROZEN_BEFORE_WRITE -> {
                // The process stops between the question and the write; what it writes then is not asked about again.
                world.freeze(process, dice.millis(100, 12_000));
                process.after(0, () -> travel(over, sending, fault));
            }
            case NONE, ANSWER_LOST, ANSWER_LATE, SERVER_ERROR, TOO_MANY, FORBIDDEN, SLOW ->
                travel(over, sending, fault);
        }
    }

    private void travel(boolean[] over, OrderSender.Sending sending, CallFault fault) {
        long there = fault == CallFault.SLOW ? dice.millis(500, 5_000) : dice.micros(200, 2_000);
        world.scheduler.after(there, () -> arrive(over, sending, fault));
    }

    private void arrive(boolean[] over, OrderSender.Sending sending, CallFault fault) {
        OrderCall call = sending.call();
        if (fault == CallFault.TOO_MANY) {
            answerAfter(over, sending, SendAnswer.refused("NetworkException", "Too many requests", true), 1);
            return;
        }
        if (fault == CallFault.FORBIDDEN || world.scheduler.nowNanos() < addressRefusedUntilNanos) {
            answerAfter(over, sending, SendAnswer.refused("PermissionException", ADDRESS_REFUSED, false), 1);
            return;
        }
        boolean reached = fault != CallFault.SERVER_ERROR || dice.chance(0.5);
        SendAnswer answer = reached ? world.exchange.receive(call) : SendAnswer.notSent("");
        switch (fault) {
            case SERVER_ERROR -> answerAfter(over, sending, SendAnswer.uncertain("", "HTTP 502"), 1);
            case ANSWER_LOST, LOST -> {}
            case ANSWER_LATE -> answerAfter(over, sending, answer, dice.millis(1_000, 6_000));
            case NONE, FROZEN_BEFORE_WRITE, TOO_MANY, FORBIDDEN, SLOW ->
                answerAfter(over, sending, answer, dice.micros(200, 2_000));
        }
    }

    private void answerAfter(boolean[] over, OrderSender.Sending sending, SendAnswer answer, long nanos) {
        process.after(nanos, () -> finish(over, sending, answer));
    }

    /** The first of answer and time-out counts. */
    private void finish(boolean[] over, OrderSender.Sending sending, SendAnswer answer) {
        if (!over[0]) {
            over[0] = true;
            answered(sending, answer);
        }
    }

    private void answered(OrderSender.Sending sending, SendAnswer answer) {
        world.diary.note(() -> process + " hears of send " + sending.request().sendNumber() + " "
                + (sending.call().action() == SendAction.PLACE ? sending.call().tag() : "") + ": " + answer.outcome()
                + " " + answer.brokerOrderId() + answer.message());
        core.answered(sending, answer);
        act();
    }

    // The desk

    /** The broker tells that an order changed. */
    void hint(String brokerOrderId) {
        process.after(dice.micros(500, 5_000), () -> {
            core.hint(brokerOrderId);
            desk();
        });
    }

    private void desk() {
        if (turnUnderWay || !process.isAlive()) {
            return; // a turn begun by a dead process would never end
        }
        long waitNanos = core.deskWaitNanos();
        if (waitNanos > 0) {
            long wake = ++deskWakes;
            process.after(waitNanos, () -> {
                if (wake == deskWakes) {
                    desk();
                }
            });
            return;
        }
        turnUnderWay = true;
        Coroutine code = new Coroutine(() -> {
            core.deskTurn();
            log.waitIn(null);
            turnUnderWay = false;
            process.after(0, this::desk);
        });
        turn = code;
        log.waitIn(code);
        code.resume();
    }

    // The feed

    private void tick() {
        ticks++;
        boolean came = hasTicks();
        if (came) {
            lastTickNanos = world.scheduler.nowNanos();
        }
        core.feedFit(freshness.isFresh(world.scheduler.nowNanos() - lastTickNanos) ? "" : "no tick for 2 s");
        long epoch = core.feedEpoch();
        if (epoch != 0 && came) {
            boolean shifted = shiftedTicks > 0;
            shiftedTicks = Math.max(0, shiftedTicks - 1);
            for (int symbol = 0; symbol < Market.CONFIGURED.size(); symbol++) {
                log.offer(world.tick(
                        core.session(), epoch, symbol, shifted && symbol == shiftedSymbol ? tickShiftNanos : 0));
                if (ticks % BARS_EVERY_TICKS == 0) {
                    var _ = log.submit(world.bar(core.session(), epoch, symbol));
                }
            }
        }
        process.after(TICK_NANOS, this::tick);
    }

    /** Kite's login is not modelled: the token is always accepted. */
    private static final class AlwaysValid implements BrokerSession {
        @Override
        public BrokerSessionState state() {
            return BrokerSessionState.VALID;
        }

        @Override
        public boolean ensure() {
            return true;
        }
    }
}
