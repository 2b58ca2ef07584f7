package dev.holdfast.log;

/** The log took no command, or gave no answer in time; whether a command was applied is then unknown. */
public final class LogUnavailable extends RuntimeException {
    public LogUnavailable(String message) {
        super(message);
    }
}
