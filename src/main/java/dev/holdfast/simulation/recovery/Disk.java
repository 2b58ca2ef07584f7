package dev.holdfast.simulation.recovery;

import dev.holdfast.simulation.Dice;

/** How long a flush takes. */
final class Disk {

    private final Dice dice;
    private long slowestMillis;

    /** Nothing in a world uses it up: a test says what it is. */
    long freeBytes = 1L << 30;

    Disk(Dice dice) {
        this.dice = dice;
    }

    long nanos() {
        return slowestMillis > 0 ? dice.millis(1, slowestMillis) : dice.micros(200, 1_500);
    }

    void slow(long upToMillis) {
        slowestMillis = upToMillis;
    }

    void heal() {
        slowestMillis = 0;
    }
}
