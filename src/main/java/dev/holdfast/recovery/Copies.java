package dev.holdfast.recovery;

import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaInput;
import dev.holdfast.protocol.ReplicaState;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One entry for each host: what was decided about its copy of the database, and what was last seen of it. */
final class Copies {

    private final Map<String, Copy> copies = new TreeMap<>();
    private long clones;

    /** Terms in a row that ended while a clone was under way. */
    int endedTerms;

    /** What is known of one host. Times are the machine's own, in nanoseconds. */
    static final class Copy {
        final String host;
        RecoveryEvent.ReplicaChanged decided;
        RecoveryCommand.@Nullable ReportInstance seen;
        long decidedNanos;
        long seenNanos;
        long toldNanos;
        long notBeforeNanos;
        boolean cloned;
        long clonedNanos;
        int failedClones;
        long cloneNotBeforeNanos;
        int attempts;
        RecoveryEvent.DamageSeen damage;

        Copy(String host) {
            this.host = host;
            this.decided = new RecoveryEvent.ReplicaChanged(
                    host,
                    ReplicaState.ABSENT,
                    ReplicaState.ABSENT,
                    ReplicaInput.SILENT,
                    0,
                    0,
                    "",
                    "nothing was heard of it yet");
            this.damage = new RecoveryEvent.DamageSeen(host, 0, "");
        }

        /** Whether a page of it was found damaged. */
        boolean damaged() {
            return damage.checksumFailures() > 0;
        }

        ReplicaState state() {
            return decided.state();
        }

        boolean isStandby() {
            RecoveryCommand.ReportInstance report = seen;
            return report != null && report.role() == InstanceRole.STANDBY;
        }

        long flushedLsn() {
            RecoveryCommand.ReportInstance report = seen;
            return report == null ? 0 : report.flushedLsn();
        }

        int timeline() {
            RecoveryCommand.ReportInstance report = seen;
            return report == null ? 0 : report.timeline();
        }
    }

    /** The named host's entry; null if the configuration has no such host. */
    @Nullable
    Copy find(String host) {
        return copies.get(host);
    }

    Collection<Copy> all() {
        return copies.values();
    }

    /** Clones that were ordered and are not complete. */
    int underWay() {
        int underWay = 0;
        for (Copy copy : copies.values()) {
            if (copy.state() == ReplicaState.REBUILDING && !copy.cloned) {
                underWay++;
            }
        }
        return underWay;
    }

    long nextClone() {
        return clones + 1;
    }

    /** No clone is numbered so low again. */
    void beginAfter(long number) {
        clones = Math.max(clones, number);
    }

    void apply(RecoveryEvent.RecoveryConfigured event) {
        for (String host : event.hosts().split(",", -1)) {
            copies.computeIfAbsent(host, Copy::new);
        }
    }

    void apply(RecoveryEvent.ReplicaChanged event, long elapsedNanos) {
        Copy copy = java.util.Objects.requireNonNull(copies.get(event.host()));
        copy.decided = event;
        copy.decidedNanos = elapsedNanos;
        if (event.state() == ReplicaState.REBUILDING) {
            copy.cloned = false;
            clones = event.cloneNumber();
        } else if (event.input() == ReplicaInput.FOLLOWS) {
            copy.failedClones = 0;
            if (event.previous() == ReplicaState.REBUILDING) {
                endedTerms = 0;
            }
        }
    }

    void apply(RecoveryEvent.DamageSeen event) {
        java.util.Objects.requireNonNull(copies.get(event.host())).damage = event;
    }

    void save(StateWriter out) {
        out.number(clones);
        out.number(copies.size());
        for (Copy copy : copies.values()) {
            out.event(copy.decided);
            RecoveryCommand.ReportInstance report = copy.seen;
            out.flag(report != null);
            if (report != null) {
                out.command(report);
            }
            out.number(copy.decidedNanos);
            out.number(copy.seenNanos);
            out.number(copy.toldNanos);
            out.number(copy.notBeforeNanos);
            out.flag(copy.cloned);
            out.number(copy.attempts);
            out.number(copy.clonedNanos);
            out.number(copy.failedClones);
            out.number(copy.cloneNotBeforeNanos);
            out.event(copy.damage);
        }
        out.number(endedTerms);
    }

    void load(StateReader in) {
        clones = in.number();
        for (int n = in.integer(); n > 0; n--) {
            RecoveryEvent.ReplicaChanged decided = in.event(RecoveryEvent.ReplicaChanged.class);
            Copy copy = new Copy(decided.host());
            copy.decided = decided;
            if (in.flag()) {
                copy.seen = in.command(RecoveryCommand.ReportInstance.class);
            }
            copy.decidedNanos = in.number();
            copy.seenNanos = in.number();
            copy.toldNanos = in.number();
            copy.notBeforeNanos = in.number();
            copy.cloned = in.flag();
            copy.attempts = in.integer();
            if (in.version() >= 2) {
                copy.clonedNanos = in.number();
                copy.failedClones = in.integer();
                copy.cloneNotBeforeNanos = in.number();
                copy.damage = in.event(RecoveryEvent.DamageSeen.class);
            }
            copies.put(copy.host, copy);
        }
        endedTerms = in.version() >= 2 ? in.integer() : 0;
    }
}
