package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Documents stay true: what they link to and the tests they name as proof are there. */
final class DocumentationTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final Pattern TEST_NAME = Pattern.compile("\\b([A-Z]\\w*[a-z0-9](?:Test|IT))\\b");
    private static final Set<String> EXAMPLES = Set.of("NameTest");

    @Test
    void every_link_leads_somewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                Path target = Path.of(document.toString()).toAbsolutePath().resolveSibling(link.group(1));
                if (!Files.exists(target)) {
                    dead.add(document + " -> " + link.group(1));
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void every_test_named_as_a_proof_exists() throws IOException {
        Set<String> tests;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            tests = files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        for (Path document : documents()) {
            Matcher name = TEST_NAME.matcher(Files.readString(document));
            while (name.find()) {
                if (!EXAMPLES.contains(name.group(1))) {
                    assertThat(tests).as("named in %s", document).contains(name.group(1));
                }
            }
        }
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"));
                Stream<Path> root = Files.list(Path.of("."))) {
            return Stream.concat(docs, root)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }
}
