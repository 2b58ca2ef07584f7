package dev.holdfast.dashboard;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.FeedState;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Severity;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Puts a seeded market and a canary's trading into a {@link FakeLog}, and reacts to the page's commands as an engine would. */
final class FakeMarket {

    static final int RELIANCE = 2;
    private static final List<String> SYMBOLS = List.of(
            "NIFTY 50",
            "RELIANCE",
            "HDFCBANK",
            "INFY",
            "TCS",
            "ICICIBANK",
            "SBIN",
            "ITC",
            "LT",
            "AXISBANK",
            "BHARTIARTL",
            "MARUTI");
    private static final long[] OPENS_PAISE = {
        2_241_000, 284_550, 168_020, 152_575, 389_100, 112_245, 82_360, 43_215, 362_040, 117_880, 142_935, 1_104_500
    };
    private static final int DAY = 20_779;
    private static final int PAST_SECONDS = 900;

    private final FakeLog log;
    private final Random random;
    private final long[] pricesPaise = OPENS_PAISE.clone();
    private final Map<Integer, Event.PositionChanged> positions = new HashMap<>();
    private StrategyState canary = StrategyState.RUNNING;
    private boolean killed;
    private long orderNumber = 1_000;
    private long trades;

    FakeMarket(FakeLog log, long seed) {
        this.log = log;
        this.random = new Random(seed);
        log.answerWith(this::answer);
    }

