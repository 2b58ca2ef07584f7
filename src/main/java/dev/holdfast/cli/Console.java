package dev.holdfast.cli;

import dev.holdfast.types.PlainText;
import java.io.PrintStream;
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

    private static final int SCREEN_WIDTH = 80;
    private static final int GAP = 2;

    /** A column narrower than this is no place for sentences. */
    private static final int LEAST_TEXT_WIDTH = 30;

    private static final int BELOW = 4;

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

    /**
     * Columns as wide as their widest cell; the first row is the heading. Where that is wider than a screen the last column's text is
     * broken between words, in its column where there is room, else below its row.
     */
    static String table(List<List<String>> texts) {
        List<List<String>> rows = texts.stream()
                .map(row -> row.stream().map(PlainText::escaped).toList())
                .toList();
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        int lastBegins = 0;
        for (int column = 0; column < columns - 1; column++) {
            lastBegins += widths[column] + GAP;
        }
        boolean fits = columns == 0 || lastBegins + widths[columns - 1] <= SCREEN_WIDTH;
        boolean below = !fits && lastBegins > SCREEN_WIDTH - LEAST_TEXT_WIDTH;
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < Math.min(row.size(), columns - 1); column++) {
                line.append(row.get(column))
                        .repeat(' ', widths[column] - row.get(column).length() + GAP);
            }
            String last = row.size() == columns ? row.getLast() : "";
            if (below && !last.isEmpty()) {
                text.append(line.toString().stripTrailing()).append(System.lineSeparator());
                line.setLength(0);
                line.repeat(' ', BELOW).append(wrapped(last, BELOW));
            } else {
                line.append(fits ? last : wrapped(last, lastBegins));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString().stripTrailing();
    }

    /**
     * Breaks a text between words so that it ends within a screen.
     *
     * @param begins column in which it begins, and each further line of it
     */
    static String wrapped(String text, int begins) {
        StringBuilder wrapped = new StringBuilder();
        int length = 0;
        for (String word : text.split(" ", -1)) {
            if (length > 0 && begins + length + 1 + word.length() > SCREEN_WIDTH) {
                wrapped.append(System.lineSeparator()).repeat(' ', begins);
                length = 0;
            } else if (length > 0) {
                wrapped.append(' ');
                length++;
            }
            wrapped.append(word);
            length += word.length();
        }
        return wrapped.toString();
    }
}
