package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultDocumentationTest {

    @Test
    void the_page_lists_every_kind_of_fault_with_its_fields() throws Exception {
        String page = Files.readString(Path.of("docs/exchange.md"));

        List<String> lines = Arrays.stream(FaultKind.values())
                .map(FaultDocumentationTest::line)
                .toList();

        assertThat(page.lines().filter(line -> line.startsWith("| `") && line.endsWith(". |")))
                .as("docs/exchange.md, the table of faults; it should be\n" + String.join("\n", lines))
                .containsExactlyElementsOf(lines);
    }

    private static String line(FaultKind kind) {
        String fields = kind.fields().stream()
                .map(field -> kind.needs.contains(field) ? "**" + field.word() + "**" : field.word())
                .collect(Collectors.joining(", "));
        String bound = kind.bound.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "| `" + kind + "` | " + bound + " | " + fields + " | " + kind.what + " |";
    }
}
