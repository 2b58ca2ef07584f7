package dev.holdfast.replay;

import dev.holdfast.protocol.Event.OrderChanged;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that concerned one order, in the order of the log.
 *
 * @param order as of the last step
 * @param missing why commands and the strategy's state are not told; null when they are
 */
public record OrderStory(
        OrderChanged order, List<Step> steps, @Nullable String missing) {

    public OrderStory {
        steps = List.copyOf(steps);
    }

    /** What a step tells of, in the words of the order's life. */
    public enum Kind {
        TICK,
        STRATEGY,
        WISH,
        RISK,
        SEND,
        ANSWER,
        BOOK,
        FILL,
        TRADE,
        STATE,
        PERSON,
        ALARM
    }

    /**
     * One thing that happened.
     *
     * @param sequence the event's own; of a command, that of the last event before it
     * @param untilMillis when it was last reported in the same words; epoch milliseconds of log time, as is the time
     * @param times how often
     */
    public record Step(long timeMillis, long sequence, Kind kind, String text, long untilMillis, int times) {}

    /** Collects steps; what a book repeats with each read is told once. */
    static final class Steps {
        private final List<Step> steps = new ArrayList<>();

        void add(long timeNanos, long sequence, Kind kind, String text) {
            long millis = timeNanos / 1_000_000;
            for (int index = steps.size() - 1; index >= 0; index--) {
                Step known = steps.get(index);
                if (known.kind == kind) {
                    if (known.text.equals(text) && (kind == Kind.BOOK || kind == Kind.FILL)) {
                        steps.set(
                                index, new Step(known.timeMillis, known.sequence, kind, text, millis, known.times + 1));
                        return;
                    }
                    break;
                }
            }
            steps.add(new Step(millis, sequence, kind, text, millis, 1));
        }

        List<Step> all() {
            return steps;
        }
    }
}
