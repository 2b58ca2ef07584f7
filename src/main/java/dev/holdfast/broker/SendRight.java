package dev.holdfast.broker;

/** What one order call may still do. Thread-safe. */
public interface SendRight {

    /** To be asked once, immediately before the write; when it says no, nothing may be written. */
    boolean mayWrite();

    /** To be asked again and again until the answer is there; when it says no, what is on its way must not be delivered later. */
    boolean isHeld();
}
