package dev.holdfast.dashboard;

import dev.holdfast.drill.Scenario;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Where a home keeps what its drills tell and find, and how one is started.
 *
 * @param reports folder with their reports
 * @param work folder in which the one at work tells of itself
 * @param possible those for which this system has something to strike
 * @param refusal why the page may start none; empty when it may
 */
public record DrillDesk(Path reports, Path work, Set<Scenario> possible, String refusal, Command command) {

    public DrillDesk {
        possible = Set.copyOf(possible);
    }

    /** The words that run a drill; it prints one JSON document. */
    @FunctionalInterface
    public interface Command {
        List<String> words(Scenario scenario, String reason);
    }
}
