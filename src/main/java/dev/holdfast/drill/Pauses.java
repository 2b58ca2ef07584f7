package dev.holdfast.drill;

import java.util.ArrayList;
import java.util.List;

/** The pauses between instants that follow each other. */
final class Pauses {

    private Pauses() {}

    /** 0 of fewer than two. */
    static long longest(List<Long> instants) {
        return all(instants).stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** 0 of fewer than two. */
    static long median(List<Long> instants) {
        List<Long> sorted = all(instants).stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    private static List<Long> all(List<Long> instants) {
        List<Long> pauses = new ArrayList<>();
        for (int index = 1; index < instants.size(); index++) {
            pauses.add(instants.get(index) - instants.get(index - 1));
        }
        return pauses;
    }
}
