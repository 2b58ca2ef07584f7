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
    private long fromNanos = beganNanos;
    private Runnable changed = () -> {};

    /** @param action is called after each change */
    void whenChanged(Runnable action) {
        changed = action;
    }

    /** Ends the present one, if there is one. */
    void begin(String next) {
        close();
        name = next;
        fromNanos = Wall.nanos();
        changed.run();
    }

    void end() {
        close();
        changed.run();
    }

    private void close() {
        if (!name.isEmpty()) {
            phases.add(new Phase(name, presentStartedMillis(), (Wall.nanos() - fromNanos) / NANOS_PER_MILLI));
            name = "";
        }
    }

    /** Those that are over. */
    List<Phase> all() {
        return List.copyOf(phases);
    }

    /** Empty when none is under way. */
    String present() {
        return name;
    }

    /** Since the beginning. */
    long presentStartedMillis() {
        return (fromNanos - beganNanos) / NANOS_PER_MILLI;
    }

    /** Epoch milliseconds. */
    long beganMillis() {
        return beganNanos / NANOS_PER_MILLI;
    }
}
