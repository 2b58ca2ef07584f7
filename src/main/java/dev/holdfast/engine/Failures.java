package dev.holdfast.engine;

import java.util.regex.Pattern;

/** Puts what was thrown into words that are the same on every member. */
final class Failures {

    /** An object's identity, as in Object@1b6d3586, differs between members; what is in an event must not. */
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{1,16}\\b");

    private Failures() {}

    static String words(Throwable thrown) {
        String message = thrown.getMessage();
        String name = thrown.getClass().getSimpleName();
        return message == null ? name : name + ": " + IDENTITY.matcher(message).replaceAll("");
    }
}
