package dev.holdfast.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process and no other: a pid alone is soon another's.
 *
 * @param startTicks when it started, as Linux counts (proc(5), {@code stat}, field 22)
 */
record ProcessIdentity(long pid, long startTicks) {

    private static final int STATE = 0;
    private static final int START_TICKS = 19;

    static Optional<ProcessIdentity> of(long pid) {
        return fields(pid).map(fields -> new ProcessIdentity(pid, Long.parseLong(fields[START_TICKS])));
    }

    /** Whether it is gone; one that nobody has waited for yet is. */
    boolean gone() {
        return state().map(state -> state == 'Z' || state == 'X').orElse(true);
    }

    boolean frozen() {
        return state().map(state -> state == 'T').orElse(false);
    }

    /** SIGKILL, if it is still the same. */
    void kill() {
        ProcessHandle.of(pid).filter(_ -> !gone()).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** SIGCONT, if it is still the same. */
    void thaw() throws IOException, InterruptedException {
        if (!gone()) {
            new ProcessBuilder("kill", "-CONT", Long.toString(pid)).start().waitFor();
        }
    }

    private Optional<Character> state() {
        return fields(pid)
                .filter(fields -> Long.parseLong(fields[START_TICKS]) == startTicks)
                .map(fields -> fields[STATE].charAt(0));
    }

    /** What follows the program's name, which may hold anything. */
    private static Optional<String[]> fields(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
