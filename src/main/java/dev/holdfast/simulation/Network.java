package dev.holdfast.simulation;

/** How messages between one process and the log fare. Quick and whole unless a fault says otherwise. */
final class Network {

    private final Dice dice;
    private final Scheduler scheduler;
    private long slowUntilNanos;
    private long slowestMillis;
    private long repliesLostUntilNanos;
    private long eventsLateUntilNanos;
    private long eventsLateMillis;

    Network(Dice dice, Scheduler scheduler) {
        this.dice = dice;
        this.scheduler = scheduler;
    }

    long toLog() {
        return delay();
    }

    long fromLog() {
        return delay();
    }

    private long delay() {
        return scheduler.nowNanos() < slowUntilNanos ? dice.millis(1, slowestMillis) : dice.micros(100, 900);
    }

    /** How late events reach the process. */
    long eventLag() {
        return scheduler.nowNanos() < eventsLateUntilNanos ? dice.millis(1, eventsLateMillis) : dice.micros(100, 900);
    }

    boolean losesReply() {
        return scheduler.nowNanos() < repliesLostUntilNanos;
    }

    boolean losesOffer() {
        return scheduler.nowNanos() < slowUntilNanos && dice.chance(0.3);
    }

    void slow(long forNanos, long upToMillis) {
        slowUntilNanos = scheduler.nowNanos() + forNanos;
        slowestMillis = upToMillis;
    }

    void loseReplies(long forNanos) {
        repliesLostUntilNanos = scheduler.nowNanos() + forNanos;
    }

    void delayEvents(long forNanos, long upToMillis) {
        eventsLateUntilNanos = scheduler.nowNanos() + forNanos;
        eventsLateMillis = upToMillis;
    }

    void heal() {
        slowUntilNanos = 0;
        repliesLostUntilNanos = 0;
        eventsLateUntilNanos = 0;
    }
}
