package dev.holdfast.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb",
                "a\rb",
                "a\tb",
                "a\u0000b",
                "a\u001B[2Jb",
                "a\u009B2Jb",
                "a\u007Fb",
                "a\u202Eb",
                "a\u2066b",
                "a\u200Fb",
                "a\u2028b",
                "a\u200Bb",
                "a\uFEFFb",
                "a\uD800b",
                "a\uDB40\uDC01b"
            })
    void what_moves_a_cursor_ends_a_line_or_turns_the_writing_is_refused_and_shown_written_out(String text) {
        assertThat(PlainText.fault("reason", text))
                .startsWith("reason has the character U+")
                .contains("at place 2");
        assertThat(PlainText.escaped(text)).startsWith("a\\u").endsWith("b").hasSizeGreaterThan(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hedge", "", "₹3,000.00 – über 5 %", "हिंदी क्‍ष", "🙂", "a\\nb"})
    void words_of_any_script_are_taken_and_shown_as_they_are(String text) {
        assertThat(PlainText.fault("reason", text)).isEmpty();
        assertThat(PlainText.escaped(text)).isSameAs(text);
    }

    @Test
    void a_text_that_the_log_would_cut_is_refused() {
        assertThat(PlainText.fault("reason", "ह".repeat(67))).isEqualTo("reason has 201 bytes, expected at most 200");
        assertThat(PlainText.fault("reason", "ह".repeat(66))).isEmpty();
    }

    @Test
    void of_our_own_lines_the_ends_stay() {
        assertThat(PlainText.escapedLines("one\n\ttwo\u001B")).isEqualTo("one\n\ttwo\\u001B");
    }
}
