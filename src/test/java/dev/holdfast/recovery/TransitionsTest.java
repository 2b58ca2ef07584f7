package dev.holdfast.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.protocol.DatabaseInput;
import dev.holdfast.protocol.DatabasePhase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The tables themselves, and the document made from them. */
final class TransitionsTest {

    private static final Path DOCUMENT = Path.of("docs/recovery-states.md");

    /** {@code -Dgolden.write=true} writes it. */
    @Test
    void the_document_is_the_one_that_the_tables_give() throws Exception {
        String document =
                """
                # States of the database and of its copies

                Generated from the two tables in `dev.holdfast.recovery.Transitions`; a test compares. What each state means is in
                `dev.holdfast.protocol.DatabasePhase` and `ReplicaState`, how it is lived in [recovery.md](recovery.md).

                ## The database as a whole

                ```mermaid
                %s```

                ## One host's copy

                ```mermaid
                %s```
                """.formatted(Transitions.diagram(Transitions.DATABASE), Transitions.diagram(Transitions.REPLICA));
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(DOCUMENT, document);
        }

        assertThat(Files.readString(DOCUMENT)).isEqualTo(document);
    }

    @Test
    void in_one_state_an_input_leads_to_one_state() {
        unique(Transitions.DATABASE);
        unique(Transitions.REPLICA);
    }

    @Test
    void what_is_not_in_the_table_cannot_happen() {
        assertThatThrownBy(() -> Transitions.next(DatabasePhase.LOST, DatabaseInput.PROMOTED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in state LOST the input PROMOTED cannot happen");
    }

    private static <S extends Enum<S>, I extends Enum<I>> void unique(List<Transitions.Row<S, I>> table) {
        Set<List<Object>> seen = new HashSet<>();
        for (Transitions.Row<S, I> row : table) {
            assertThat(seen.add(List.of(row.from(), row.input()))).as("%s", row).isTrue();
        }
    }
}
