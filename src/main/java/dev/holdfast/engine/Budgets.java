package dev.holdfast.engine;

import dev.holdfast.types.BrokerProfile;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * How many requests the broker still takes from us. Every place, modify and cancel counts, also one that is refused, and
 * also across gateways: the limits are the account's.
 */
final class Budgets {

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long MINUTE_NANOS = 60 * SECOND_NANOS;

    private static final int MAX_LIVE = 2_000;
    private static final Limits KITE = new Limits(8, 2, 380, 4_900, 25, MAX_LIVE, 5 * SECOND_NANOS);
    private static final Limits DRILL = new Limits(40, 8, 2_900, 0, 25, MAX_LIVE, 5 * SECOND_NANOS);

    /** Any number of intents, of which none is sent: each ends at the first timer after it, so that memory stays bounded. */
    static final Limits UNSENT = new Limits(0, 0, 0, 0, 0, 50_000, 0);

    /** Log times of the requests of the last minute, oldest first; bounded by the minute's limit. */
    private final ArrayDeque<Long> lastMinute = new ArrayDeque<>();

    private int today;

    /**
     * @param perSecond granted, below the broker's own limit so that clocks may differ a little
     * @param reserve of each second's grant only cancels and exits may use this many
     * @param perDay 0 for no limit
     * @param maxLive a wish beyond so many open orders is refused
     * @param commitNanos an intent that could not be sent for longer than this is out of date
     */
    record Limits(
            int perSecond,
            int reserve,
            int perMinute,
            int perDay,
            int modificationsPerOrder,
            int maxLive,
            long commitNanos) {}

    private final @Nullable Limits whateverProfile;

    Budgets() {
        this.whateverProfile = null;
    }

    /** @param whateverProfile is configured, these hold */
    Budgets(Limits whateverProfile) {
        this.whateverProfile = whateverProfile;
    }

    Limits limits(BrokerProfile profile) {
        if (whateverProfile != null) {
            return whateverProfile;
        }
        return switch (profile) {
            case KITE -> KITE;
            case DRILL -> DRILL;
        };
    }

    int secondLeft(Limits limits, long now) {
        int used = 0;
        for (var newest = lastMinute.descendingIterator(); newest.hasNext(); ) {
            if (newest.next() <= now - SECOND_NANOS) {
                break;
            }
            used++;
        }
        return Math.max(0, limits.perSecond() - used);
    }

    int minuteLeft(Limits limits, long now) {
        int used = 0;
        for (long at : lastMinute) {
            if (at > now - MINUTE_NANOS) {
                used++;
            }
        }
        return Math.max(0, limits.perMinute() - used);
    }

    /** Integer.MAX_VALUE when the day has no limit. */
    int dayLeft(Limits limits) {
        return limits.perDay() == 0 ? Integer.MAX_VALUE : Math.max(0, limits.perDay() - today);
    }

    /** How many requests may be made now. Entries leave a reserve of the second, and a twentieth of the minute and day. */
    int left(Limits limits, long now, boolean entry) {
        int second = secondLeft(limits, now) - (entry ? limits.reserve() : 0);
        int minute = minuteLeft(limits, now) - (entry ? limits.perMinute() / 20 : 0);
        int day = dayLeft(limits) - (entry && limits.perDay() > 0 ? limits.perDay() / 20 : 0);
        return Math.max(0, Math.min(second, Math.min(minute, day)));
    }

    void spend(long now) {
        while (!lastMinute.isEmpty() && lastMinute.peekFirst() <= now - MINUTE_NANOS) {
            lastMinute.removeFirst();
        }
        lastMinute.addLast(now);
        today++;
    }

    void startDay() {
        today = 0;
    }

    void save(StateWriter out) {
        out.number(today);
        out.number(lastMinute.size());
        lastMinute.forEach(out::number);
    }

    void load(StateReader in) {
        today = in.integer();
        for (int n = in.integer(); n > 0; n--) {
            lastMinute.addLast(in.number());
        }
    }
}
