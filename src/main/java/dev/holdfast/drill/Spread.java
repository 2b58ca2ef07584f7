package dev.holdfast.drill;

import java.util.List;
import java.util.Optional;

/** Count, median and worst of some figures. */
public record Spread(int count, long p50, long worst) {

    /** Empty of none. The median of an even number is the lower one of the two in the middle. */
    public static Optional<Spread> of(List<Long> figures) {
        List<Long> sorted = figures.stream().sorted().toList();
        return sorted.isEmpty()
                ? Optional.empty()
                : Optional.of(new Spread(sorted.size(), sorted.get((sorted.size() - 1) / 2), sorted.getLast()));
    }
}
