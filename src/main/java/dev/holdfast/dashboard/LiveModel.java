package dev.holdfast.dashboard;

import dev.holdfast.log.LogStatus;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.FeedState;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Severity;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.Product;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The present, as the event stream tells it. One thread applies events, others read; every change gets a version, so a
 * reader asks for what changed since the version it has. All it keeps is bounded.
 *
 * <p>A checkpoint that follows {@link #expectCheckpoint} replaces everything. Any other repeats what is known already and is
 * passed over, so the charts and the finished orders live on.
 */
final class LiveModel implements EventFollower.Model<Event> {

    static final int MAX_ORDERS = 200;
    static final int MAX_FILLS = 500;
    static final int MAX_NOTES = 100;
    static final int MAX_RECOVERIES = 100;
    static final int MAX_INSTRUMENTS = 1_000;
    static final int MAX_ROWS = 1_000;

    /** The engine pulses each second; after three missed ones its last word is no longer the present. */
    static final long STALE_AFTER_MILLIS = 3_500;

    private record PositionKey(int instrument, Product product) {}

    private record ProfitKey(String strategy, int instrument, Product product) {}

    private record SwitchKey(SwitchKind kind, SwitchScope scope, String target) {}

    private final LongSupplier nanoTime;
    private final LongSupplier wallMillis;

    private long version;
    private long resetVersion;
    private boolean expectingCheckpoint = true;
    private boolean insideCheckpoint;
    private boolean loaded;
    private boolean released;
    private long sequence;
    private long lastEventNanoTime;
    private long lastPulseNanoTime;
    private long streamLagMillis;
    private long newestMillis;

    private Event.@Nullable EngineConfigured configured;
    private Event.@Nullable DayChanged day;
    private Event.@Nullable Pulse pulse;
    private Event.FeedChanged feed = new Event.FeedChanged(FeedState.DISCONNECTED, 0, "");
    private Event.BrokerSessionChanged brokerSession = new Event.BrokerSessionChanged(BrokerSessionState.NONE, "");

    private final Table<GrantKind, LiveView.Grant> grants = new Table<>(GrantKind.values().length, grant -> false);
    private final Table<SwitchKey, LiveView.Switch> switches = new Table<>(MAX_ROWS, row -> !row.engaged());
    private final Table<Integer, LiveView.Instrument> instruments = new Table<>(MAX_INSTRUMENTS, row -> false);
    private final Table<Integer, LiveView.Tick> ticks = new Table<>(MAX_INSTRUMENTS, row -> false);
    private final Table<PositionKey, Event.PositionChanged> positions =
            new Table<>(MAX_ROWS, row -> row.quantity() == 0);
    private final Table<PositionKey, Event.BrokerPositionSeen> brokerPositions =
            new Table<>(MAX_ROWS, row -> row.quantity() == 0);
    private final Table<String, Event.StrategyChanged> strategies = new Table<>(MAX_ROWS, row -> false);
    private final Table<ProfitKey, Event.ProfitChanged> profits = new Table<>(MAX_ROWS, row -> row.quantity() == 0);
    private final Table<Long, LiveView.Order> orders = new Table<>(MAX_ORDERS, LiveView.Order::terminal);
    private final Table<Long, LiveView.Fill> fills = new Table<>(MAX_FILLS, row -> false);
    private final Table<Long, LiveView.Note> journal = new Table<>(MAX_NOTES, row -> false);
    private final Table<Long, LiveView.Recovery> recovered = new Table<>(MAX_RECOVERIES, row -> false);
    private final Recoveries recoveries = new Recoveries();
    private long recoveryCount;
    private final Map<Integer, PriceHistory> histories = new HashMap<>();

    /**
     * @param nanoTime monotonic, for ages
     * @param wallMillis epoch milliseconds, to compare with log time
     */
    LiveModel(LongSupplier nanoTime, LongSupplier wallMillis) {
        this.nanoTime = nanoTime;
        this.wallMillis = wallMillis;
    }

    @Override
    public synchronized void expectCheckpoint() {
        expectingCheckpoint = true;
        insideCheckpoint = false;
    }

    @Override
    public synchronized void apply(EventHeader header, Event event) {
        sequence = header.sequence();
        lastEventNanoTime = nanoTime.getAsLong();
        long atMillis = header.logTimeNanos() / 1_000_000;
        newestMillis = atMillis;
        streamLagMillis = Math.max(0, wallMillis.getAsLong() - atMillis);
        if (event instanceof Event.CheckpointStarted) {
            beginCheckpoint();
        } else if (event instanceof Event.CheckpointEnded) {
            insideCheckpoint = false;
            expectingCheckpoint = false;
            loaded = true;
            version++;
        } else if (!insideCheckpoint || expectingCheckpoint) {
            version++;
            change(event, atMillis);
            for (LiveView.Recovery over : recoveries.onEvent(header, event)) {
                recovered.put(++recoveryCount, over, version);
            }
        }
        notifyAll();
    }

    /** Tells who leads; a change is shown with the silence it ended. */
    @Override
    public synchronized void leader(LogStatus log) {
        recoveries.leader(log);
    }

    private void beginCheckpoint() {
        insideCheckpoint = true;
        if (expectingCheckpoint) {
            version++;
            resetVersion = version;
            loaded = false;
            configured = null;
            day = null;
            pulse = null;
            for (Table<?, ?> table : List.of(
                    grants,
                    switches,
                    instruments,
                    ticks,
                    positions,
                    brokerPositions,
                    strategies,
                    profits,
                    orders,
                    fills,
                    journal,
                    recovered)) {
                table.clear();
            }
            histories.clear();
            recoveries.forget();
        }
    }

    private void change(Event event, long atMillis) {
        switch (event) {
            case Event.EngineConfigured changed -> configured = changed;
            case Event.DayChanged changed -> day = changed;
            case Event.FeedChanged changed -> feedChanged(changed, atMillis);
            case Event.BrokerSessionChanged changed -> brokerSession = changed;
            case Event.Pulse beat -> {
                pulse = beat;
                lastPulseNanoTime = nanoTime.getAsLong();
            }
            case Event.InstrumentDefined row -> instruments.put(row.instrument(), Rows.instrument(row), version);
            case Event.GrantChanged row -> grants.put(row.kind(), Rows.grant(row), version);
            case Event.SwitchChanged row ->
                switches.put(new SwitchKey(row.kind(), row.scope(), row.target()), Rows.toggle(row, atMillis), version);
            case Event.StrategyChanged row -> strategies.put(row.name(), row, version);
            case Event.OrderChanged row -> orders.put(row.orderNumber(), Rows.order(row, atMillis), version);
            case Event.PositionChanged row -> positions.put(key(row.instrument(), row.product()), row, version);
            case Event.BrokerPositionSeen row ->
                brokerPositions.put(key(row.instrument(), row.product()), row, version);
            case Event.ProfitChanged row ->
                profits.put(new ProfitKey(row.strategy(), row.instrument(), row.product()), row, version);
            case Event.TradeBooked row -> fills.put(sequence, Rows.fill(row, atMillis), version);
            case Event.TickApplied row -> {
                ticks.put(row.instrument(), Rows.tick(row, atMillis), version);
                histories
                        .computeIfAbsent(row.instrument(), instrument -> new PriceHistory())
                        .add(atMillis, row.lastPricePaise());
            }
            case Event.Alarm alarm -> note(atMillis, alarm.severity(), alarm.subject(), alarm.text());
            case Event.OperatorActed act -> note(atMillis, Severity.INFO, act.user(), Rows.sentence(act));
            case Event.CommandQuarantined bad ->
                note(
                        atMillis,
                        Severity.CRITICAL,
                        "quarantine",
                        "command of client " + bad.clientId() + ": " + bad.reason());
            case Event.StateHashed hashed -> {
                if (!hashed.agreed()) {
                    note(
                            atMillis,
                            Severity.CRITICAL,
                            "member " + hashed.member(),
                            "its state differs from the majority's");
                }
            }
            case Event.SendRequested ignored -> {}
            case Event.BarApplied ignored -> {}
            case Event.ReadCompleted ignored -> {}
            case Event.OddRowSeen ignored -> {} // its alarm is shown
            case Event.OrderTermsSeen ignored -> {}
            case Event.PositionConverted ignored -> {} // the positions themselves follow
            case Event.Digest ignored -> {}
            case Event.CheckpointStarted ignored -> {}
            case Event.CheckpointEnded ignored -> {}
        }
    }

    private void feedChanged(Event.FeedChanged changed, long atMillis) {
        if (changed.instrument() == 0) {
            feed = changed;
        }
        if (changed.state() != FeedState.FRESH && changed.state() != FeedState.CONNECTED) {
            LiveView.Instrument instrument = instruments.get(changed.instrument());
            String subject = instrument == null ? "feed" : instrument.symbol();
            note(atMillis, Severity.WARNING, subject, "feed " + changed.state() + " " + changed.detail());
        }
    }

    private void note(long atMillis, Severity severity, String subject, String text) {
        journal.put(sequence, new LiveView.Note(sequence, atMillis, severity, subject, text), version);
    }

    private static PositionKey key(int instrument, Product product) {
        return new PositionKey(instrument, product);
    }

    /** What changed after that version; everything when it is older than the last reset. */
    synchronized LiveView since(long sinceVersion, LogStatus log) {
        boolean whole = sinceVersion < resetVersion || sinceVersion > version || sinceVersion == 0;
        long from = whole ? -1 : sinceVersion;
        List<LiveView.Position> positionRows = positionRows();
        return new LiveView(
                version,
                whole,
                status(log, positionRows),
                grants.all(),
                switches.all(),
                instruments.since(from),
                ticks.since(from),
                positionRows,
                strategyRows(),
                orders.since(from),
                fills.since(from),
                journal.since(from),
                recovered.since(from));
    }

    /** Waits until the model is past that version, or until the time is over. */
    synchronized void awaitChange(long seenVersion, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (version == seenVersion && !released) {
            long remainingMillis = (deadline - System.nanoTime()) / 1_000_000;
            if (remainingMillis <= 0) {
                return;
            }
            wait(remainingMillis);
        }
    }

    /** Nobody waits for a change from now on. */
    synchronized void releaseWaiters() {
        released = true;
        notifyAll();
    }

    synchronized PriceHistory.Points history(int instrument) {
        PriceHistory history = histories.get(instrument);
        return history == null ? new PriceHistory().points() : history.points();
    }

    /** Whether the engine says that we can trade, and said so lately; else why not. */
    synchronized Readiness readiness() {
        LiveView.Verdict verdict = verdict();
        return new Readiness(verdict, reason(verdict), millisSince(lastPulseNanoTime, pulse != null));
    }

    record Readiness(LiveView.Verdict verdict, String reason, long pulseAgeMillis) {}

    synchronized RecordedRows.Newest newest() {
        return new RecordedRows.Newest(sequence, newestMillis);
    }

    synchronized long sequence() {
        return sequence;
    }

    synchronized long eventAgeMillis() {
        return millisSince(lastEventNanoTime, sequence > 0);
    }

    private long millisSince(long then, boolean happened) {
        return happened ? (nanoTime.getAsLong() - then) / 1_000_000 : -1;
    }

    private LiveView.Verdict verdict() {
        Event.Pulse last = pulse;
        if (last == null || millisSince(lastPulseNanoTime, true) > STALE_AFTER_MILLIS) {
            return LiveView.Verdict.UNKNOWN;
        }
        return last.canTrade() ? LiveView.Verdict.CAN_TRADE : LiveView.Verdict.CANNOT_TRADE;
    }

    private String reason(LiveView.Verdict verdict) {
        return switch (verdict) {
            case CAN_TRADE -> "";
            case CANNOT_TRADE -> pulse == null ? "" : pulse.reason();
            case UNKNOWN -> pulse == null ? "no pulse from the engine yet" : "no pulse from the engine";
        };
    }

    private LiveView.Status status(LogStatus log, List<LiveView.Position> positionRows) {
        LiveView.Verdict verdict = verdict();
        Event.Pulse beat = pulse != null ? pulse : new Event.Pulse(false, 0, -1, -1, -1, -1, 0, 0, 0, "");
        Event.EngineConfigured settings = configured;
        Event.DayChanged today = day;
        return new LiveView.Status(
                loaded,
                verdict,
                reason(verdict),
                log.connected(),
                log.leader(),
                log.term(),
                sequence,
                millisSince(lastEventNanoTime, sequence > 0),
                streamLagMillis,
                settings != null && settings.realBroker(),
                settings != null && settings.alwaysOpen(),
                settings == null ? null : settings.profile(),
                today == null || today.phase() == DayPhase.NONE
                        ? null
                        : LocalDate.ofEpochDay(today.day()).toString(),
                today == null ? DayPhase.NONE : today.phase(),
                beat.marketTimeNanos() / 1_000_000,
                beat.feedAgeMillis(),
                feed.state(),
                feed.detail(),
                brokerSession.state(),
                brokerSession.detail(),
                beat.uncertain(),
                beat.held(),
                beat.working(),
                beat.secondBudget(),
                beat.minuteBudget(),
                beat.dayBudget(),
                positionRows.stream()
                        .mapToLong(LiveView.Position::realisedPaise)
                        .sum(),
                positionRows.stream()
                        .mapToLong(LiveView.Position::unrealisedPaise)
                        .sum(),
                settings == null ? 0 : settings.maxDailyLossPaise());
    }

    private List<LiveView.Position> positionRows() {
        List<LiveView.Position> rows = new ArrayList<>();
        for (Event.PositionChanged ours : positions.all()) {
            Event.BrokerPositionSeen broker = brokerPositions.get(key(ours.instrument(), ours.product()));
            long unrealised = unrealised(ours.instrument(), ours.quantity(), ours.costPaise());
            rows.add(Rows.position(ours, broker, unrealised));
        }
        for (Event.BrokerPositionSeen broker : brokerPositions.all()) {
            if (positions.get(key(broker.instrument(), broker.product())) == null) {
                rows.add(Rows.position(broker));
            }
        }
        return rows;
    }

    private List<LiveView.Strategy> strategyRows() {
        List<LiveView.Strategy> rows = new ArrayList<>();
        for (Event.StrategyChanged strategy : strategies.all()) {
            Event.ProfitChanged share =
                    profits.get(new ProfitKey(strategy.name(), strategy.instrument(), strategy.product()));
            rows.add(Rows.strategy(strategy, share, unrealised(share)));
        }
        for (Event.ProfitChanged share : profits.all()) {
            if (strategies.get(share.strategy()) == null) {
                rows.add(Rows.strategy(share, unrealised(share)));
            }
        }
        return rows;
    }

    private long unrealised(Event.@Nullable ProfitChanged share) {
        return share == null ? 0 : unrealised(share.instrument(), share.quantity(), share.costPaise());
    }

    /** Cost is signed as the quantity is, so one formula serves long and short. 0 while no tick was seen. */
    private long unrealised(int instrument, long quantity, long costPaise) {
        LiveView.Tick tick = ticks.get(instrument);
        return tick == null || quantity == 0 ? 0 : quantity * tick.lastPricePaise() - costPaise;
    }
}
