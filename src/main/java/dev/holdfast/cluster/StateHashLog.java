package dev.holdfast.cluster;

import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/**
 * Reports a member's state hashes to its own log. The connection is opened at the first report: a minute after the first start,
 * not while the members look for each other.
 */
final class StateHashLog<C> implements StateHashReporter, AutoCloseable {

    private final MemberProfile<C, ?> profile;
    private final TraderOptions options;
    private @Nullable AeronConnection<C, ?> log;
    private boolean closed;

    StateHashLog(MemberProfile<C, ?> profile, TraderOptions options) {
        this.profile = profile;
        this.options = options;
    }

    /** Called by the service's thread; the log client takes it without waiting. */
    @Override
    public void report(long sequence, long stateHash) {
        AeronConnection<C, ?> open = log();
        if (open != null) {
            // One that gets lost is no harm: the next one comes in a minute.
            var _ = open.submit(profile.protocol().stateHashes().of(options.member(), sequence, stateHash));
        }
    }

    private synchronized @Nullable AeronConnection<C, ?> log() {
        if (log == null && !closed) {
            log = AeronConnection.ofMember(profile, options.ownClient(profile.word() + "-" + options.member()));
        }
        return log;
    }

    @Override
    public void close() {
        AeronConnection<C, ?> open;
        synchronized (this) {
            closed = true;
            open = log;
        }
        CloseHelper.quietClose(open);
    }
}
