package dev.holdfast.agent.postgres;

import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryEvent;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The PostgreSQL of this host, as its keeper deals with it. No call waits for the server. What takes time tells its result on the
 * keeper's thread, or never: the server may die or freeze meanwhile, and then the keeper's own clocks decide. LSNs are bytes.
 */
public interface Instance {

    /** What was last seen of it. */
    Sight sight();

    /** Whether no process has its data directory as working directory; looked up now. */
    boolean clean();

    /** Whether there is a data directory that a server can start from; looked up now. */
    boolean hasData();

    /** Whether the postmaster that was started last lives; looked up now. */
    boolean postmasterAlive();

    /** Makes the very first data directory of the region; only when it is clean and has none. */
    void initialise(Consumer<Outcome> done);

    /** Starts it under a new fencer as a standby that follows nobody; done when it answers. Only when it is clean. */
    void startStandby(Consumer<Outcome> done);

    /** Has the standby stream from that term's primary. Asked again, it does nothing. */
    void follow(RecoveryEvent.PrimaryRouted primary);

    /** Has the standby follow nobody, promotes it with these names in force, and writes the term's row, flushed. */
    void promote(long term, String standbyNames, long namesNumber, Consumer<Promoted> done);

    /** Makes a durable write ({@code synchronous_commit = local}) through a connection made for it; tells its LSN. */
    void write(long term, LongConsumer done);

    /** Ends the sessions that keep a write or a log-in of ours waiting; what they held and who they were is logged. */
    void endBlockers();

    /** Puts these names in force. The sight says when: its names number is then this one. */
    void setNames(String standbyNames, long namesNumber);

    /** Puts back in force what was changed behind the keeper's back. The sight says when: its names number is the order's again. */
    void putRight();

    /** Asks the primary for its standbys as it sees them now. */
    void standbys(Consumer<List<Standby>> done);

    /** Commits a row that waits for the named standby like any other commit; tells its LSN. Not bounded and not cancelled. */
    void marker(LongConsumer done);

    /** Stops it in order: no more commits, what is written goes to the standbys, every process ends. */
    void stop(Runnable done);

    /** Kills its fencer and everything in the data directory, also what is about to be started; tells when nothing is left. */
    void kill(Runnable done);

    /**
     * Replaces the data directory by a copy of that host's, keeping the old one as evidence; only when it is clean.
     *
     * @param oldMayGo whether of the old one only the newest WAL need be kept, if there is no room for both
     */
    void cloneFrom(String host, long cloneNumber, boolean oldMayGo, Consumer<Outcome> done);

    /** How much of the time the clone under way may read from its source, 1 to 100 percent. Asked again, it does nothing. */
    void paceClone(int percent);

    /** Ends whatever clones from this primary: it needs its time for itself. */
    void endClones();

    /** The clone under way is of no use any more. Until it has ended there are no data to start from. */
    void abandonClone();

    /** Redundancy is back: the evidence may go. */
    void forgetEvidence();

    /**
     * @param failure what went wrong, empty when nothing did
     * @param refused whether it was not even begun, and doing it again soon is of no use
     */
    record Outcome(String failure, boolean refused) {
        public static final Outcome DONE = new Outcome("");

        public Outcome(String failure) {
            this(failure, false);
        }

        public static Outcome refused(String why) {
            return new Outcome(why, true);
        }

        public boolean succeeded() {
            return failure.isEmpty();
        }
    }

    /**
     * @param timeline the new one
     * @param forkLsn where it forked from the one before
     * @param writtenLsn of the term's row
     */
    record Promoted(int timeline, long forkLsn, long writtenLsn) {}

    /**
     * One standby as the primary's {@code pg_stat_replication} shows it.
     *
     * @param host whose standby it is
     * @param sync whether commits wait for it
     * @param async whether its walsender knows that they do not; neither when it may release commits in another's stead
     */
    record Standby(String host, boolean sync, boolean async, long flushedLsn) {}

    /**
     * What the last look showed.
     *
     * @param role NONE when the postmaster is not there
     * @param answers whether it took a connection and answered
     * @param term a primary runs under, 0 for a standby
     * @param followedTerm of the primary that a standby streams from now, else 0
     * @param diverged whether a standby holds WAL that the routed primary's history does not have
     * @param namesNumber of the names in force; 0 when what makes commits durable is not in force as it was ordered
     * @param standbys of a primary
     * @param trouble what a person should know of it, empty for nothing
     * @param checksumFailures pages of this copy that were found damaged
     */
    record Sight(
            InstanceRole role,
            boolean answers,
            long term,
            int timeline,
            long receivedLsn,
            long replayedLsn,
            long flushedLsn,
            long followedTerm,
            boolean diverged,
            long namesNumber,
            String standbyNames,
            List<Standby> standbys,
            long diskFreeBytes,
            String trouble,
            long checksumFailures) {

        public Sight {
            standbys = List.copyOf(standbys);
        }

        /** Of an instance that does not run. */
        public static Sight nothing(long diskFreeBytes) {
            return new Sight(InstanceRole.NONE, false, 0, 0, 0, 0, 0, 0, false, 0, "", List.of(), diskFreeBytes, "", 0);
        }
    }
}
