package dev.holdfast.simulation;

import dev.holdfast.broker.BrokerInstrument;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.Side;
import java.time.LocalTime;
import java.util.List;

/** What is traded, at which price, and what time it is at the market. Market time leaps from one day's close to the next open. */
final class Market {

    static final LocalTime OPEN = LocalTime.of(9, 15);
    static final LocalTime CLOSE = LocalTime.of(15, 30);

    private static final long DAY_SECONDS = 86_400;
    private static final long INDIA_SECONDS = 19_800;
    private static final long TICK_PAISE = 5;

    /** Also a symbol that nobody configured: other hands trade it. */
    static final List<String> SYMBOLS = List.of("INFY", "TCS", "SBIN", "HDFCBANK", "ITC");

    static final List<String> CONFIGURED = List.of("NSE:INFY", "NSE:TCS", "NSE:SBIN", "NSE:HDFCBANK");

    /**
     * The number of configured instruments in which random orders are placed. In the one after them strategies hold, and other
     * hands interfere.
     */
    static final int DRAWN = 3;

    private final Dice dice;
    private final Scheduler scheduler;
    private final long[] prices = {1_500_00, 3_000_00, 600_00, 900_00, 400_00};
    private int day = 20_780;
    private long midnightOffsetNanos;
    private long anchorNanos;

    Market(Dice dice, Scheduler scheduler) {
        this.dice = dice;
        this.scheduler = scheduler;
        setTime(LocalTime.of(11, 0));
    }

    private void setTime(LocalTime time) {
        midnightOffsetNanos = time.toNanoOfDay();
        anchorNanos = scheduler.nowNanos();
    }

    int day() {
        return day;
    }

    long timeNanos() {
        long secondOfEpoch = day * DAY_SECONDS - INDIA_SECONDS;
        return secondOfEpoch * 1_000_000_000L + midnightOffsetNanos + scheduler.nowNanos() - anchorNanos;
    }

    /** Some seconds before the close. */
    void leapToClose() {
        setTime(CLOSE.minusSeconds(2));
    }

    void nextDay() {
        day++;
        setTime(OPEN.plusMinutes(1));
    }

    boolean isOpen() {
        long second = (midnightOffsetNanos + scheduler.nowNanos() - anchorNanos) / 1_000_000_000L;
        return second >= OPEN.toSecondOfDay() && second < CLOSE.toSecondOfDay();
    }

    long price(int symbol) {
        return prices[symbol];
    }

    void move(int symbol) {
        prices[symbol] = Math.max(100 * TICK_PAISE, prices[symbol] + dice.between(-3, 3) * TICK_PAISE);
    }

    /** Moves a symbol's price by some per cent, without trades between. */
    void gap(int symbol, int percent) {
        prices[symbol] = Math.max(100 * TICK_PAISE, onTick(prices[symbol] + prices[symbol] * percent / 100));
    }

    /** The worst price at which a MARKET order is filled: two per cent away from the price at which it arrives. */
    long cap(int symbol, Side side) {
        long away = prices[symbol] / 50;
        return onTick(side == Side.BUY ? prices[symbol] + away : prices[symbol] - away);
    }

    private static long onTick(long pricePaise) {
        return pricePaise / TICK_PAISE * TICK_PAISE;
    }

    /** A price that a LIMIT order may or may not be filled at. */
    long near(int symbol) {
        return prices[symbol] + dice.between(-20, 20) * TICK_PAISE;
    }

    static BrokerInstrument instrument(int symbol) {
        return new BrokerInstrument(
                "NSE", SYMBOLS.get(symbol), 100L + symbol, InstrumentKind.EQUITY, TICK_PAISE, 1, 0, 0, 0);
    }
}
