package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.Dice;
import dev.holdfast.simulation.Scheduler;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The network: each direction between two places can be cut by itself; messages of a place can be late or lost. */
final class Links {

    /** Where the writers are. */
    static final String OUTSIDE = "outside";

    /** Of the messages of a place that loses some. */
    private static final double LOSS = 0.5;

    private final Scheduler scheduler;
    private final Dice dice;
    private final Set<String> cut = new HashSet<>();
    private final Map<String, Long> lateMillis = new HashMap<>();
    private final Map<String, Long> behindMillis = new HashMap<>();
    private final Set<String> lossy = new HashSet<>();

    Links(Scheduler scheduler, Dice dice) {
        this.scheduler = scheduler;
        this.dice = dice;
    }

    void cut(String from, String to) {
        cut.add(from + ">" + to);
    }

    void mend(String from, String to) {
        cut.remove(from + ">" + to);
    }

    void late(String place, long upToMillis) {
        lateMillis.put(place, upToMillis);
    }

    /** The place's own member of the log hears what was decided so much later. */
    void behind(String place, long millis) {
        behindMillis.put(place, millis);
    }

    void lossy(String place) {
        lossy.add(place);
    }

    void heal(String place) {
        lateMillis.remove(place);
        behindMillis.remove(place);
        lossy.remove(place);
    }

    void healAll() {
        cut.clear();
        lateMillis.clear();
        behindMillis.clear();
        lossy.clear();
    }

    /** How far behind the log the place's own member is. */
    long eventLagNanos(String place) {
        return Math.max(lateMillis.getOrDefault(place, 0L), behindMillis.getOrDefault(place, 0L)) * 1_000_000;
    }

    boolean passes(String from, String to) {
        return from.equals(to) || !cut.contains(from + ">" + to);
    }

    /** A connection needs both directions. */
    boolean connects(String one, String other) {
        return passes(one, other) && passes(other, one);
    }

    /** A stream: what is delayed arrives, unless the link is cut when it would. */
    void stream(String from, String to, Runnable arrival) {
        scheduler.after(delay(from, to), () -> {
            if (connects(from, to)) {
                arrival.run();
            }
        });
    }

    /** A message: it may also be lost. */
    void message(String from, String to, Runnable arrival) {
        if ((lossy.contains(from) || lossy.contains(to)) && dice.chance(LOSS)) {
            return;
        }
        long nanos = delay(from, to);
        long late = Math.max(lateMillis.getOrDefault(from, 0L), lateMillis.getOrDefault(to, 0L));
        scheduler.after(late > 0 && dice.chance(0.5) ? nanos + dice.millis(1, late) : nanos, () -> {
            if (passes(from, to)) {
                arrival.run();
            }
        });
    }

    private long delay(String from, String to) {
        return from.equals(to) ? dice.micros(20, 80) : dice.micros(150, 900);
    }
}