    private static long nowNanos() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }

    /** The first checkpoint: everything as it stands before trading begins. */
    synchronized void begin() {
        log.emit(new Event.CheckpointStarted());
        log.emit(new Event.EngineConfigured(
                BrokerProfile.DRILL,
                false,
                true,
                0,
                86_399,
                4_711,
                10_000_000,
                5_000,
                10_000,
                100_000_000,
                500,
                5_000_000,
                3_000,
                "up",
                "first start"));
        for (int i = 0; i < SYMBOLS.size(); i++) {
            InstrumentKind kind = i == 0 ? InstrumentKind.INDEX : InstrumentKind.EQUITY;
            log.emit(new Event.InstrumentDefined(i + 1, 100 + i, kind, 5, 1, 10_000, 0, 0, "NSE", SYMBOLS.get(i)));
        }
        log.emit(new Event.DayChanged(DAY, DayPhase.OPEN, "first tick of the day"));
        log.emit(new Event.GrantChanged(GrantKind.SENDER, 77, 3, "a", "granted"));
        log.emit(new Event.GrantChanged(GrantKind.FEED, 77, 3, "a", "granted"));
        strategy("canary", RELIANCE, canary, "start");
        strategy("sma-infy", 4, StrategyState.RUNNING, "start");
        strategy("sma-tcs", 5, StrategyState.STOPPED, "not started yet");
        log.emit(new Event.BrokerSessionChanged(BrokerSessionState.VALID, ""));
        log.emit(new Event.FeedChanged(FeedState.CONNECTED, 0, ""));
        position(4, Product.CNC, 40, 40 * 151_800L, 0, 40, 0);
        position(7, Product.MIS, -120, -120 * 82_610L, 18_450, 120, 240);
        log.emit(new Event.BrokerPositionSeen(4, Product.CNC, 40, 0));
        log.emit(new Event.BrokerPositionSeen(7, Product.MIS, -100, 20));
        for (int i = 1; i <= SYMBOLS.size(); i++) {
            tick(i, nowNanos() - TimeUnit.SECONDS.toNanos(PAST_SECONDS + 1));
        }
        log.emit(new Event.CheckpointEnded());
        pulse();
    }

    /** Fifteen minutes of the past, at once: ticks each second and a fill each ten. */
    synchronized void past() {
        for (int second = PAST_SECONDS; second > 0; second--) {
            long at = nowNanos() - TimeUnit.SECONDS.toNanos(second);
            for (int i = 1; i <= SYMBOLS.size(); i++) {
                tick(i, at);
            }
            if (second % 10 == 0) {
                fill(RELIANCE, second % 20 == 0 ? Side.BUY : Side.SELL, 1, "canary", at);
            }
            if (second % 97 == 0) {
                fill(4, second % 2 == 0 ? Side.BUY : Side.SELL, 10, "sma-infy", at);
            }
        }
        doubtful();
    }

    /** Orders of the kinds that need a person's eye. */
    private void doubtful() {
        order(
                ++orderNumber,
                6,
                Side.BUY,
                OrderType.LIMIT,
                25,
                112_000,
                OrderState.WORKING,
                0,
                "",
                "operator",
                "adds to the hedge");
        order(
                ++orderNumber,
                9,
                Side.SELL,
                OrderType.LIMIT,
                12,
                362_500,
                OrderState.PARTLY_FILLED,
                5,
                "",
                "operator",
                "trim");
        order(
                ++orderNumber,
                5,
                Side.BUY,
                OrderType.MARKET,
                3,
                0,
                OrderState.UNCERTAIN,
                0,
                "sma-tcs",
                "",
                "no answer within 2 s");
        order(
                ++orderNumber,
                12,
                Side.BUY,
                OrderType.MARKET,
                900,
                0,
                OrderState.REFUSED,
                0,
                "",
                "operator",
                "order value 99,40,500.00 is over the limit 1,00,000.00");
        log.emit(new Event.Alarm(
                Severity.WARNING, "SBIN", "position differs from the broker's: ours -120, theirs -100"));
    }

    /** A quarter of a second of market. */
    synchronized void step(int count) {
        for (int i = 1; i <= SYMBOLS.size(); i++) {
            if (random.nextInt(3) > 0) {
                tick(i, nowNanos());
            }
        }
        if (count % 4 == 0) {
            pulse();
        }
        if (count % 8 == 0 && canary == StrategyState.RUNNING && !killed) {
            fill(RELIANCE, count % 16 == 0 ? Side.BUY : Side.SELL, 1, "canary", nowNanos());
        }
    }

    synchronized void pulse() {
        Instant now = Instant.now();
        log.emit(new Event.Pulse(
                !killed,
                TimeUnit.SECONDS.toNanos(now.getEpochSecond()),
                90 + random.nextInt(160),
                46,
                2_871,
                Integer.MAX_VALUE,
                1,
                0,
                2,
                killed ? "kill switch for all trading is engaged" : ""));
    }

    private void tick(int instrument, long atNanos) {
        int i = instrument - 1;
        long step = Math.max(5, pricesPaise[i] / 9_000);
        pricesPaise[i] += (random.nextInt(5) - 2) * step;
        long price = pricesPaise[i];
        log.emit(
                new Event.TickApplied(
                        instrument,
                        price,
                        10,
                        1_250_000 + trades * 10,
                        price,
                        price,
                        OPENS_PAISE[i],
                        Math.max(price, OPENS_PAISE[i] + 900),
                        Math.min(price, OPENS_PAISE[i] - 700),
                        OPENS_PAISE[i] - 310,
                        price - 5,
                        140,
                        price + 5,
                        95,
                        atNanos,
                        1),
                atNanos);
    }

    /** A whole order, filled, with the position it leaves. */
    synchronized void fill(int instrument, Side side, long quantity, String strategy, long atNanos) {
        long number = ++orderNumber;
        long price = pricesPaise[instrument - 1];
        order(number, instrument, side, OrderType.MARKET, quantity, 0, OrderState.FILLED, quantity, strategy, "", "");
        log.emit(
                new Event.TradeBooked(
                        DAY,
                        number,
                        instrument,
                        side,
                        Product.MIS,
                        quantity,
                        price,
                        atNanos,
                        "T" + ++trades,
                        "B" + number,
                        strategy),
                atNanos);
        long signed = side == Side.BUY ? quantity : -quantity;
        Event.PositionChanged before = positions.get(instrument);
        long held = before == null ? 0 : before.quantity();
        long realised = before == null ? 0 : before.realisedPaise() + random.nextInt(900) - 380;
        long cost = (held + signed) * price;
        position(instrument, Product.MIS, held + signed, cost, realised, trades, trades);
        log.emit(new Event.BrokerPositionSeen(instrument, Product.MIS, held + signed, 0));
        log.emit(new Event.ProfitChanged(
                DAY, instrument, Product.MIS, held + signed, cost, realised, (int) trades, strategy));
    }

    private void position(
            int instrument, Product product, long quantity, long cost, long realised, long bought, long sold) {
        Event.PositionChanged position =
                new Event.PositionChanged(instrument, product, DAY, quantity, 0, cost, realised, bought, sold);
        positions.put(instrument, position);
        log.emit(position);
    }

    private void order(
            long number,
            int instrument,
            Side side,
            OrderType type,
            long quantity,
            long price,
            OrderState state,
            long filled,
            String strategy,
            String user,
            String reason) {
        log.emit(new Event.OrderChanged(
                number,
                Origin.INTENT,
                instrument,
                side,
                Product.MIS,
                type,
                quantity,
                price,
                state,
                OrderState.COMMITTED,
                filled,
                filled * pricesPaise[instrument - 1],
                AmendmentState.NONE,
                0,
                0,
                false,
                DAY,
                nowNanos(),
                3,
                1,
                "HF4711X" + number,
                state == OrderState.REFUSED ? "" : "2611220000" + number,
                strategy,
                user,
                reason));
    }

    private void strategy(String name, int instrument, StrategyState state, String reason) {
        String kind = name.equals("canary") ? "canary" : "sma-cross";
        log.emit(new Event.StrategyChanged(state, instrument, Product.MIS, 1, name, kind, "", "operator", reason));
    }

    private synchronized String answer(Command command) {
        return switch (command) {
            case Command.ControlStrategy control -> control(control);
            case Command.SetSwitch toggle -> toggle(toggle);
            case Command.PlaceOrder place -> place(place);
            default -> "";
        };
    }

    private String control(Command.ControlStrategy control) {
        StrategyState state = control.start() ? StrategyState.RUNNING : StrategyState.STOPPED;
        if (control.name().equals("canary")) {
            canary = state;
        }
        int instrument =
                control.name().equals("canary") ? RELIANCE : control.name().equals("sma-infy") ? 4 : 5;
        strategy(control.name(), instrument, state, control.reason());
        log.emit(new Event.OperatorActed(
                control.user(), control.start() ? "start" : "stop", control.name(), control.reason(), "accepted"));
        return "";
    }

    private String toggle(Command.SetSwitch toggle) {
        log.emit(new Event.SwitchChanged(
                toggle.kind(), toggle.scope(), toggle.engaged(), toggle.target(), toggle.user(), toggle.reason()));
        if (toggle.kind() == SwitchKind.KILL && toggle.scope() == SwitchScope.ALL) {
            killed = toggle.engaged();
            if (killed && canary == StrategyState.RUNNING) {
                canary = StrategyState.KILLED;
                strategy("canary", RELIANCE, canary, toggle.reason());
            }
            pulse();
        }
        return "";
    }

    private String place(Command.PlaceOrder place) {
        if (place.quantity() > 5_000) {
            return "order quantity " + place.quantity() + " is over the limit 5000";
        }
        fill(place.instrument(), place.side(), place.quantity(), "", nowNanos());
        return "";
    }
}
