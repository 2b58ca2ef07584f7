package dev.holdfast.drill;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What comes next, drawn from a seed alone: the same seed and kinds give the same plan, whatever the system does meanwhile. Every
 * kind comes once in each round, in a drawn order.
 */
public final class FaultPlan {

    private static final int SHORT_LEAST_MILLIS = 200;
    private static final int SHORT_MOST_MILLIS = 600;

    /** Longer than a lease of two seconds and its margin. */
    private static final int LONG_LEAST_MILLIS = 2_500;

    private static final int LONG_MOST_MILLIS = 4_000;
    private static final int GAP_LEAST_MILLIS = 100;
    private static final int GAP_MOST_MILLIS = 900;

    /** One in so many comes while the one before is not over. */
    private static final int ONE_IN_OVERLAPS = 8;

    private final Random random;
    private final List<FaultKind> kinds;
    private final List<FaultKind> round = new ArrayList<>();
    private int number;

    public FaultPlan(long seed, List<FaultKind> kinds) {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("no fault kind is left to choose from");
        }
        this.random = new Random(seed);
        this.kinds = List.copyOf(kinds);
    }

    /**
     * One fault.
     *
     * @param pick chooses among the targets that there are when it is done, modulo their number
     * @param lengthMillis how long a freeze or a disturbance lasts, and a killed agent stays away
     * @param gapMillis to wait before it
     * @param overlaps whether it comes although the one before is not over
     */
    public record Step(int number, FaultKind kind, int pick, long lengthMillis, long gapMillis, boolean overlaps) {}

    public Step next() {
        if (round.isEmpty()) {
            round.addAll(kinds);
            Collections.shuffle(round, random);
        }
        FaultKind kind = round.removeLast();
        int pick = random.nextInt(1 << 20);
        long length = random.nextBoolean()
                ? random.nextInt(SHORT_LEAST_MILLIS, SHORT_MOST_MILLIS)
                : random.nextInt(LONG_LEAST_MILLIS, LONG_MOST_MILLIS);
        long gap = random.nextInt(GAP_LEAST_MILLIS, GAP_MOST_MILLIS);
        boolean overlaps = random.nextInt(ONE_IN_OVERLAPS) == 0 && number > 0;
        number++;
        return new Step(number, kind, pick, length, gap, overlaps);
    }
}
