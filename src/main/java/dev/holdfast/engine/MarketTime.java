package dev.holdfast.engine;

import java.util.Map;
import java.util.TreeMap;

/**
 * Market time: the newest that ticks told, as far as it is believed. On a real market it stays near log time. On a simulated one,
 * whose days pass faster and whose nights are left out, a leap is believed when most instruments with ticks tell it.
 */
class MarketTime {

    /** A real market's clock and the leader's differ by less. */
    static final long REAL_AHEAD_NANOS = 60_000_000_000L;

    /** No recorded day is older than the year 2000; feeds were seen to tell 1970. */
    static final long EARLIEST_NANOS = 946_684_800_000_000_000L;

    /** A simulated market passes less than this between two ticks, but for its nights. */
    static final long LEAP_NANOS = 3_600_000_000_000L;

    /** An instrument whose last tick is older has no say. */
    static final long VOICE_NANOS = 5_000_000_000L;

    /** Ticks in a row that must tell of a leap before it is believed, when only one instrument has ticks. */
    static final int ALONE_IN_A_ROW = 3;

    private long nanos;

    /** Instruments whose last tick told of a leap, with when it came and how many did in a row. */
    private final Map<Integer, Leap> leaps = new TreeMap<>();

    private record Leap(long arrivedNanos, int inARow) {}

    /** 0 before the first tick. */
    long nanos() {
        return nanos;
    }

    boolean isLeap(long told) {
        return nanos != 0 && told > nanos + LEAP_NANOS;
    }

    /** Remembers what a tick told, believed or not. */
    void told(int instrument, long told, long now) {
        if (isLeap(told)) {
            Leap before = leaps.get(instrument);
            leaps.put(instrument, new Leap(now, before == null ? 1 : before.inARow + 1));
        } else {
            leaps.remove(instrument);
        }
    }

    /**
     * Whether this tick's leap would be believed.
     *
     * @param arrivals when each instrument's last tick came, log time
     */
    boolean believesLeap(int instrument, Map<Integer, Long> arrivals, long now) {
        long voices = arrivals.entrySet().stream()
                .filter(entry -> entry.getKey() != instrument && now - entry.getValue() <= VOICE_NANOS)
                .count();
        long agreeing = leaps.entrySet().stream()
                .filter(entry -> entry.getKey() != instrument && now - entry.getValue().arrivedNanos <= VOICE_NANOS)
                .count();
        Leap own = leaps.get(instrument);
        int inARow = own == null ? 1 : own.inARow + 1;
        return voices == 0 ? inARow >= ALONE_IN_A_ROW : 2 * (agreeing + 1) > voices + 1;
    }

    void passed(long told) {
        if (told > nanos) {
            nanos = told;
            leaps.clear();
        }
    }

    void save(StateWriter out) {
        out.number(leaps.size());
        leaps.forEach((instrument, leap) -> {
            out.number(instrument);
            out.number(leap.arrivedNanos);
            out.number(leap.inARow);
        });
    }

    void load(StateReader in, long present) {
        nanos = present;
        if (in.version() < 4) {
            return; // the layout before knew none
        }
        for (int n = in.integer(); n > 0; n--) {
            leaps.put(in.integer(), new Leap(in.number(), in.integer()));
        }
    }
}
