package dev.holdfast.replay;

/** What was asked cannot be replayed; the message says why and what can. */
public final class Impossible extends RuntimeException {
    Impossible(String message) {
        super(message);
    }
}
