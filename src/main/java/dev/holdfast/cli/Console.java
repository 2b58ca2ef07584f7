package dev.holdfast.cli;

import dev.holdfast.types.PlainText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where commands print. Progress and warnings go to stderr. The result goes to stdout: text, or with {@code --json} exactly one
 * document. Text of brokers and people cannot move the terminal's cursor or forge a line: what would is written out.
 */
final class Console {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;
    private final long beganNanos = System.nanoTime();

    Console(PrintStream out, PrintStream err, boolean json) {
        this.out = out;
        this.err = err;
        this.json = json;
    }

    boolean json() {
        return json;
    }

    long elapsedMillis() {
        return (System.nanoTime() - beganNanos) / 1_000_000;
    }

    /** One line with the seconds since the command began. Thread-safe. */
    void progress(String text) {
        err.printf(Locale.ROOT, "%6.1f s  %s%n", elapsedMillis() / 1e3, PlainText.escapedLines(text));
    }

    void warn(String text) {
        err.println(PlainText.escapedLines(text));
    }

    /** The command's one result. */
    void result(Object document, Supplier<String> text) {
        // In a document an escaped character is the same character.
        out.println(PlainText.escapedLines(json ? JSON.writeValueAsString(document) : text.get()));
        out.flush();
    }

    /** Text as it comes, for what is no document. */
    void raw(String line) {
        out.println(PlainText.escapedLines(line));
        out.flush();
    }

    /** Columns as wide as their widest cell; the first row is the heading. */
    static String table(List<List<String>> texts) {
        List<List<String>> rows = texts.stream()
                .map(row -> row.stream().map(PlainText::escaped).toList())
                .toList();
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                int width = row.get(column).length();
                if (column == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(column, Math.max(widths.get(column), width));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(row.get(column))
                        .repeat(' ', widths.get(column) - row.get(column).length() + 2);
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString().stripTrailing();
    }
}
