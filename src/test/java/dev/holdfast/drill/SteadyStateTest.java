package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.ConfigurationFile;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a steady state asks of the database; nothing else of this system runs, and that is said too. */
class SteadyStateTest {

    private static final Map<String, ReplicaState> WHOLE =
            Map.of("a", ReplicaState.PRIMARY, "b", ReplicaState.ELIGIBLE, "c", ReplicaState.FOLLOWING);

    private final SteadyState steady = new SteadyState(configuration());

    @Test
    void a_guarded_database_whose_copies_all_follow_lacks_nothing() {
        assertThat(missing(true, DatabasePhase.GUARDED, "", false, WHOLE)).isEmpty();
    }

    @Test
    void a_lone_primary_is_not_enough() {
        assertThat(missing(true, DatabasePhase.SINGLE, "", false, WHOLE))
                .singleElement()
                .asString()
                .contains("SINGLE");
    }

    @Test
    void a_copy_that_does_not_follow_and_one_of_which_nothing_is_known_are_missing() {
        assertThat(missing(
                        true,
                        DatabasePhase.GUARDED,
                        "",
                        false,
                        Map.of("a", ReplicaState.REBUILDING, "b", ReplicaState.PRIMARY)))
                .hasSize(2)
                .anyMatch(line -> line.contains("host a is REBUILDING"))
                .anyMatch(line -> line.contains("host c is ABSENT"));
    }

    @Test
    void an_open_incident_and_paused_automation_are_said() {
        assertThat(missing(true, DatabasePhase.GUARDED, "nobody counts", true, WHOLE))
                .anyMatch(line -> line.contains("nobody counts"))
                .anyMatch(line -> line.contains("paused"));
    }

    @Test
    void what_was_not_heard_yet_is_not_believed() {
        assertThat(missing(false, DatabasePhase.GUARDED, "", false, WHOLE)).hasSize(1);
    }

    /** Of what is missing, what the database adds. */
    private List<String> missing(
            boolean heard, DatabasePhase phase, String incident, boolean paused, Map<String, ReplicaState> copies) {
        List<String> without = steady.missing(seen(null));
        List<String> with =
                steady.missing(seen(new RecoveryTail.Facts(heard, phase, "because", "a", 3, incident, paused, copies)));
        return with.stream().filter(line -> !without.contains(line)).toList();
    }

    private static SteadyState.Seen seen(RecoveryTail.@Nullable Facts database) {
        EventTail.Facts facts = new EventTail.Facts(1, true, "", 0, 0, "a", false, List.of(), List.of());
        return new SteadyState.Seen(0, List.of(), true, facts, database, 0, null);
    }

    private static Configuration configuration() {
        try {
            return ConfigurationFile.read(
                    Path.of(Objects.requireNonNull(SteadyStateTest.class.getResource("/holdfast.yaml"))
                            .toURI()));
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
