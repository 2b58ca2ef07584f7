package dev.holdfast.agent.postgres;

/** Time and later work of a keeper. Everything it does happens on one thread. */
public interface Timer {

    /** Nanoseconds of the boot clock, which goes on while the machine sleeps. Never later than the true time. */
    long now();

    /** Runs this on the keeper's thread, not before that time has passed. */
    void after(long nanos, Runnable action);
}
