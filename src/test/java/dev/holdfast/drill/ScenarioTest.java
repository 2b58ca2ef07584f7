package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioTest {

    @Test
    void the_document_says_of_each_drill_what_the_code_says_and_of_no_other() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("docs/drills.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(Scenario.values())
                        .map(each -> "| `" + each.word() + "` | " + each.does() + " | " + each.shows() + " |")
                        .toList());
    }

    @Test
    void the_document_on_chaos_names_every_kind_of_fault() throws IOException {
        String document = Files.readString(Path.of("docs/chaos.md"));

        assertThat(FaultKind.values()).allMatch(kind -> document.contains("`" + kind.word() + "`"));
    }

    @Test
    void a_drill_is_found_by_its_word_and_a_wrong_word_is_told_the_right_ones() {
        for (Scenario scenario : Scenario.values()) {
            assertThat(Scenario.named(scenario.word())).isEqualTo(scenario);
        }
        assertThatThrownBy(() -> Scenario.named("postgres"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("postgres-kill");
    }

    @Test
    void what_freezes_a_primary_outlasts_its_lease_of_two_seconds() {
        assertThat(Scenario.values())
                .filteredOn(each -> each.times() == 1)
                .filteredOn(each -> each.kind()
                        .map(kind -> kind.deed == FaultKind.Deed.FREEZE)
                        .orElse(false))
                .isNotEmpty()
                .allMatch(each -> each.lengthMillis() >= 6_000);
    }
}
