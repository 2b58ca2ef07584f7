package dev.holdfast.simulation;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The last things that happened in a world, to be read when an invariant fails. */
public final class Diary {

    public static final int LINES = 30;

    private final Scheduler scheduler;
    private final ArrayDeque<Line> lines = new ArrayDeque<>(LINES);

    /** Put into words only when somebody reads it. */
    private record Line(long atNanos, long step, Supplier<String> text) {}

    public Diary(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    public void note(Supplier<String> text) {
        if (lines.size() == LINES) {
            lines.removeFirst();
        }
        lines.addLast(new Line(scheduler.nowNanos(), scheduler.steps(), text));
    }

    public List<String> lines() {
        return lines.stream()
                .map(line -> String.format(
                        Locale.ROOT, "%10.4f s  step %6d  %s", line.atNanos / 1e9, line.step, line.text.get()))
                .toList();
    }
}
