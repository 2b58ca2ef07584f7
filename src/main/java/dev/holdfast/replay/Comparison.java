package dev.holdfast.replay;

import org.jspecify.annotations.Nullable;

/**
 * A state hash that a member reported, beside the one that the replay came to at the same event.
 *
 * @param replayedHash null when the replay took none there
 */
public record Comparison(
        int member,
        long atSequence,
        String recordedHash,
        @Nullable String replayedHash) {

    public boolean matches() {
        return recordedHash.equals(replayedHash);
    }
}
