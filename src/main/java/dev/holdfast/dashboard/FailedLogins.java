package dev.holdfast.dashboard;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Slows down guessing, in three ways. A name at an address must wait after a few failures, each further one doubles the wait.
 * A name, wherever its attempts come from, and an address, whatever names it tries, get a bounded number of checks a second.
 * And whoever failed lately stands behind those who did not ({@link #weight}). It remembers a bounded number of each, the
 * latest. Thread-safe.
 */
final class FailedLogins {

    static final int FREE_FAILURES = 4;
    static final long FIRST_WAIT_MILLIS = 1_000;
    static final long MAX_WAIT_MILLIS = 5 * 60 * 1_000;
    static final int MAX_REMEMBERED = 10_000;

    /** Failures of one name, or of one address, that may come at once. */
    static final int BURST = 30;

    /**
     * Checks a second that a name or an address gets after a burst of failures, so that the right password is heard among a
     * dozen wrong ones a second.
     */
    static final int CHECKS_A_SECOND = 15;

    private static final long CHECK = 1_000;

    static final long FORGET_MILLIS = 10 * 60 * 1_000;

    private record Pair(String user, String address) {}

    private record Failures(int count, long untilMillis) {}

    /** @param checks that may be done at once, in thousandths; as of the last failure */
    private record Rate(int count, long checks, long lastMillis) {}

    private final LongSupplier monotonicMillis;
    private final Map<Pair, Failures> pairs = new LinkedHashMap<>();
    private final Map<String, Rate> names = new LinkedHashMap<>();
    private final Map<String, Rate> addresses = new LinkedHashMap<>();

    FailedLogins(LongSupplier monotonicMillis) {
        this.monotonicMillis = monotonicMillis;
    }

    /**
     * How long this user must wait at this address before the next attempt; 0 when not at all.
     *
     * @param known the user logged in from there before: what others do under that name does not count
     */
    synchronized long waitMillis(String user, String address, boolean known) {
        Failures pair = pairs.get(new Pair(user, address));
        long ofPair = pair == null ? 0 : Math.max(0, pair.untilMillis() - monotonicMillis.getAsLong());
        return known
                ? ofPair
                : Math.max(ofPair, Math.max(waitMillis(names.get(user)), waitMillis(addresses.get(address))));
    }

    private long waitMillis(@Nullable Rate rate) {
        long missing = rate == null ? 0 : CHECK - checks(rate);
        return missing <= 0 ? 0 : Math.ceilDiv(missing, CHECKS_A_SECOND);
    }

    /** A thousandth of a check is one that a rate of one a second gives back in a millisecond. */
    private long checks(Rate rate) {
        long passedMillis = Math.min(monotonicMillis.getAsLong() - rate.lastMillis(), FORGET_MILLIS);
        return Math.min(BURST * CHECK, rate.checks() + passedMillis * CHECKS_A_SECOND);
    }

    /** Failures of the name and of the address lately: 0 for who never failed. */
    synchronized long weight(String user, String address) {
        return (long) count(names.get(user)) + count(addresses.get(address));
    }

    private int count(@Nullable Rate known) {
        return known == null || monotonicMillis.getAsLong() - known.lastMillis() > FORGET_MILLIS ? 0 : known.count();
    }

    synchronized void failed(String user, String address) {
        Pair pair = new Pair(user, address);
        Failures known = pairs.get(pair);
        int count = known == null ? 1 : known.count() + 1;
        remember(pairs, pair, new Failures(count, monotonicMillis.getAsLong() + penaltyMillis(count)));
        spend(names, user);
        spend(addresses, address);
    }

    private void spend(Map<String, Rate> all, String key) {
        Rate known = all.get(key);
        long left = known == null ? BURST * CHECK : checks(known);
        remember(all, key, new Rate(count(known) + 1, Math.max(0, left - CHECK), monotonicMillis.getAsLong()));
    }

    private static <K, V> void remember(Map<K, V> all, K key, V value) {
        all.remove(key);
        all.put(key, value);
        if (all.size() > MAX_REMEMBERED) {
            all.remove(all.keySet().iterator().next());
        }
    }

    synchronized void succeeded(String user, String address) {
        pairs.remove(new Pair(user, address));
    }

    private static long penaltyMillis(int count) {
        int doublings = count - FREE_FAILURES - 1;
        if (doublings < 0) {
            return 0;
        }
        return doublings > 20 ? MAX_WAIT_MILLIS : Math.min(MAX_WAIT_MILLIS, FIRST_WAIT_MILLIS << doublings);
    }
}
