package dev.holdfast.engine;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.CommandCodec;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventCodec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.MalformedMessage;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.OrderState;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The trading machine. This class only routes: it turns each command and timer into rounds of deciding and applying, hands
 * what was applied to the strategies, then publishes what may be sent.
 */
public final class TradingEngine implements Machine {

    static final long TIMER_NANOS = 100_000_000L;
    /** The timer fires ten times a second: a longer gap means that the log took nothing, as while there is no leader. */
    static final long STALL_NANOS = 3 * TIMER_NANOS;

    static final long PULSE_NANOS = 1_000_000_000L;
    static final long HASH_NANOS = 60_000_000_000L;
    static final long CHECKPOINT_NANOS = 600_000_000_000L;
    static final long QUARANTINE_REPORT_NANOS = 60_000_000_000L;

    /** Rounds of strategies reacting to what their own wishes caused; more is a loop. */
    static final int MAX_REACTIONS = 256;

    private final State state;
    private final OrderDesk desk;
    private final Evidence evidence;
    private final UnreadBook unreadBook;
    private final Operators operators;
    private final TradingDay tradingDay;
    private final Reactions reactions;
    private final Pursuit pursuit;
    private final RestingMarket restingMarket;
    private final Reassignment reassignment;

    private final CommandCodec commands = new CommandCodec();
    private final EventCodec events = new EventCodec();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[EventFrame.MAX_LENGTH]);

    private long sequence;
    private long chainHash = EventFrame.CHAIN_START;
    private long checkpointSequence;
    private long checkpointNanos;
    private long nextTimerNanos;
    private long pulseNanos;
    private long hashNanos;
    private long timerQuarantineNanos;

    /** Applied events the strategies have not seen yet. */
    private final ArrayDeque<Event> unseen = new ArrayDeque<>();

    public TradingEngine() {
        this(new Budgets(), Guards.all());
    }

    TradingEngine(Budgets budgets, Guards guards) {
        this.state = new State(budgets, guards);
        this.desk = new OrderDesk(state);
        this.evidence = new Evidence(state, desk);
        this.unreadBook = new UnreadBook(state);
        this.operators = new Operators(state, desk);
        this.tradingDay = new TradingDay(state);
        this.reactions = new Reactions(state, desk);
        this.pursuit = new Pursuit(state, desk);
        this.restingMarket = guards.resting().apply(state, desk);
        this.reassignment = new Reassignment(state);
    }

    /**
     * An engine to be measured alone: it takes any number of intents and sends none; each ends as NOT_SENT at the first timer
     * after it. All else is as in any engine. No log or file can ask for this, only the code that makes the engine.
     */
    public static TradingEngine unsent() {
        return new TradingEngine(new Budgets(Budgets.UNSENT), Guards.all());
    }

    @Override
    public void onCommand(
            long timestampNanos,
            long clientId,
            long correlationId,
            DirectBuffer buffer,
            int offset,
            int length,
            Output output) {
        advance(timestampNanos, output);
        if (correlationId != 0) {
            Reply known = state.clients.precheck(clientId, correlationId);
            if (known != null) {
                output.reply(known);
                return;
            }
        }
        Answer answer = apply(clientId, correlationId, buffer, offset, length, output);
        followUp(output);
        if (correlationId != 0) {
            Reply reply = new Reply(clientId, correlationId, answer.code(), answer.value(), sequence, answer.text());
            state.clients.answered(reply, state.now);
            output.reply(reply);
        }
    }

    private Answer apply(
            long clientId, long correlationId, DirectBuffer buffer, int offset, int length, Output output) {
        int templateId = length >= 4 ? buffer.getShort(offset + 2, ByteOrder.LITTLE_ENDIAN) & 0xFFFF : 0;
        try {
            Command command = commands.decode(buffer, offset, length);
            if (correlationId == 0 && !(command instanceof Command.ReportTick)) {
                throw new MalformedMessage("only ticks may come without a correlation id");
            }
            String badText = OperatorText.fault(command);
            if (!badText.isEmpty()) {
                return Answer.refused(badText);
            }
            Decision decision = new Decision();
            Answer answer = route(command, decision, output);
            commit(decision, output);
            return answer;
        } catch (ApplyFailed fatal) {
            throw fatal;
        } catch (RuntimeException thrown) {
            String reason = Failures.wordsAndPlace(thrown);
            emit(new Event.CommandQuarantined(clientId, correlationId, templateId, reason), output);
            alarmQuarantined("command " + correlationId + " of client " + clientId + ": " + reason, output);
            return new Answer(ReplyCode.QUARANTINED, 0, reason);
        }
    }

    private Answer route(Command command, Decision decision, Output output) {
        return switch (command) {
            case Command.Configure c -> operators.configure(c, decision);
            case Command.DefineInstrument c -> operators.defineInstrument(c, decision);
            case Command.RenewGrant c -> state.grants.renew(c, state.now, decision, output);
            case Command.ReportSend c -> evidence.sendReported(c, decision);
            case Command.BeginRead c -> {
                boolean tellAll = !state.reads.knowsFigures(c.session());
                decision.change(() -> state.reads.begin(c.session(), c.readId(), state.now));
                yield Answer.ok(tellAll ? 1 : 0);
            }
            case Command.ReportOrder c -> evidence.orderReported(c, decision);
            case Command.ReportTrade c -> evidence.tradeReported(c, decision);
            case Command.ReportPosition c -> {
                if (state.market.instrument(c.instrument()) == null) {
                    yield Answer.refused("unknown instrument " + c.instrument());
                }
                Positions.Key key = new Positions.Key(c.instrument(), c.product());
                decision.change(() -> state.reads.figure(c.session(), key, c.quantity()));
                yield Answer.OK;
            }
            case Command.ReportOddRow c -> state.oddRows.reported(state, c, decision);
            case Command.ReportFitness c -> state.grants.fitnessReported(c, state.now, decision);
            case Command.EndRead c -> evidence.readEnded(c, decision);
            case Command.ReportOpening c -> tradingDay.opening(c, decision);
            case Command.OpenDay c -> tradingDay.open(c, decision);
            case Command.CloseDay c -> tradingDay.close(c, decision);
            case Command.ReportTick c -> Feed.tick(state, c, decision);
            case Command.ReportBar c -> Feed.bar(state, c, decision);
            case Command.ReportFeed c -> Feed.changed(state, c, decision);
            case Command.ReportBrokerSession c -> Feed.brokerSession(state, c, decision);
            case Command.PlaceOrder c -> {
                Risk.Proposal proposal = new Risk.Proposal(
                        Strategies.MANUAL,
                        c.instrument(),
                        c.side(),
                        c.product(),
                        c.orderType(),
                        c.quantity(),
                        c.pricePaise());
                Answer answer = desk.wish(proposal, c.clientKey(), c.user(), c.reason(), decision);
                yield recorded(answer, c.user(), "place order", "order " + answer.value(), c.reason(), decision);
            }
            case Command.ModifyOrder c ->
                recorded(
                        desk.modify(c, decision),
                        c.user(),
                        "modify order",
                        "order " + c.orderNumber(),
                        c.reason(),
                        decision);
            case Command.CancelOrder c ->
                recorded(
                        desk.cancel(c, decision),
                        c.user(),
                        "cancel order",
                        "order " + c.orderNumber(),
                        c.reason(),
                        decision);
            case Command.ResolveOrder c ->
                recorded(
                        desk.resolve(c, decision),
                        c.user(),
                        "resolve order as " + c.resolution(),
                        "order " + c.orderNumber(),
                        c.reason(),
                        decision);
            case Command.DefineStrategy c ->
                recorded(
                        operators.defineStrategy(c, decision),
                        c.user(),
                        "define strategy",
                        c.name(),
                        c.kind(),
                        decision);
            case Command.ControlStrategy c ->
                recorded(
                        operators.controlStrategy(c, decision),
                        c.user(),
                        c.start() ? "start strategy" : "stop strategy",
                        c.name(),
                        c.reason(),
                        decision);
            case Command.AssignPosition c ->
                recorded(
                        reassignment.assign(c, decision),
                        c.user(),
                        "assign position",
                        c.quantity() + " " + state.market.name(c.instrument()) + " to " + c.strategy(),
                        c.reason(),
                        decision);
            case Command.RecordAct c -> {
                decision.emit(new Event.OperatorActed(c.user(), c.action(), c.target(), c.reason(), c.result()));
                yield Answer.OK;
            }
            case Command.SetSwitch c ->
                recorded(
                        operators.setSwitch(c, decision),
                        c.user(),
                        (c.engaged() ? "engage " : "release ") + c.kind() + " " + c.scope(),
                        c.target(),
                        c.reason(),
                        decision);
            case Command.ReportStateHash c -> state.agreement.report(c, decision, output);
            case Command.ReportRenewal c -> state.grants.renewalReported(c, state.now, decision);
            case Command.Probe c -> Answer.ok(checkpointSequence);
        };
    }

    private static Answer recorded(
            Answer answer, String user, String action, String target, String reason, Decision decision) {
        String result = answer.code() == ReplyCode.OK ? "accepted" : answer.text();
        decision.emit(new Event.OperatorActed(user, action, target, reason, result));
        return answer;
    }

    @Override
    public void onTimer(long timestampNanos, Output output) {
        advance(timestampNanos, output);
        round(d -> state.grants.expire(state.now, d, output), output);
        round(desk::timeOut, output);
        long beforeNanos = nextTimerNanos - TIMER_NANOS;
        round(d -> unreadBook.alarm(beforeNanos, d), output);
        round(restingMarket::onTimer, output);
        for (Event.StrategyChanged strategy : List.copyOf(state.strategies.all())) {
            round(d -> reactions.onTimer(strategy.name(), d), output);
            placeAsked(strategy.name(), output);
        }
        followUp(output);
        state.orders.retire(state.now);
        if (state.digests.rowsSinceDigest() > 0) {
            emit(state.digests.event(), output);
        }
        if (state.now - pulseNanos >= PULSE_NANOS) {
            pulseNanos = state.now;
            emit(pulse(), output);
        }
        if (state.now - checkpointNanos >= CHECKPOINT_NANOS) {
            checkpoint(output);
        }
        nextTimerNanos = state.now + TIMER_NANOS;
        output.scheduleTimer(nextTimerNanos);
        if (state.now - hashNanos >= HASH_NANOS) {
            hashNanos = state.now;
            output.stateHashed(sequence, stateHash());
        }
    }

    @Override
    public void onLeadershipTerm(long timestampNanos, long leadershipTerm, int leader, Output output) {
        state.grants.termBegan(leadershipTerm);
    }

    /** Log time never goes back. The first input ever also starts the timer and the event stream. */
    private void advance(long timestampNanos, Output output) {
        long gapNanos = timestampNanos - state.now;
        if (gapNanos > STALL_NANOS && nextTimerNanos != 0) {
            state.grants.stalled(gapNanos);
        }
        state.now = Math.max(state.now, timestampNanos);
        if (checkpointSequence == 0) {
            checkpoint(output);
            hashNanos = state.now;
        }
        // Also when the timer was lost or the clock leapt: the machine must never stand still.
        if (nextTimerNanos == 0 || state.now > nextTimerNanos + 10 * TIMER_NANOS) {
            nextTimerNanos = state.now + TIMER_NANOS;
            output.scheduleTimer(nextTimerNanos);
        }
    }

    private void followUp(Output output) {
        drain(output);
        round(desk::dispatch, output);
        // What dispatch sent is of no interest to a strategy, what it ended is.
        unseen.removeIf(event ->
                !(event instanceof Event.OrderChanged order) || !order.state().isTerminal());
        drain(output);
        unseen.clear();
        if (state.digests.rowsSinceDigest() >= Digests.MAX_ROWS_BETWEEN) {
            emit(state.digests.event(), output);
        }
    }

    private void drain(Output output) {
        int rounds = 0;
        while (!unseen.isEmpty()) {
            Event event = unseen.removeFirst();
            if (event instanceof Event.GrantChanged grant && grant.kind() == GrantKind.SENDER) {
                round(desk::senderLost, output);
            }
            Positions.Key touched = closes(event);
            if (touched != null) {
                round(d -> desk.cancelExcess(touched.instrument(), touched.product(), d), output);
            }
            if (event instanceof Event.OrderChanged order
                    && order.state().isTerminal()
                    && order.previousState() != order.state()) {
                round(d -> pursuit.ended(order, d), output);
            }
            for (String strategy : reactions.interested(event)) {
                if (++rounds > MAX_REACTIONS) {
                    round(d -> reactions.fail(strategy, "it reacted to its own orders without end", d), output);
                } else {
                    round(d -> reactions.onEvent(strategy, event, d), output);
                }
                placeAsked(strategy, output);
            }
        }
    }

    /** The position of which there may now be less to close than strategies' exits close. */
    private static Positions.@Nullable Key closes(Event event) {
        return switch (event) {
            case Event.TradeBooked trade -> new Positions.Key(trade.instrument(), trade.product());
            case Event.BrokerPositionSeen seen -> new Positions.Key(seen.instrument(), seen.product());
            case Event.OrderChanged order ->
                Strategies.isStrategy(order.strategy()) || order.state().isTerminal()
                        ? null
                        : new Positions.Key(order.instrument(), order.product());
            default -> null; // changes neither positions nor what works against them
        };
    }

    /** Takes the strategy's next step towards its target, then places the single orders that it asked for. */
    private void placeAsked(String strategy, Output output) {
        round(d -> pursuit.work(strategy, d), output);
        for (Reactions.Asked asked : reactions.takeAsked()) {
            round(d -> desk.wish(asked.proposal(), "", "", asked.reason(), d), output);
        }
    }

    private void round(Consumer<Decision> handler, Output output) {
        try {
            Decision decision = new Decision();
            handler.accept(decision);
            commit(decision, output);
        } catch (ApplyFailed fatal) {
            throw fatal;
        } catch (RuntimeException thrown) {
            // It would throw again ten times a second: said once a minute.
            if (state.now - timerQuarantineNanos >= QUARANTINE_REPORT_NANOS) {
                String reason = Failures.wordsAndPlace(thrown);
                emit(new Event.CommandQuarantined(0, 0, 0, reason), output);
                alarmQuarantined("the engine's own work: " + reason, output);
            }
        }
    }

    /** A person should look; but poison that keeps coming must not flood the alarms. */
    private void alarmQuarantined(String what, Output output) {
        if (state.now - timerQuarantineNanos >= QUARANTINE_REPORT_NANOS) {
            timerQuarantineNanos = state.now;
            emit(new Event.Alarm(Severity.CRITICAL, "quarantine", what + "; it changed nothing"), output);
        }
    }

    private void commit(Decision decision, Output output) {
        for (Decision.Effect effect : decision.effects()) {
            try {
                switch (effect) {
                    case Decision.Emit emit -> {
                        emit(emit.event(), output);
                        unseen.addLast(emit.event());
                    }
                    case Decision.Change change -> change.change().run();
                }
            } catch (RuntimeException thrown) {
                throw new ApplyFailed("a decided effect could not be applied: " + effect, thrown);
            }
        }
    }

    /** Thrown while applying: state may be half-changed, so the member must halt. */
    private static final class ApplyFailed extends RuntimeException {
        ApplyFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private void emit(Event event, Output output) {
        publish(event, output);
        state.apply(event);
    }

    private void publish(Event event, Output output) {
        int length = events.encode(event, frame, EventFrame.HEADER_LENGTH);
        sequence++;
        chainHash = EventFrame.seal(frame, length, sequence, chainHash, state.now);
        output.event(sequence, frame, 0, EventFrame.HEADER_LENGTH + length);
    }

    /** Whether it can trade at its last input's time, and what is left of the budgets. */
    public Event.Pulse pulse() {
        Event.EngineConfigured settings = state.configuration;
        Budgets.@Nullable Limits limits = settings == null ? null : state.budgets.limits(settings.profile());
        String because = state.notTradingBecause();
        long feedAgeNanos = state.market.feedAgeNanos(state.now);
        return new Event.Pulse(
                because.isEmpty(),
                state.market.marketTimeNanos(),
                feedAgeNanos == Long.MAX_VALUE ? -1 : feedAgeNanos / 1_000_000,
                limits == null ? 0 : state.budgets.secondLeft(limits, state.now),
                limits == null ? 0 : state.budgets.minuteLeft(limits, state.now),
                limits == null ? 0 : state.budgets.dayLeft(limits),
                state.orders.uncertain().size(),
                count(s -> s == OrderState.HELD),
                count(OrderState::isWorking),
                because);
    }

    private int count(Function<OrderState, Boolean> test) {
        int count = 0;
        for (OrderEntry entry : state.orders.live()) {
            if (test.apply(entry.order.state())) {
                count++;
            }
        }
        return count;
    }

    /** Repeats the present state, so that a new reader need not read the past. */
    private void checkpoint(Output output) {
        checkpointNanos = state.now;
        publish(new Event.CheckpointStarted(), output);
        checkpointSequence = sequence;
        present().forEach(event -> publish(event, output));
        publish(new Event.CheckpointEnded(), output);
    }

    /** The present state, as the events that a reader who knows nothing needs. */
    public List<Event> present() {
        List<Event> present = new ArrayList<>();
        if (state.configuration != null) {
            present.add(state.configuration);
        }
        present.addAll(state.market.instruments());
        present.add(state.day);
        for (GrantKind kind : GrantKind.values()) {
            present.add(state.grants.grant(kind));
        }
        present.add(state.brokerSession);
        present.add(state.market.feed());
        present.addAll(state.switches.engaged());
        present.addAll(state.strategies.all());
        for (OrderEntry entry : state.orders.live()) {
            present.add(entry.order);
            if (entry.terms != null) {
                present.add(entry.terms);
            }
        }
        present.addAll(state.oddRows.standing());
        present.addAll(state.positions.account());
        present.addAll(state.positions.shares());
        present.addAll(state.positions.brokers());
        present.addAll(state.market.ticks());
        return present;
    }

    /** Log time of the last input, epoch nanoseconds; 0 before the first. */
    public long logTimeNanos() {
        return state.now;
    }

    /** The chain hash of the last event. */
    public long chainHash() {
        return chainHash;
    }

    /** Each strategy's own state in words, by name. */
    public Map<String, String> strategyStates() {
        Map<String, String> states = state.strategies.describe();
        states.replaceAll((name, words) -> {
            Targets.Target target = state.targets.find(name);
            return target == null
                    ? words
                    : words + " target=" + target.quantity()
                            + (target.failures() == 0 ? "" : " failures=" + target.failures());
        });
        return states;
    }

    @Override
    public void snapshot(SnapshotSink sink) {
        save().sendTo(sink);
    }

    private StateWriter save() {
        StateWriter out = new StateWriter();
        out.number(sequence);
        out.number(chainHash);
        out.number(checkpointSequence);
        out.number(checkpointNanos);
        out.number(nextTimerNanos);
        out.number(pulseNanos);
        out.number(hashNanos);
        out.number(timerQuarantineNanos);
        state.save(out);
        return out;
    }

    @Override
    public void restore(SnapshotSource source) {
        StateReader in = new StateReader(source);
        try {
            sequence = in.number();
            chainHash = in.number();
            checkpointSequence = in.number();
            checkpointNanos = in.number();
            nextTimerNanos = in.number();
            pulseNanos = in.number();
            hashNanos = in.number();
            timerQuarantineNanos = in.number();
            state.load(in);
            in.requireEnd();
        } catch (CorruptSnapshot corrupt) {
            throw corrupt;
        } catch (RuntimeException unreadable) {
            throw new CorruptSnapshot("snapshot cannot be read: " + unreadable);
        }
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long stateHash() {
        return save().hash();
    }
}
