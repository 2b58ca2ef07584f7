package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.drill.Journal.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    @TempDir
    Path folder;

    @Test
    void what_was_begun_and_not_lifted_is_unfinished() throws IOException {
        try (Journal journal = Journal.begin(folder)) {
            journal.write(line(Entry.RUN, 0));
            journal.write(line(Entry.LOAD_ON, 0));
            journal.write(line(Entry.BEGUN, 1));
            journal.write(line(Entry.BEGUN, 2));
            journal.write(line(Entry.LIFTED, 1));
        }

        assertThat(Journal.unfinished(folder)).containsExactly(line(Entry.LOAD_ON, 0), line(Entry.BEGUN, 2));
    }

    @Test
    void the_load_is_left_when_every_fault_is_lifted_whatever_its_number() throws IOException {
        try (Journal journal = Journal.begin(folder)) {
            journal.write(line(Entry.LOAD_ON, 0));
            journal.write(line(Entry.BEGUN, 0));
            journal.write(line(Entry.LIFTED, 0));
        }

        assertThat(Journal.unfinished(folder)).containsExactly(line(Entry.LOAD_ON, 0));
    }

    @Test
    void a_journal_of_lifted_faults_leaves_nothing_to_do() throws IOException {
        try (Journal journal = Journal.begin(folder)) {
            journal.write(line(Entry.LOAD_ON, 0));
            journal.write(line(Entry.BEGUN, 1));
            journal.write(line(Entry.LIFTED, 1));
            journal.write(line(Entry.LOAD_OFF, 0));
        }

        assertThat(Journal.unfinished(folder)).isEmpty();
    }

    @Test
    void a_half_written_last_line_was_never_acted_on() throws IOException {
        try (Journal journal = Journal.begin(folder)) {
            journal.write(line(Entry.BEGUN, 1));
        }
        Files.writeString(
                folder.resolve(Journal.NAME), "{\"entry\":\"BEGUN\",\"number\":2,\"ki", StandardOpenOption.APPEND);

        assertThat(Journal.unfinished(folder)).containsExactly(line(Entry.BEGUN, 1));
    }

    @Test
    void a_line_that_cannot_be_read_is_named() throws IOException {
        Files.writeString(folder.resolve(Journal.NAME), "nonsense\n");

        assertThatThrownBy(() -> Journal.unfinished(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void without_a_journal_nothing_is_unfinished() throws IOException {
        assertThat(Journal.unfinished(folder)).isEmpty();
    }

    private static Journal.Line line(Entry entry, int number) {
        return new Journal.Line(
                entry,
                number,
                "gateway-freeze",
                List.of(new Journal.Struck("a-gateway", new ProcessIdentity(123, 456))),
                List.of("a"),
                List.of("canary"),
                number,
                number + 1);
    }
}
