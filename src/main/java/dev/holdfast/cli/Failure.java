package dev.holdfast.cli;

/** Ends a command with one clear message and an exit code. */
final class Failure extends RuntimeException {

    static final int NEGATIVE = 1;
    static final int USAGE = 2;

    /** Exit code of {@code status} when nobody could be heard who knows whether we can trade. */
    static final int UNKNOWN = 3;

    private final int exitCode;

    private Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** What was asked did not come true. */
    static Failure negative(String message) {
        return new Failure(NEGATIVE, message);
    }

    /** What was asked makes no sense here: a wrong argument, configuration or home. */
    static Failure usage(String message) {
        return new Failure(USAGE, message);
    }

    int exitCode() {
        return exitCode;
    }
}
