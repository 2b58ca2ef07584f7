package dev.holdfast.dashboard;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down guessing: after a few failures for a name from an address, each further one doubles the wait, up to a bound.
 * It remembers a bounded number of pairs, the latest. Thread-safe.
 */
final class FailedLogins {

    static final int FREE_FAILURES = 4;
    static final long FIRST_WAIT_MILLIS = 1_000;
    static final long MAX_WAIT_MILLIS = 5 * 60 * 1_000;
    static final int MAX_PAIRS = 10_000;

    private record Pair(String user, String address) {}

    private record Failures(int count, long untilMillis) {}

    private final LongSupplier monotonicMillis;
    private final Map<Pair, Failures> failures = new LinkedHashMap<>();

    FailedLogins(LongSupplier monotonicMillis) {
        this.monotonicMillis = monotonicMillis;
    }

    /** How long this user must wait at this address before the next attempt; 0 when not at all. */
    synchronized long waitMillis(String user, String address) {
        Failures known = failures.get(new Pair(user, address));
        return known == null ? 0 : Math.max(0, known.untilMillis() - monotonicMillis.getAsLong());
    }

    synchronized void failed(String user, String address) {
        Pair pair = new Pair(user, address);
        Failures known = failures.remove(pair);
        int count = known == null ? 1 : known.count() + 1;
        failures.put(pair, new Failures(count, monotonicMillis.getAsLong() + penaltyMillis(count)));
        if (failures.size() > MAX_PAIRS) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    synchronized void succeeded(String user, String address) {
        failures.remove(new Pair(user, address));
    }

    private static long penaltyMillis(int count) {
        int doublings = count - FREE_FAILURES - 1;
        if (doublings < 0) {
            return 0;
        }
        return doublings > 20 ? MAX_WAIT_MILLIS : Math.min(MAX_WAIT_MILLIS, FIRST_WAIT_MILLIS << doublings);
    }
}
