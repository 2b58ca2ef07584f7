package dev.holdfast.engine;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The quantity that each running strategy wants to hold, and how its way there goes. A stop, a kill or a failure ends a target.
 */
final class Targets {

    /**
     * One strategy's target.
     *
     * @param failures orders in a row that ended without effect
     * @param nextTryNanos log time before which nothing more is wished
     * @param entryEnded an entry ended short of the target, or other hands closed: the strategy must say anew what it wants
     * @param alarmedNanos when a person was last told that an exit does not succeed, 0 for never
     */
    record Target(
            long quantity, String reason, int failures, long nextTryNanos, boolean entryEnded, long alarmedNanos) {

        Target reached() {
            return new Target(quantity, reason, 0, 0, false, 0);
        }

        Target progressed(boolean ended) {
            return new Target(quantity, reason, 0, 0, ended, 0);
        }

        Target failed(long untilNanos, boolean ended) {
            return new Target(quantity, reason, failures + 1, untilNanos, ended, alarmedNanos);
        }

        Target alarmed(long now) {
            return new Target(quantity, reason, failures, nextTryNanos, entryEnded, now);
        }
    }

    private final Map<String, Target> targets = new TreeMap<>();

    @Nullable
    Target find(String strategy) {
        return targets.get(strategy);
    }

    /**
     * Sets a target. A target with the same quantity allows a new entry; a pause goes on unless the strategy wants to try at
     * once.
     */
    void want(String strategy, Strategy.Target wanted) {
        Target known = targets.get(strategy);
        if (known == null || known.quantity != wanted.quantity()) {
            targets.put(strategy, new Target(wanted.quantity(), wanted.reason(), 0, 0, false, 0));
        } else {
            targets.put(
                    strategy,
                    new Target(
                            known.quantity,
                            wanted.reason(),
                            known.failures,
                            wanted.atOnce() ? 0 : known.nextTryNanos,
                            false,
                            known.alarmedNanos));
        }
    }

    void put(String strategy, Target target) {
        targets.replace(strategy, target);
    }

    /** Other hands changed the strategy's share: what they closed is not opened again unless the strategy says so. */
    void othersTraded(String strategy) {
        targets.computeIfPresent(
                strategy,
                (_, target) -> new Target(
                        target.quantity,
                        target.reason,
                        target.failures,
                        target.nextTryNanos,
                        true,
                        target.alarmedNanos));
    }

    void end(String strategy) {
        targets.remove(strategy);
    }

    void save(StateWriter out) {
        out.number(targets.size());
        targets.forEach((strategy, target) -> {
            out.text(strategy);
            out.number(target.quantity);
            out.text(target.reason);
            out.number(target.failures);
            out.number(target.nextTryNanos);
            out.flag(target.entryEnded);
            out.number(target.alarmedNanos);
        });
    }

    void load(StateReader in) {
        for (int n = in.version() < 4 ? 0 : in.integer(); n > 0; n--) {
            targets.put(
                    in.text(), new Target(in.number(), in.text(), in.integer(), in.number(), in.flag(), in.number()));
        }
    }
}
