package dev.holdfast.engine;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Machine;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who may send orders and who may report the market: one session each, with an epoch that only grows. The holder counts
 * its lease from before it asked; we count from when we heard it, so it always stops first.
 */
final class Grants {

    static final long LEASE_NANOS = 800_000_000L;
    static final long MARGIN_NANOS = 200_000_000L;

    /** What a lease lasts at least once a new leader has said how old it is: a holder that lives can renew again. */
    static final long GRACE_NANOS = 400_000_000L;

    /** A candidate that has not asked for this long is gone. */
    static final long CANDIDATE_NANOS = 1_500_000_000L;

    private final Map<GrantKind, Event.GrantChanged> current = new EnumMap<>(GrantKind.class);
    private final Map<GrantKind, Long> renewedNanos = new EnumMap<>(GrantKind.class);
    private final Map<GrantKind, Long> movedNanos = new EnumMap<>(GrantKind.class);
    private final Map<GrantKind, Map<Long, Candidate>> candidates = new EnumMap<>(GrantKind.class);

    private final Fitness fitness = new Fitness();
    private final Set<GrantKind> renewedThisTerm = EnumSet.noneOf(GrantKind.class);
    private long leadershipTerm;

    private record Candidate(String host, boolean ready, long seenNanos) {}

    Grants() {
        for (GrantKind kind : GrantKind.values()) {
            current.put(kind, new Event.GrantChanged(kind, 0, 0, "", "nobody has asked yet"));
            renewedNanos.put(kind, 0L);
            movedNanos.put(kind, 0L);
            candidates.put(kind, new TreeMap<>());
        }
    }

    Event.GrantChanged grant(GrantKind kind) {
        return java.util.Objects.requireNonNull(current.get(kind));
    }

    boolean held(GrantKind kind) {
        return grant(kind).session() != 0;
    }

    /** Whether this is the present holder's own epoch. */
    boolean isHolder(GrantKind kind, long session, long epoch) {
        Event.GrantChanged grant = grant(kind);
        return grant.session() == session && grant.epoch() == epoch && session != 0;
    }

    Fitness fitness() {
        return fitness;
    }

    /** When the grant last moved, log time; 0 before its first holder. */
    long movedNanos(GrantKind kind) {
        return java.util.Objects.requireNonNull(movedNanos.get(kind));
    }

    /**
     * Renews, asks for or gives up a grant. Whoever knows that a session's process has ended may give up for it: the epoch
     * that follows need not wait for the lease.
     */
    Answer renew(Command.RenewGrant ask, long now, Decision decision, Machine.Output output) {
        GrantKind kind = ask.kind();
        Event.GrantChanged grant = grant(kind);
        if (ask.closing()) {
            decision.change(() -> {
                candidatesOf(kind).remove(ask.session());
                fitness.forget(kind, ask.session());
            });
            if (grant.session() == ask.session()) {
                move(kind, now, "the session before ended", decision, output);
            }
            return Answer.OK;
        }
        decision.change(() -> {
            Map<Long, Candidate> known = candidatesOf(kind);
            known.put(ask.session(), new Candidate(ask.host(), ask.ready(), now));
            Set<Long> gone = new TreeSet<>();
            known.forEach((session, candidate) -> {
                if (candidate.seenNanos < now - 60 * CANDIDATE_NANOS) {
                    gone.add(session);
                }
            });
            gone.forEach(session -> {
                known.remove(session);
                fitness.forget(kind, session);
            });
        });
        if (grant.session() == ask.session() && fitness.withdrawn(kind) != null) {
            return Answer.OK; // it hears that it holds nothing and stops; the lease it had runs out
        }
        if (grant.session() == ask.session()) {
            decision.change(() -> renewed(kind, now, output));
            return Answer.ok(grant.epoch());
        }
        if (grant.session() == 0 && ask.ready()) {
            Event.GrantChanged given = new Event.GrantChanged(
                    kind, ask.session(), grant.epoch() + 1, ask.host(), "asked, ready, and nobody held it");
            decision.emit(given);
            decision.change(() -> given(kind, now, output));
            return Answer.ok(given.epoch());
        }
        return Answer.OK;
    }

    /** Takes back what was not renewed, and gives it to a candidate that is there. */
    void expire(long now, Decision decision, Machine.Output output) {
        for (GrantKind kind : GrantKind.values()) {
            Event.GrantChanged grant = grant(kind);
            long renewed = java.util.Objects.requireNonNull(renewedNanos.get(kind));
            if (grant.session() != 0 && now > renewed + LEASE_NANOS + MARGIN_NANOS) {
                String withdrawn = fitness.withdrawn(kind);
                if (withdrawn == null) {
                    decision.change(() -> candidatesOf(kind).remove(grant.session()));
                }
                String why = withdrawn == null ? "the session before was silent for a lease" : withdrawn;
                move(kind, now, why, decision, output);
            } else if (grant.session() != 0) {
                leaveUnfit(kind, grant, now, decision, output);
            }
        }
    }

    Answer fitnessReported(Command.ReportFitness report, long now, Decision decision) {
        decision.change(() -> fitness.reported(report, now));
        return Answer.OK;
    }

