package dev.holdfast.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryFileTest {

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("agent").resolve("postgres.memory");
    }

    @Test
    void a_new_host_remembers_nothing() throws IOException {
        MemoryFile memory = MemoryFile.open(file);

        assertThat(memory.usedTerm()).isZero();
        assertThat(memory.wasPrimary()).isFalse();
        assertThat(memory.clonedNumber()).isZero();
    }

    @Test
    void the_next_start_knows_what_this_one_was_told() throws IOException {
        MemoryFile memory = MemoryFile.open(file);
        memory.begins(7);
        memory.cloned(3);
        memory.becomesPrimary();

        MemoryFile after = MemoryFile.open(file);

        assertThat(after.usedTerm()).isEqualTo(7);
        assertThat(after.wasPrimary()).isTrue();
        assertThat(after.clonedNumber()).isEqualTo(3);
    }

    @Test
    void a_clone_was_never_a_primary_but_its_host_used_the_term() throws IOException {
        MemoryFile memory = MemoryFile.open(file);
        memory.begins(7);
        memory.becomesPrimary();
        memory.cloned(4);

        MemoryFile after = MemoryFile.open(file);

        assertThat(after.wasPrimary()).isFalse();
        assertThat(after.usedTerm()).isEqualTo(7);
    }

    @Test
    void a_used_term_does_not_begin_again() throws IOException {
        MemoryFile.open(file).begins(7);
        MemoryFile after = MemoryFile.open(file);

        assertThatThrownBy(() -> after.begins(7)).hasMessageContaining("term 7");
        assertThatThrownBy(() -> after.begins(6)).hasMessageContaining("term 6");
    }

    @Test
    void each_damage_stops_the_start() throws IOException {
        MemoryFile.open(file).begins(12);
        String whole = Files.readString(file);

        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(file, whole.substring(0, length));
            assertThatThrownBy(() -> MemoryFile.open(file)).hasMessageContaining("is damaged");
        }
        for (int at = 0; at < whole.length(); at++) {
            Files.writeString(
                    file, whole.substring(0, at) + (whole.charAt(at) == '3' ? '4' : '3') + whole.substring(at + 1));
            assertThatThrownBy(() -> MemoryFile.open(file)).hasMessageContaining("is damaged");
        }
        Files.writeString(file, whole + "x");
        assertThatThrownBy(() -> MemoryFile.open(file)).hasMessageContaining("is damaged");
    }

    @Test
    void what_cannot_be_written_is_not_remembered_either() throws IOException {
        MemoryFile memory = MemoryFile.open(file);
        memory.begins(1);
        Files.createDirectory(file.resolveSibling("postgres.memory.fresh"));

        assertThatThrownBy(() -> memory.begins(2)).isInstanceOf(UncheckedIOException.class);

        assertThat(memory.usedTerm()).isEqualTo(1);
        assertThat(MemoryFile.open(file).usedTerm()).isEqualTo(1);
    }
}
