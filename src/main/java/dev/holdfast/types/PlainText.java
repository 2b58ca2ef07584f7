package dev.holdfast.types;

import java.nio.charset.StandardCharsets;

/**
 * Text that people and brokers send us and that other people read on a terminal, in a log or on a page. A line end in it would
 * forge a line, an escape sequence would repaint the terminal, a mark for the direction of writing would show something else
 * than what is there. What people type is refused with such a character; what a broker sends is shown with the character
 * written out.
 *
 * <p>The characters are listed here and not asked of the JDK, so that the members of a cluster agree whatever they run on.
 */
public final class PlainText {

    /** The longest text that fits an event, in bytes of UTF-8. */
    public static final int MAX_BYTES = 200;

    private PlainText() {}

    /**
     * Why this text is refused as a name or a reason; empty when it is not.
     *
     * @param what names the text at the sentence's beginning
     */
    public static String fault(String what, String text) {
        String misleading = misleading(what, text);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return misleading.isEmpty() && bytes > MAX_BYTES
                ? what + " has " + bytes + " bytes, expected at most " + MAX_BYTES
                : misleading;
    }

    /** As {@link #fault}, of a text that may be long. */
    public static String misleading(String what, String text) {
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int character = text.codePointAt(at);
            if (misleads(character)) {
                return what + " has the character " + named(character) + " at place " + (at + 1)
                        + ", which cannot be seen or changes what is seen; leave it out";
            }
        }
        return "";
    }

    /** Foreign text fit to be shown on one line: each misleading character is written as {@code \}{@code uXXXX}. */
    public static String escaped(String text) {
        return escaped(text, false);
    }

    /** As {@link #escaped}, of text whose line ends are our own. */
    public static String escapedLines(String text) {
        return escaped(text, true);
    }

    private static String escaped(String text, boolean linesMayEnd) {
        StringBuilder shown = null;
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            int next = at + Character.charCount(character);
            if (misleads(character) && !(linesMayEnd && (character == '\n' || character == '\t'))) {
                if (shown == null) {
                    shown = new StringBuilder(text.substring(0, at));
                }
                for (char unit : Character.toChars(character)) {
                    shown.append("\\u").append(hex(unit));
                }
            } else if (shown != null) {
                shown.appendCodePoint(character);
            }
            at = next;
        }
        return shown == null ? text : shown.toString();
    }

    /** Joiners (200C, 200D) are not among them: Indian scripts need them. */
    private static boolean misleads(int character) {
        return character < 0x20
                || (character >= 0x7F && character <= 0x9F) // DEL and the second set of control characters
                || character == 0xAD // soft hyphen
                || character == 0x61C // Arabic letter mark
                || character == 0x180E
                || character == 0x200B // zero-width space
                || character == 0x200E // left-to-right and right-to-left mark
                || character == 0x200F
                || (character >= 0x2028 && character <= 0x202E) // separators of lines and paragraphs, embeddings
                || (character >= 0x2060 && character <= 0x206F) // isolates and other invisible marks
                || (character >= 0xD800 && character <= 0xDFFF) // half of a character
                || character == 0xFEFF
                || (character >= 0xFFF9 && character <= 0xFFFB)
                || (character >= 0xE0000 && character <= 0xE0FFF); // tags
    }

    private static String named(int character) {
        return "U+"
                + (character > 0xFFFF
                        ? Integer.toHexString(character).toUpperCase(java.util.Locale.ROOT)
                        : hex(character));
    }

    private static String hex(int unit) {
        String digits = Integer.toHexString(unit).toUpperCase(java.util.Locale.ROOT);
        return "0".repeat(4 - digits.length()) + digits;
    }
}
