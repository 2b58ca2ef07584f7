package dev.holdfast.engine;

import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.Origin;
import org.jspecify.annotations.Nullable;

/** Everything the engine knows. Each part owns its state; here events reach the part they change. */
final class State {

    final Clients clients = new Clients();
    final Grants grants = new Grants();
    final Budgets budgets;
    final Orders orders = new Orders();
    final Positions positions = new Positions();
    final Market market;
    final Switches switches = new Switches();
    final Strategies strategies = new Strategies();
    final Reads reads = new Reads();
    final OddRows oddRows = new OddRows();
    final Refusals refusals = new Refusals();
    final Agreement agreement = new Agreement();
    final Digests digests = new Digests();
    final Exits exits;
    final Guards guards;
    final Targets targets = new Targets();

    /** Log time: the time of the command at hand, never going back. */
    long now;

    Event.@Nullable EngineConfigured configuration;
    Event.DayChanged day = new Event.DayChanged(0, DayPhase.NONE, "no day has been opened yet");
    Event.BrokerSessionChanged brokerSession =
            new Event.BrokerSessionChanged(BrokerSessionState.NONE, "no gateway yet");

    State(Budgets budgets, Guards guards) {
        this.budgets = budgets;
        this.guards = guards;
        this.market = new Market(guards.marketTime().get());
        this.exits = guards.exits().apply(this);
    }

    /** Why nothing can be sent at the moment, or empty. */
    String notTradingBecause() {
        Event.EngineConfigured settings = configuration;
        if (settings == null) {
            return "the engine is not configured yet";
        }
        if (switches.isEngaged(SwitchKind.KILL, SwitchScope.ALL, "")) {
            return "the kill switch is engaged";
        }
        String closed = noSenderBecause();
        if (!closed.isEmpty()) {
            return closed;
        }
        if (refusals.areAState(this)) {
            return refusals.because(this);
        }
        if (!marketOpen(settings)) {
            return "the market is closed";
        }
        if (market.feedAgeNanos(now) > settings.staleFeedMillis() * 1_000_000L) {
            return "the market feed is stale";
        }
        if (awaitsCleanRead()) {
            return "the broker's book has not been read since the sender changed or an order became uncertain";
        }
        return "";
    }

    /** Why nothing can be sent about an order that works already, or empty: a stale price does not forbid to change it. */
    String cannotSendBecause() {
        return configuration == null ? "the engine is not configured yet" : noSenderBecause();
    }

    /** Why no call at all can go to the broker, whatever the order; empty when one can. */
    private String noSenderBecause() {
        if (agreement.disagreed()) {
            return "the members disagree about the state";
        }
        if (day.phase() != DayPhase.OPEN) {
            return "the trading day is not open";
        }
        if (!grants.held(GrantKind.SENDER)) {
            return "no gateway may send";
        }
        if (brokerSession.state() != BrokerSessionState.VALID) {
            return "the broker session is " + brokerSession.state() + ": " + brokerSession.detail();
        }
        return "";
    }

    /** Why a strategy waits with its wishes, or empty: what cannot be sent soon is not even wished. */
    String wishesWaitBecause(int instrument, boolean exit) {
        Event.EngineConfigured settings = configuration;
        if (settings == null) {
            return "the engine is not configured yet";
        }
        if (agreement.disagreed()) {
            return "the members disagree about the state";
        }
        if (day.phase() != DayPhase.OPEN) {
            return "the trading day is not open";
        }
        if (brokerSession.state() != BrokerSessionState.VALID) {
            return "the broker session is " + brokerSession.state();
        }
        if (!marketOpen(settings)) {
            return "the market is closed";
        }
        boolean stale = market.tickAgeNanos(instrument, now) > settings.staleFeedMillis() * 1_000_000L;
        return stale && !exit ? "the price is stale" : "";
    }

    boolean marketOpen(Event.EngineConfigured settings) {
        if (settings.alwaysOpen()) {
            return true;
        }
        long second = istSecondOfDay(market.marketTimeNanos());
        return istDay(market.marketTimeNanos()) == day.day()
                && second >= settings.marketOpenSecond()
                && second < settings.marketCloseSecond();
    }

    private static final long IST_OFFSET_SECONDS = 19_800;

    private static long istSecondOfDay(long epochNanos) {
        return Math.floorMod(Math.floorDiv(epochNanos, 1_000_000_000L) + IST_OFFSET_SECONDS, 86_400L);
    }

    private static long istDay(long epochNanos) {
        return Math.floorDiv(Math.floorDiv(epochNanos, 1_000_000_000L) + IST_OFFSET_SECONDS, 86_400L);
    }

    /** Until one clean read begun after the newest uncertainty, nothing new is sent; then only its instrument waits. */
    boolean awaitsCleanRead() {
        return awaitsCleanReadSince() >= 0;
    }

