package dev.holdfast.protocol;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A deterministic state machine: the same commands at the same times give the same events, replies and state, on every
 * member and in every replay. It has no clock, I/O, thread or randomness. Called by one thread.
 */
public interface Machine {

    /**
     * Applies one command. It never throws for a bad command; what throws from here must halt the member.
     *
     * @param timestampNanos wall time stamped by the leader; the machine turns it into log time, which never goes back
     * @param correlationId consecutive from 1 for each client; 0 for a command that is neither numbered nor answered
     * @param buffer the encoded {@link Command}
     */
    void onCommand(
            long timestampNanos,
            long clientId,
            long correlationId,
            DirectBuffer buffer,
            int offset,
            int length,
            Output output);

    /** The one timer fired; the machine asks for the next one through the output. */
    void onTimer(long timestampNanos, Output output);

    /**
     * A leader began its term over the log: an entry of the log like a command, on every member and in every replay. Until it
     * the log may have taken nothing for a while.
     *
     * @param leadershipTerm only grows
     * @param leader member id
     */
    default void onLeadershipTerm(long timestampNanos, long leadershipTerm, int leader, Output output) {}

    /** Writes the whole state in pieces of at most {@code SnapshotSink.MAX_PIECE} bytes; equal states give equal bytes. */
    void snapshot(SnapshotSink sink);

    /**
     * Reads what {@link #snapshot} wrote into this fresh machine.
     *
     * @throws CorruptSnapshot if the pieces are not a whole snapshot with the right hash
     */
    void restore(SnapshotSource source);

    /** The sequence of the last event; 0 before the first. */
    long sequence();

    /** A hash of the full state. */
    long stateHash();

    /** What the machine causes. Nothing but events leaves the host during a replay. */
    interface Output {

        /** A sealed {@link EventFrame}; the buffer is reused after the call. */
        void event(long sequence, DirectBuffer frame, int offset, int length);

        /** The answer to the command being applied; best effort. */
        void reply(Reply reply);

        /** Asks for {@link Machine#onTimer} at this time; replaces an earlier request. */
        void scheduleTimer(long deadlineNanos);

        /** The state after this event has this hash; the host reports it as a command of its member. */
        void stateHashed(long sequence, long stateHash);

        /**
         * The lease of this grant begins anew. The host of a member that comes to lead reports how long ago that was, by its own
         * monotonic clock.
         */
        default void renewed(GrantKind kind) {}

        /** This member's state differs from the majority's: if it is the host's own, it must stop. */
        void halt(int member, String reason);
    }

    interface SnapshotSink {
        int MAX_PIECE = 64 * 1024;

        void write(DirectBuffer buffer, int offset, int length);
    }

    interface SnapshotSource {
        /** @return the length of the next piece, written to the target at 0; -1 at the end */
        int read(MutableDirectBuffer target);
    }

    /** A snapshot that is not what was written. */
    final class CorruptSnapshot extends RuntimeException {
        public CorruptSnapshot(String message) {
            super(message);
        }
    }
}
