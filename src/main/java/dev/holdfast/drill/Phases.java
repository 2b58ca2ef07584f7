package dev.holdfast.drill;

import dev.holdfast.drill.DrillReport.Phase;
import java.util.ArrayList;
import java.util.List;

/** What a drill did when, by this machine's wall clock. Used by one thread. */
final class Phases {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final long beganNanos = Wall.nanos();
    private final List<Phase> phases = new ArrayList<>();
    private String name = "";
    private long fromNanos;

    /** Ends the present one, if there is one. */
    void begin(String next) {
        end();
        name = next;
        fromNanos = Wall.nanos();
    }

    void end() {
        if (!name.isEmpty()) {
            add(name, fromNanos, Wall.nanos());
            name = "";
        }
    }

    /** One that is known only afterwards. */
    void add(String past, long from, long to) {
        phases.add(new Phase(past, (from - beganNanos) / NANOS_PER_MILLI, (to - from) / NANOS_PER_MILLI));
    }

    List<Phase> all() {
        return List.copyOf(phases);
    }
}