    /** Log time of the oldest thing that no clean read has settled, or -1. */
    long awaitsCleanReadSince() {
        long moved = grants.movedNanos(GrantKind.SENDER);
        long since = moved >= reads.lastCleanBeganNanos() ? moved : -1;
        for (OrderEntry entry : orders.uncertain()) {
            long uncertain = entry.uncertainSinceNanos;
            if (uncertain >= reads.lastCleanBeganNanos() && (since < 0 || uncertain < since)) {
                since = uncertain;
            }
        }
        return since;
    }

    boolean instrumentUncertain(int instrument) {
        for (OrderEntry entry : orders.uncertain()) {
            if (entry.order.instrument() == instrument) {
                return true;
            }
        }
        return false;
    }

    /** Applies an event that was decided. What throws here halts the member: the event is already promised. */
    void apply(Event event) {
        switch (event) {
            case Event.EngineConfigured e -> configuration = e;
            case Event.InstrumentDefined e -> market.apply(e);
            case Event.DayChanged e -> day = e;
            case Event.GrantChanged e -> grants.apply(e);
            case Event.OrderChanged e -> {
                OrderEntry known = orders.find(e.orderNumber());
                long before = known == null ? 0 : known.rowDigest;
                boolean exit = known == null
                        && e.origin() == Origin.INTENT
                        && exits.reducesShare(e.strategy(), e.instrument(), e.product(), e.side());
                digests.replaceOrder(before, orders.apply(e, exit, now).rowDigest);
            }
            case Event.TradeBooked e -> digests.addTrade(e);
            case Event.PositionChanged e -> {
                digests.replacePosition(positions.knows(e) ? positions.before(e) : null, e);
                reads.positionChanged(
                        new Positions.Key(e.instrument(), e.product()),
                        positions.quantity(e.instrument(), e.product()),
                        e.quantity());
                positions.apply(e);
            }
            case Event.ProfitChanged e -> {
                positions.apply(e);
                digests.otherRow();
            }
            case Event.BrokerPositionSeen e -> positions.apply(e);
            case Event.TickApplied e -> market.apply(e, now);
            case Event.FeedChanged e -> market.apply(e);
            case Event.BrokerSessionChanged e -> brokerSession = e;
            case Event.StrategyChanged e -> {
                strategies.apply(e);
                if (e.state() != StrategyState.RUNNING) {
                    targets.end(e.name());
                }
                digests.otherRow();
            }
            case Event.SwitchChanged e -> {
                switches.apply(e);
                if (e.engaged() && e.kind() == SwitchKind.KILL && e.scope() == SwitchScope.INSTRUMENT) {
                    strategies.all().stream()
                            .filter(each -> market.name(each.instrument()).equals(e.target()))
                            .forEach(each -> targets.end(each.name()));
                }
                digests.otherRow();
            }
            case Event.BarApplied e -> digests.otherRow();
            case Event.OperatorActed e -> digests.otherRow();
            case Event.Alarm e -> digests.otherRow();
            case Event.Digest e -> digests.emitted();
            case Event.OrderTermsSeen e -> orders.apply(e);
            case Event.PositionConverted e -> {} // both positions and the shares follow
            case Event.OddRowSeen e -> oddRows.apply(e);
            case Event.SendRequested e -> orders.sendPublished();
            case Event.CheckpointStarted e -> {}
            case Event.CheckpointEnded e -> {}
            case Event.ReadCompleted e -> {}
            case Event.CommandQuarantined e -> {}
            case Event.Pulse e -> {}
            case Event.StateHashed e -> {}
        }
    }

    void save(StateWriter out) {
        out.number(now);
        Event.EngineConfigured settings = configuration;
        out.flag(settings != null);
        if (settings != null) {
            out.event(settings);
        }
        out.event(day);
        out.event(brokerSession);
        clients.save(out);
        grants.save(out);
        budgets.save(out);
        orders.save(out);
        positions.save(out);
        market.save(out);
        switches.save(out);
        strategies.save(out);
        reads.save(out);
        oddRows.save(out);
        targets.save(out);
        refusals.save(out);
        agreement.save(out);
        digests.save(out);
    }

    void load(StateReader in) {
        now = in.number();
        if (in.flag()) {
            configuration = in.event(Event.EngineConfigured.class);
        }
        day = in.event(Event.DayChanged.class);
        brokerSession = in.event(Event.BrokerSessionChanged.class);
        clients.load(in);
        grants.load(in);
        budgets.load(in);
        orders.load(in);
        positions.load(in);
        market.load(in);
        switches.load(in);
        strategies.load(in);
        reads.load(in);
        oddRows.load(in);
        targets.load(in);
        refusals.load(in);
        agreement.load(in);
        digests.load(in);
    }
}
