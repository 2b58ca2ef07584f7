package dev.holdfast.engine;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.GrantKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a grant is for works at each gateway, by what they say: a process that lives and renews may be deaf. A grant
 * leaves a holder for which it does not work only when it works at another, and not again soon.
 */
final class Fitness {

    /** A difference between two gateways counts after this long: what reaches one reaches the other a little later. */
    static final long CONFIRM_NANOS = 1_500_000_000L;

    /** Least time between two moves of one grant for lack of fitness. */
    static final long PAUSE_NANOS = 10_000_000_000L;

    /** A gateway whose orders the broker refused may be asked to send again after this. */
    static final long REFUSED_NANOS = 600_000_000_000L;

    private final Map<GrantKind, Map<Long, Told>> told = new EnumMap<>(GrantKind.class);
    private final Map<GrantKind, Long> movedNanos = new EnumMap<>(GrantKind.class);

    /** Grants that are not renewed any more, and why. */
    private final Map<GrantKind, String> withdrawn = new EnumMap<>(GrantKind.class);

    /** Sessions whose orders the broker refused for where they came from, and when it last did. */
    private final Map<Long, Long> refused = new TreeMap<>();

    /** @param sinceNanos log time from when on it was so without a break */
    private record Told(boolean fit, long sinceNanos, String reason) {}

    Fitness() {
        for (GrantKind kind : GrantKind.values()) {
            told.put(kind, new TreeMap<>());
            movedNanos.put(kind, 0L);
        }
    }

    private Map<Long, Told> of(GrantKind kind) {
        return java.util.Objects.requireNonNull(told.get(kind));
    }

    void reported(Command.ReportFitness report, long now) {
        Told before = of(report.kind()).get(report.session());
        long since = before != null && before.fit == report.fit() ? before.sinceNanos : now;
        of(report.kind()).put(report.session(), new Told(report.fit(), since, report.reason()));
    }

    void forget(GrantKind kind, long session) {
        of(kind).remove(session);
        if (kind == GrantKind.SENDER) {
            refused.remove(session);
        }
    }

    /** Leaves out a time in which the log stood still: no gateway could report its fitness in it. */
    void stalled(long nanos) {
        for (GrantKind kind : GrantKind.values()) {
            of(kind).replaceAll((session, t) -> new Told(t.fit, t.sinceNanos + nanos, t.reason));
        }
    }

    void refused(long session, long now) {
        refused.put(session, now);
    }

    void accepted(long session) {
        refused.remove(session);
    }

    private boolean isRefused(GrantKind kind, long session, long now) {
        Long since = refused.get(session);
        return kind == GrantKind.SENDER && since != null && now - since < REFUSED_NANOS;
    }

    /** Whether it is known to work there and has for a while. */
    boolean isFit(GrantKind kind, long session, long now) {
        Told last = of(kind).get(session);
        return last != null && last.fit && now - last.sinceNanos >= CONFIRM_NANOS && !isRefused(kind, session, now);
    }

    /** Whether it is known not to work there. */
    boolean isUnfit(GrantKind kind, long session, long now) {
        Told last = of(kind).get(session);
        return (last != null && !last.fit) || isRefused(kind, session, now);
    }

    /** Why the grant should leave its holder if another is fit; null when it should not. */
    @Nullable
    String reasonToLeave(GrantKind kind, long holder, long now) {
        if (now - java.util.Objects.requireNonNull(movedNanos.get(kind)) < PAUSE_NANOS) {
            return null;
        }
        if (isRefused(kind, holder, now)) {
            return "the broker refuses the orders of the session before";
        }
        Told last = of(kind).get(holder);
        return last != null && !last.fit && now - last.sinceNanos >= CONFIRM_NANOS
                ? "unfit, the session before: " + last.reason
                : null;
    }

    void withdraw(GrantKind kind, String why) {
        withdrawn.put(kind, why);
    }

    /** Why the holder's renewals do not count any more; null while they do. */
    @Nullable
    String withdrawn(GrantKind kind) {
        return withdrawn.get(kind);
    }

    /** The grant went from one session to another or to nobody. */
    void left(GrantKind kind, boolean forFitness, long now) {
        withdrawn.remove(kind);
        if (forFitness) {
            movedNanos.put(kind, now);
        }
    }

    void save(StateWriter out) {
        for (GrantKind kind : GrantKind.values()) {
            out.number(java.util.Objects.requireNonNull(movedNanos.get(kind)));
            out.text(withdrawn.getOrDefault(kind, ""));
            out.number(of(kind).size());
            of(kind).forEach((session, last) -> {
                out.number(session);
                out.flag(last.fit);
                out.number(last.sinceNanos);
                out.text(last.reason);
            });
        }
        out.number(refused.size());
        refused.forEach((session, since) -> {
            out.number(session);
            out.number(since);
        });
    }

    void load(StateReader in) {
        if (in.version() < 4) {
            return; // the layout before knew none
        }
        for (GrantKind kind : GrantKind.values()) {
            movedNanos.put(kind, in.number());
            String why = in.text();
            if (!why.isEmpty()) {
                withdrawn.put(kind, why);
            }
            for (int n = in.integer(); n > 0; n--) {
                of(kind).put(in.number(), new Told(in.flag(), in.number(), in.text()));
            }
        }
        for (int n = in.integer(); n > 0; n--) {
            refused.put(in.number(), in.number());
        }
    }
}
