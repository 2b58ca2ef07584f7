package dev.holdfast.exchange;

import java.time.Duration;

/** Holds the calling (virtual) thread, for faults that delay. */
final class Pause {

    private Pause() {}

    /** @return false if the exchange is closing */
    static boolean millis(long millis) {
        try {
            Thread.sleep(Duration.ofMillis(millis));
            return true;
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
