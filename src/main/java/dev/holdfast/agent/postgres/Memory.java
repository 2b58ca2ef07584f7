package dev.holdfast.agent.postgres;

/** What a host's agent must know after a restart. Each change is on the disk when the call returns. */
public interface Memory {

    /** The newest term that was begun here; it is never begun again by another start of the agent. */
    long usedTerm();

    /** Before a lease of this term is first asked for. */
    void begins(long term);

    /** Whether the data directory was ever a primary's since it was cloned: it then follows nobody. */
    boolean wasPrimary();

    /** Before the promotion. */
    void becomesPrimary();

    /** The newest clone that was finished here; 0 when none was. */
    long clonedNumber();

    /** The data directory is that clone from now on. */
    void cloned(long number);
}
