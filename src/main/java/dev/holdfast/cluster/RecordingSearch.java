package dev.holdfast.cluster;

/**
 * Finds the block of a recording to read from for a wanted sequence: the last one that begins at or before it. Blocks are
 * terms, because each begins with an event. The first guess is nearly always right.
 */
final class RecordingSearch {

    private final long startPosition;
    private final int blockLength;
    private long low;
    private long high;
    private long probed;
    private long best = -1;
    private boolean guessing = true;

    /**
     * @param endPosition greater than the start
     * @param hintPosition where the wanted event was on another member, -1 when unknown
     */
    RecordingSearch(long startPosition, long endPosition, int blockLength, long hintPosition) {
        this.startPosition = startPosition;
        this.blockLength = blockLength;
        this.low = startPosition / blockLength;
        this.high = (endPosition - 1) / blockLength + 1;
        long guess = hintPosition < 0 ? high - 1 : hintPosition / blockLength;
        this.probed = Math.clamp(guess, low, high - 1);
    }

    /** Where to look next; once {@link #done}, where to read from. */
    long position() {
        return Math.max(startPosition, (done() ? best : probed) * blockLength);
    }

    boolean done() {
        return low >= high;
    }

    /** Whether the wanted event lies before this recording; meaningful once done. */
    boolean tooLate() {
        return best < 0;
    }

    /** Takes the sequence found at {@link #position}. */
    void found(long firstSequence, long wantedSequence) {
        if (firstSequence <= wantedSequence) {
            best = probed;
            low = guessing ? high : probed + 1;
        } else {
            high = probed;
        }
        guessing = false;
        probed = (low + high) >>> 1;
    }
}
