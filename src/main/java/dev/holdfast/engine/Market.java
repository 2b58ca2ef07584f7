package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.InstrumentDefined;
import dev.holdfast.protocol.Event.TickApplied;
import dev.holdfast.protocol.FeedState;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Instruments, their last ticks, when these arrived, and market time. */
final class Market {

    private final Map<Integer, InstrumentDefined> instruments = new TreeMap<>();
    private final Map<String, Integer> numbers = new TreeMap<>();
    private final Map<Integer, TickApplied> ticks = new TreeMap<>();
    private final Map<Integer, Long> tickArrivals = new TreeMap<>();
    private Event.FeedChanged feed = new Event.FeedChanged(FeedState.DISCONNECTED, 0, "no feed yet");
    private final MarketTime time;
    private long lastArrivalNanos;

    Market(MarketTime time) {
        this.time = time;
    }

    static String key(String exchange, String symbol) {
        return exchange + ":" + symbol;
    }

    @Nullable
    InstrumentDefined instrument(int number) {
        return instruments.get(number);
    }

    /** 0 when unknown. */
    int number(String exchangeAndSymbol) {
        return numbers.getOrDefault(exchangeAndSymbol, 0);
    }

    String name(int number) {
        InstrumentDefined instrument = instruments.get(number);
        return instrument == null ? "instrument " + number : key(instrument.exchange(), instrument.symbol());
    }

    int nextNumber() {
        return instruments.size() + 1;
    }

    Collection<InstrumentDefined> instruments() {
        return instruments.values();
    }

    Collection<TickApplied> ticks() {
        return ticks.values();
    }

    Event.FeedChanged feed() {
        return feed;
    }

    /** The last tick, null before the first. */
    @Nullable
    TickApplied tick(int instrument) {
        return ticks.get(instrument);
    }

    /** 0 before the first tick. */
    long lastPrice(int instrument) {
        TickApplied tick = ticks.get(instrument);
        return tick == null ? 0 : tick.lastPricePaise();
    }

    /** Age by arrival, in log time; Long.MAX_VALUE before the first tick. */
    long tickAgeNanos(int instrument, long now) {
        Long arrived = tickArrivals.get(instrument);
        return arrived == null ? Long.MAX_VALUE : now - arrived;
    }

    long feedAgeNanos(long now) {
        return lastArrivalNanos == 0 ? Long.MAX_VALUE : now - lastArrivalNanos;
    }

    long marketTimeNanos() {
        return time.nanos();
    }

    /**
     * The time to book a tick under: what it tells, unless that is not believed.
     *
     * @param real whether the market runs by the wall clock
     */
    long believedTime(int instrument, long told, boolean real, long now) {
        if (told < MarketTime.EARLIEST_NANOS) {
            return real ? now : time.nanos();
        }
        if (real) {
            return told > now + MarketTime.REAL_AHEAD_NANOS ? now : told;
        }
        return time.isLeap(told) && !time.believesLeap(instrument, tickArrivals, now) ? time.nanos() : told;
    }

    void told(int instrument, long told, long now) {
        time.told(instrument, told, now);
    }

    void apply(InstrumentDefined event) {
        instruments.put(event.instrument(), event);
        numbers.put(key(event.exchange(), event.symbol()), event.instrument());
    }

    void apply(TickApplied event, long now) {
        ticks.put(event.instrument(), event);
        tickArrivals.put(event.instrument(), now);
        lastArrivalNanos = now;
        time.passed(event.marketTimeNanos());
    }

    void apply(Event.FeedChanged event) {
        if (event.instrument() == 0) {
            feed = event;
        }
    }

    void save(StateWriter out) {
        out.number(instruments.size());
        instruments.values().forEach(out::event);
        out.number(ticks.size());
        ticks.values().forEach(tick -> {
            out.event(tick);
            out.number(tickArrivals.getOrDefault(tick.instrument(), 0L));
        });
        out.event(feed);
        out.number(time.nanos());
        out.number(lastArrivalNanos);
        time.save(out);
    }

    void load(StateReader in) {
        for (int n = in.integer(); n > 0; n--) {
            apply(in.event(InstrumentDefined.class));
        }
        for (int n = in.integer(); n > 0; n--) {
            TickApplied tick = in.event(TickApplied.class);
            ticks.put(tick.instrument(), tick);
            tickArrivals.put(tick.instrument(), in.number());
        }
        feed = in.event(Event.FeedChanged.class);
        long marketTimeNanos = in.number();
        lastArrivalNanos = in.number();
        time.load(in, marketTimeNanos);
    }
}