    /**
     * Whom the market reaches reports it, at once: what another reports under an old epoch is refused. The right to send is not
     * renewed any more, and moves when its holder has stopped.
     */
    private void leaveUnfit(
            GrantKind kind, Event.GrantChanged grant, long now, Decision decision, Machine.Output output) {
        String why = fitness.withdrawn(kind) == null ? fitness.reasonToLeave(kind, grant.session(), now) : null;
        Long next = why == null ? null : readyCandidate(kind, now, grant.session());
        if (why == null || next == null || !fitness.isFit(kind, next, now)) {
            return;
        }
        switch (kind) {
            case FEED -> {
                move(kind, now, why, decision, output);
                decision.change(() -> fitness.left(kind, true, now));
            }
            case SENDER -> decision.change(() -> fitness.withdraw(kind, why));
        }
    }

    /**
     * The log took nothing for this long, so nobody could renew: that is not a holder's silence. Its own lease has run on
     * and it stops by itself, so waiting longer for it is safe.
     */
    void stalled(long nanos) {
        fitness.stalled(nanos);
        for (GrantKind kind : GrantKind.values()) {
            renewedNanos.merge(kind, nanos, Math::addExact);
            candidatesOf(kind)
                    .replaceAll((session, candidate) ->
                            new Candidate(candidate.host, candidate.ready, candidate.seenNanos + nanos));
        }
    }

    void termBegan(long term) {
        leadershipTerm = term;
        renewedThisTerm.clear();
    }

    /**
     * The log's own time does not tell how old a lease of an earlier term is, for it cannot tell a log that stood still from a clock
     * that was set ({@link #stalled}); the new leader can. Without this a holder that is lost together with the leader keeps
     * its grant for a whole lease more.
     */
    Answer renewalReported(Command.ReportRenewal report, long now, Decision decision) {
        if (report.ageNanos() < 0) {
            return Answer.refused("a renewal cannot be " + report.ageNanos() + " ns old");
        }
        if (report.leadershipTerm() != leadershipTerm) {
            return Answer.refused(
                    "the present term is " + leadershipTerm + ", not the reported " + report.leadershipTerm());
        }
        GrantKind kind = report.kind();
        if (!renewedThisTerm.contains(kind)) {
            long age = Math.min(report.ageNanos(), LEASE_NANOS + MARGIN_NANOS - GRACE_NANOS);
            decision.change(() -> renewedNanos.merge(kind, now - age, Math::min));
        }
        return Answer.OK;
    }

    private void move(GrantKind kind, long now, String why, Decision decision, Machine.Output output) {
        Event.GrantChanged before = grant(kind);
        boolean forFitness = fitness.withdrawn(kind) != null;
        decision.change(() -> fitness.left(kind, forFitness, now));
        Long next = readyCandidate(kind, now, before.session());
        if (next == null) {
            decision.emit(new Event.GrantChanged(kind, 0, before.epoch(), "", why + "; nobody else is ready"));
            return;
        }
        String host = java.util.Objects.requireNonNull(candidatesOf(kind).get(next)).host;
        decision.emit(new Event.GrantChanged(kind, next, before.epoch() + 1, host, why));
        decision.change(() -> given(kind, now, output));
    }

    private void given(GrantKind kind, long now, Machine.Output output) {
        renewed(kind, now, output);
        movedNanos.put(kind, now);
    }

    private void renewed(GrantKind kind, long now, Machine.Output output) {
        renewedNanos.put(kind, now);
        renewedThisTerm.add(kind);
        output.renewed(kind);
    }

    private @Nullable Long readyCandidate(GrantKind kind, long now, long except) {
        Long best = null;
        for (Map.Entry<Long, Candidate> entry : candidatesOf(kind).entrySet()) {
            Candidate candidate = entry.getValue();
            if (candidate.ready
                    && candidate.seenNanos > now - CANDIDATE_NANOS
                    && entry.getKey() != except
                    && (best == null || rank(kind, entry.getKey(), now) > rank(kind, best, now))) {
                best = entry.getKey();
            }
        }
        return best;
    }

    /**
     * The preference for a candidate: 2 when its gateway is known to work, 1 when nothing is known of it, 0 when it is known
     * not to work.
     */
    private int rank(GrantKind kind, long session, long now) {
        return fitness.isFit(kind, session, now) ? 2 : fitness.isUnfit(kind, session, now) ? 0 : 1;
    }

    private Map<Long, Candidate> candidatesOf(GrantKind kind) {
        return java.util.Objects.requireNonNull(candidates.get(kind));
    }

    void apply(Event.GrantChanged event) {
        current.put(event.kind(), event);
    }

    void save(StateWriter out) {
        out.number(leadershipTerm);
        for (GrantKind kind : GrantKind.values()) {
            out.event(grant(kind));
            out.number(java.util.Objects.requireNonNull(renewedNanos.get(kind)));
            out.flag(renewedThisTerm.contains(kind));
            out.number(movedNanos(kind));
            Map<Long, Candidate> known = candidatesOf(kind);
            out.number(known.size());
            known.forEach((session, candidate) -> {
                out.number(session);
                out.text(candidate.host);
                out.flag(candidate.ready);
                out.number(candidate.seenNanos);
            });
        }
        fitness.save(out);
    }

    void load(StateReader in) {
        leadershipTerm = in.number();
        for (GrantKind kind : GrantKind.values()) {
            current.put(kind, in.event(Event.GrantChanged.class));
            renewedNanos.put(kind, in.number());
            if (in.flag()) {
                renewedThisTerm.add(kind);
            }
            movedNanos.put(kind, in.number());
            for (int n = in.integer(); n > 0; n--) {
                candidatesOf(kind).put(in.number(), new Candidate(in.text(), in.flag(), in.number()));
            }
        }
        fitness.load(in);
    }
}
