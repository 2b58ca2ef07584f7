package dev.holdfast.protocol;

/** Bytes that are no message of ours. */
public final class MalformedMessage extends RuntimeException {
    public MalformedMessage(String message) {
        super(message);
    }
}
