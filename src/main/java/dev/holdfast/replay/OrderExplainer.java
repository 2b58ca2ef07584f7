package dev.holdfast.replay;

import static dev.holdfast.types.Amounts.rupees;

import dev.holdfast.cluster.RecordedEvents;
import dev.holdfast.cluster.RecordedInputs;
import dev.holdfast.cluster.RecordedLog;
import dev.holdfast.engine.TradingEngine;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.CommandCodec;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventCodec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.MalformedMessage;
import dev.holdfast.replay.OrderStory.Kind;
import dev.holdfast.types.OrderState;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells an order's story: replays the log from before its first event to its last, and keeps each command and event that
 * concerns it, the tick before it and its strategy's state at the wish.
 */
public final class OrderExplainer implements Watcher {

    private final RecordedLog log;
    private final OrderSearch found;
    private final OrderStory.Steps steps = new OrderStory.Steps();
    private final CommandCodec commands = new CommandCodec();
    private final Map<Integer, Tick> ticks = new TreeMap<>();
    private final Map<Integer, String> instruments = new TreeMap<>();
    private @Nullable TradingEngine engine;
    private Event.@Nullable OrderChanged order;
    private @Nullable Command command;
    private @Nullable String stateBefore;
    private boolean repeating;

    private record Tick(long sequence, long timeNanos, Event.TickApplied tick) {}

    /** @throws Impossible if no event is about this order */
    public OrderExplainer(RecordedLog log, String id) {
        this.log = log;
        this.found = OrderSearch.find(log.events(), id);
    }

    /** The last event before the order's first. */
    public long afterSequence() {
        return found.first() - 1;
    }

    public long toSequence() {
        return found.last();
    }

    /** The whole story. */
    public OrderStory explain() {
        Replay.Result result = new Replay(log).to(Target.sequence(found.last()), found.first(), this);
        return story(
                result.agrees()
                        ? null
                        : "the replay differs from the recording: "
                                + result.witness().difference());
    }

    /** What the events alone tell. */
    public OrderStory explainByEvents(String why) {
        EventCodec codec = new EventCodec();
        RecordedEvents.Cursor cursor = log.events().after(0);
        while (cursor.sequence() < found.last() && cursor.next()) {
            event(EventFrame.header(cursor.buffer(), cursor.offset()), OrderSearch.decode(codec, cursor));
        }
        return story(why);
    }

    private OrderStory story(@Nullable String missing) {
        return new OrderStory(java.util.Objects.requireNonNull(order), steps.all(), missing);
    }

    @Override
    public void begins(TradingEngine engine) {
        this.engine = engine;
        for (Event event : engine.present()) {
            learn(engine.sequence(), engine.logTimeNanos(), event);
        }
    }

    @Override
    public void before(RecordedInputs input, TradingEngine engine) {
        command = input.isCommand() ? decode(input) : null;
        if (order == null) {
            stateBefore =
                    found.strategy().isEmpty() ? null : engine.strategyStates().get(found.strategy());
        } else if (command != null) {
            OrderCommands.step(command, order)
                    .ifPresent(step -> steps.add(input.timestampNanos(), engine.sequence(), step.kind(), step.text()));
        }
    }

    private @Nullable Command decode(RecordedInputs input) {
        try {
            return commands.decode(input.buffer(), input.offset(), input.length());
        } catch (MalformedMessage quarantined) {
            return null; // concerns no order
        }
    }

    @Override
    public void event(EventHeader header, Event event) {
        repeating = OrderSearch.repeats(event, repeating);
        learn(header.sequence(), header.logTimeNanos(), event);
        if (repeating || !OrderSearch.concerns(event, found.orderNumber())) {
            return;
        }
        if (order == null && event instanceof Event.OrderChanged first) {
            wished(header, first);
        }
        switch (event) {
            case Event.OrderChanged changed -> {
                boolean risk = changed.previousState() == OrderState.WISHED;
                steps.add(header.logTimeNanos(), header.sequence(), risk ? Kind.RISK : Kind.STATE, words(changed));
                order = changed;
            }
            case Event.SendRequested send ->
                steps.add(
                        header.logTimeNanos(),
                        header.sequence(),
                        Kind.SEND,
                        send.action() + " number " + send.sendNumber() + " under epoch " + send.epoch()
                                + ", to begin within "
                                + (send.notAfterNanos() - header.logTimeNanos()) / 1_000_000 + " ms, tag "
                                + send.tag());
            case Event.OrderTermsSeen seen ->
                steps.add(
                        header.logTimeNanos(),
                        header.sequence(),
                        Kind.STATE,
                        "the broker's book shows " + seen.brokerOrderId() + " as " + seen.orderType() + " "
                                + seen.quantity()
                                + (seen.pricePaise() == 0 ? "" : " at " + rupees(seen.pricePaise())));
            case Event.TradeBooked trade ->
                steps.add(
                        header.logTimeNanos(),
                        header.sequence(),
                        Kind.TRADE,
                        trade.side() + " " + trade.quantity() + " at " + rupees(trade.pricePaise()) + ", trade "
                                + trade.tradeId());
            case Event.Alarm alarm ->
                steps.add(header.logTimeNanos(), header.sequence(), Kind.ALARM, alarm.severity() + ": " + alarm.text());
            default -> {} // concerns() lets nothing else through
        }
    }

    private void wished(EventHeader header, Event.OrderChanged first) {
        Tick tick = ticks.get(first.instrument());
        if (tick != null) {
            steps.add(
                    tick.timeNanos,
                    tick.sequence,
                    Kind.TICK,
                    name(first) + " last " + rupees(tick.tick.lastPricePaise()) + ", bid "
                            + rupees(tick.tick.bidPaise()) + ", ask " + rupees(tick.tick.askPaise()));
        }
        if (stateBefore != null) {
            steps.add(
                    header.logTimeNanos(),
                    header.sequence() - 1,
                    Kind.STRATEGY,
                    first.strategy() + " before: " + stateBefore);
        }
        TradingEngine present = engine;
        if (present != null) {
            String state = present.strategyStates().get(first.strategy());
            if (state != null) {
                steps.add(
                        header.logTimeNanos(),
                        header.sequence() - 1,
                        Kind.STRATEGY,
                        first.strategy() + " after: " + state);
            }
            steps.add(header.logTimeNanos(), header.sequence() - 1, Kind.WISH, OrderCommands.cause(command, first));
        }
    }

    private void learn(long sequence, long timeNanos, Event event) {
        if (event instanceof Event.TickApplied tick && !repeating) {
            ticks.put(tick.instrument(), new Tick(sequence, timeNanos, tick));
        } else if (event instanceof Event.InstrumentDefined defined) {
            instruments.put(defined.instrument(), defined.exchange() + ":" + defined.symbol());
        }
    }

    private String words(Event.OrderChanged changed) {
        String terms = changed.side() + " " + changed.quantity() + " " + name(changed) + " "
                + (changed.pricePaise() == 0 ? "at market" : "at " + rupees(changed.pricePaise()));
        return changed.previousState() + " -> " + changed.state() + ", " + terms + ", filled "
                + changed.filledQuantity()
                + (changed.brokerOrderId().isEmpty() ? "" : ", broker id " + changed.brokerOrderId())
                + (changed.cancelWanted() ? ", cancel wanted" : "")
                + (changed.reason().isEmpty() ? "" : ": " + changed.reason());
    }

    private String name(Event.OrderChanged of) {
        return instruments.getOrDefault(of.instrument(), "#" + of.instrument());
    }
}
