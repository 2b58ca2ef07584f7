package dev.holdfast.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One process as its agent sees it.
 *
 * @param pid 0 when it does not run
 * @param restarts since the agent began, not counting the first start
 * @param lastExit exit code of the last end, if one was seen
 * @param nextStartMillis epoch milliseconds of the next attempt while it waits
 * @param log its last lines
 */
public record ChildStatus(
        String name,
        State state,
        long pid,
        int restarts,
        @Nullable Integer lastExit,
        @Nullable Long nextStartMillis,
        String detail,
        List<String> log) {

    public ChildStatus {
        log = List.copyOf(log);
    }

    /**
     * WAITING is between an end and the next start; CRASH_LOOP is the same when it keeps dying. HALTED ended itself for a reason
     * that a start would not mend: a person must look. STOPPED is wanted.
     */
    public enum State {
        STARTING,
        RUNNING,
        WAITING,
        CRASH_LOOP,
        HALTED,
        STOPPING,
        STOPPED
    }
}
