package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.Dice;
import java.util.ArrayList;
import java.util.List;

/** How long a flush takes. */
final class Disk {

    /** Two clones at once cost this many times as much as one. */
    private static final int CROWD = 4;

    private final Dice dice;
    private final List<ModelClone> clones = new ArrayList<>();
    private long slowestMillis;

    /** The most by which a clone that reads this disk lengthens a flush, milliseconds. */
    long cloneCostMillis;

    /** Free bytes. Nothing in a world uses them up; a test sets them. */
    long freeBytes = 1L << 30;

    Disk(Dice dice) {
        this.dice = dice;
    }

    long nanos() {
        long alone = slowestMillis > 0 ? dice.millis(1, slowestMillis) : dice.micros(200, 1_500);
        clones.removeIf(ModelClone::isOver);
        int load = clones.stream().mapToInt(ModelClone::load).sum();
        if (load == 0) {
            return alone;
        }
        boolean crowd = clones.stream().filter(each -> each.load() > 0).count() > 1;
        long most = 1 + cloneCostMillis * load / 100 * (crowd ? CROWD : 1);
        return alone + dice.millis(crowd ? most / 2 : 1, most);
    }

    void isReadBy(ModelClone clone) {
        clones.add(clone);
    }

    /** Ends every clone that reads this disk. */
    void endClones() {
        List.copyOf(clones).forEach(ModelClone::end);
    }

    void slow(long upToMillis) {
        slowestMillis = upToMillis;
    }

    void heal() {
        slowestMillis = 0;
    }
}
