package dev.holdfast.agent;

/** Something of this host that its agent keeps running and shows. */
public interface Attended extends AutoCloseable {

    /** Names it in the status and on the command line. */
    String name();

    /** Begins to keep it running; returns at once. */
    void start();

    ChildStatus status();

    /** Ends it for good; returns when it is gone. */
    @Override
    void close();
}
