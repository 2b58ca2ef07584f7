package dev.holdfast.cluster;

import dev.holdfast.protocol.GrantKind;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/** Tells the log what only this member knows. The connection is opened at the first report, not while the members look for each other. */
final class MemberReportLog<C> implements AutoCloseable {

    private final MemberProfile<C, ?> profile;
    private final TraderOptions options;
    private @Nullable AeronConnection<C, ?> log;
    private boolean closed;

    MemberReportLog(MemberProfile<C, ?> profile, TraderOptions options) {
        this.profile = profile;
        this.options = options;
    }

    // Called by the service's thread; the log client takes them without waiting. One that gets lost is no harm.

    /** The next one comes in a minute. */
    void stateHash(long sequence, long stateHash) {
        submit(profile.protocol().reports().stateHash(options.member(), sequence, stateHash));
    }

    /** Without it a lease lasts as if the log had not stood still. */
    void renewal(long leadershipTerm, GrantKind kind, long ageNanos) {
        profile.protocol().reports().renewal(leadershipTerm, kind, ageNanos).ifPresent(this::submit);
    }

    private void submit(C report) {
        AeronConnection<C, ?> open = log();
        if (open != null) {
            var _ = open.submit(report);
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
