package dev.holdfast.cluster;

import org.jspecify.annotations.Nullable;

/** A member could not start or could not go on; the message says what to do. */
public final class TraderFailure extends RuntimeException {
    public TraderFailure(String message) {
        super(message);
    }

    public TraderFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
