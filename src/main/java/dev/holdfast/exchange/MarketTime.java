package dev.holdfast.exchange;

import java.time.LocalDate;

/**
 * Market time at one instant.
 *
 * @param nanos epoch nanoseconds of market time
 */
record MarketTime(LocalDate day, long nanos, Phase phase) {

    boolean tradable() {
        return phase == Phase.OPEN || phase == Phase.ENDING;
    }
}
