package dev.holdfast.recovery;

import java.util.regex.Pattern;

/** Puts what was thrown into words that are the same on every member and in every replay. */
final class Failures {

    /** An object's identity, as in Object@1b6d3586, differs between members; what is in an event must not. */
    private static final Pattern IDENTITY = Pattern.compile("@[0-9a-f]{1,16}\\b");

    private Failures() {}

    /** What was thrown, and where. */
    static String wordsAndPlace(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return madeByVirtualMachine(thrown) || trace.length == 0
                ? words(thrown)
                : words(thrown) + " at " + trace[0].getFileName() + ":" + trace[0].getLineNumber();
    }

    static String words(Throwable thrown) {
        String message = thrown.getMessage();
        String name = thrown.getClass().getSimpleName();
        return message == null || madeByVirtualMachine(thrown)
                ? name
                : name + ": " + IDENTITY.matcher(message).replaceAll("");
    }

    /**
     * Once code is hot, HotSpot throws these from a stock without message and stack trace (OmitStackTraceInFastThrow), so a member
     * that has run for a while would word them otherwise than one that has just started.
     */
    private static boolean madeByVirtualMachine(Throwable thrown) {
        return thrown instanceof ArithmeticException
                || thrown instanceof NullPointerException
                || thrown instanceof IndexOutOfBoundsException
                || thrown instanceof ClassCastException
                || thrown instanceof ArrayStoreException
                || thrown instanceof NegativeArraySizeException
                || thrown instanceof VirtualMachineError;
    }
}
