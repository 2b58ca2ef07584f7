package dev.holdfast.recovery;

import dev.holdfast.protocol.DatabaseInput;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.PromotionMode;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaInput;
import dev.holdfast.protocol.RequestStep;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything the recovery machine knows: mostly the newest event of each thing. Durations are counted in {@code elapsed},
 * the machine's own time.
 */
final class State {

    private static final long NEVER = -1;

    final Clients clients = new Clients();
    final Agreement agreement = new Agreement();
    final Copies copies = new Copies();

    /** Log time, epoch nanoseconds, never going back: what events are stamped with. */
    long now;

    /** Nanoseconds since the first input, as {@link MachineTime} counts them. */
    long elapsed;

    RecoveryEvent.@Nullable RecoveryConfigured configuration;
    RecoveryEvent.PhaseChanged phase = new RecoveryEvent.PhaseChanged(
            DatabasePhase.EMPTY, DatabasePhase.EMPTY, DatabaseInput.CONFIGURED, "", 0, "nothing is configured yet");
    RecoveryEvent.LeaseGranted lease = new RecoveryEvent.LeaseGranted("", 0, 0, "nobody was appointed yet");
    RecoveryEvent.PromotionDecided promotion =
            new RecoveryEvent.PromotionDecided("", 0, PromotionMode.FIRST, "", "nobody was appointed yet");
    RecoveryEvent.PrimaryRouted routed = new RecoveryEvent.PrimaryRouted("", 0, 0, 0, "there was no primary yet");
    RecoveryEvent.NamesOrdered names = new RecoveryEvent.NamesOrdered("", 0, 0, "", "", "there was no primary yet");
    RecoveryEvent.EligibleChanged eligible =
            new RecoveryEvent.EligibleChanged("", false, 0, "nobody was made eligible yet");
    RecoveryEvent.SwitchoverChanged switchover =
            new RecoveryEvent.SwitchoverChanged(RequestStep.NONE, "", "", 0, "", "nobody asked");
    RecoveryEvent.FailoverChanged failover =
            new RecoveryEvent.FailoverChanged(RequestStep.NONE, "", "", false, 0, "", "nobody asked");
    RecoveryEvent.AutomationChanged automation = new RecoveryEvent.AutomationChanged(false, "", "nobody paused it");
    RecoveryEvent.@Nullable IncidentOpened incident;

    RecoveryEvent.ClonesHeld clonesHeld = new RecoveryEvent.ClonesHeld("", 0, false, "nothing was cloned yet");

    /** No process is left of the term that {@link #lease} names. */
    boolean fenced;

    long leaseNanos;

    /** How old the newest write of the primary was when it last renewed its lease. */
    long writeAgeMillis;

    long phaseNanos;
    long namesNanos;
    long requestNanos;
    long incidentNanos;
    long incidents;

    /** When the primary was lost that has had no successor in service yet. */
    long outageNanos = NEVER;

    /** When the newest primary came into service. */
    long inServiceNanos;

    /** Since when the named standby holds commits up, as the primary tells it. */
    long standbyBadNanos = NEVER;

    DatabasePhase phase() {
        return phase.phase();
    }

    /** Whether the machine may decide by itself. */
    boolean automatic() {
        return !automation.paused() && !agreement.disagreed();
    }

    boolean isEligible(String host) {
        return eligible.eligible() && eligible.standby().equals(host);
    }

    /** Whether this copy is damaged and the primary, from which it can be made anew, is not. */
    boolean isSpoilt(Copies.Copy copy) {
        Copies.Copy primary = copies.find(lease.host());
        return copy.damaged() && primary != null && !primary.damaged();
    }

    RecoveryEvent.RecoveryConfigured settings() {
        return java.util.Objects.requireNonNull(configuration, "not configured");
    }

    Copies.Copy copy(String host) {
        return java.util.Objects.requireNonNull(copies.find(host), host);
    }

    /** Decides that the database moves on, by the table. */
    void move(DatabaseInput input, String reason, Decision decision) {
        decision.emit(new RecoveryEvent.PhaseChanged(
                Transitions.next(phase(), input), phase(), input, lease.host(), lease.term(), reason));
    }

    /** Decides that one host's copy moves on, by the table. */
    void move(Copies.Copy copy, ReplicaInput input, String reason, Decision decision) {
        boolean rebuild = input == ReplicaInput.REBUILD_ORDERED;
        decision.emit(new RecoveryEvent.ReplicaChanged(
                copy.host,
                Transitions.next(copy.state(), input),
                copy.state(),
                input,
                lease.term(),
                rebuild ? copies.nextClone() : copy.decided.cloneNumber(),
                rebuild ? lease.host() : copy.decided.source(),
                reason));
    }

    /** Applies an event that was decided. What throws here halts the member: the event is already promised. */
    void apply(RecoveryEvent event) {
        switch (event) {
            case RecoveryEvent.RecoveryConfigured e -> {
                configuration = e;
                copies.apply(e);
            }
            case RecoveryEvent.PhaseChanged e -> {
                phase = e;
                phaseNanos = elapsed;
                boolean planned = e.previous() == DatabasePhase.STOPPING;
                if (e.phase() == DatabasePhase.LOST && !planned && copies.underWay() > 0) {
                    copies.endedTerms++;
                }
                standbyBadNanos = NEVER;
            }
            case RecoveryEvent.LeaseGranted e -> {
                lease = e;
                leaseNanos = elapsed;
                writeAgeMillis = 0;
                fenced = false;
                if (e.host().isEmpty()) {
                    copies.beginAfter(e.term()); // of earlier clones no more is known than of earlier terms
                }
            }
            case RecoveryEvent.LeaseRenewed e -> leaseNanos = elapsed;
            case RecoveryEvent.LeasesRestarted e -> {
                leaseNanos = elapsed;
                standbyBadNanos = NEVER;
            }
            case RecoveryEvent.FenceConfirmed e -> fenced = true;
            case RecoveryEvent.PrimaryLost e -> outageNanos = outageNanos == NEVER ? elapsed : outageNanos;
            case RecoveryEvent.PromotionDecided e -> promotion = e;
            case RecoveryEvent.PrimaryRouted e -> {
                routed = e;
                inServiceNanos = elapsed;
                outageNanos = NEVER;
                copies.all().forEach(copy -> copy.attempts = 0);
            }
            case RecoveryEvent.NamesOrdered e -> {
                names = e;
                namesNanos = elapsed;
            }
            case RecoveryEvent.EligibleChanged e -> eligible = e;
            case RecoveryEvent.ReplicaChanged e -> copies.apply(e, elapsed);
            case RecoveryEvent.SwitchoverChanged e -> {
                switchover = e;
                requestNanos = elapsed;
            }
            case RecoveryEvent.FailoverChanged e -> {
                failover = e;
                requestNanos = elapsed;
            }
            case RecoveryEvent.AutomationChanged e -> automation = e;
            case RecoveryEvent.IncidentOpened e -> {
                incident = e;
                incidentNanos = elapsed;
                incidents = e.incident();
            }
            case RecoveryEvent.IncidentClosed e -> incident = null;
            case RecoveryEvent.InstanceSeen e -> copy(e.host()).toldNanos = elapsed;
            case RecoveryEvent.DamageSeen e -> copies.apply(e);
            case RecoveryEvent.CheckpointStarted e -> {}
            case RecoveryEvent.CheckpointEnded e -> {}
            case RecoveryEvent.LeaseExpired e -> {}
            case RecoveryEvent.FenceOrdered e -> {}
            case RecoveryEvent.NamesConfirmed e -> {}
            case RecoveryEvent.CloneProgressed e -> {}
            case RecoveryEvent.OperatorActed e -> {}
            case RecoveryEvent.CommandQuarantined e -> {}
            case RecoveryEvent.StateHashed e -> {}
            case RecoveryEvent.ClonesHeld e -> clonesHeld = e;
        }
    }

    /** The present, as the events that a reader who knows nothing needs. */
    List<RecoveryEvent> present() {
        List<RecoveryEvent> present = new ArrayList<>();
        if (configuration != null) {
            present.add(configuration);
        }
        present.addAll(List.of(phase, lease, promotion, routed, names, eligible, switchover, failover, automation));
        if (fenced) {
            present.add(new RecoveryEvent.FenceConfirmed(lease.host(), lease.term(), phase.reason()));
        }
        if (incident != null) {
            present.add(incident);
        }
        copies.all().forEach(copy -> {
            present.add(copy.decided);
            if (copy.damaged()) {
                present.add(copy.damage);
            }
        });
        if (clonesHeld.held()) {
            present.add(clonesHeld);
        }
        return present;
    }

    void save(StateWriter out) {
        out.number(now);
        out.number(elapsed);
        out.flag(configuration != null);
        if (configuration != null) {
            out.event(configuration);
        }
        out.event(phase);
        out.event(lease);
        out.event(promotion);
        out.event(routed);
        out.event(names);
        out.event(eligible);
        out.event(switchover);
        out.event(failover);
        out.event(automation);
        out.flag(incident != null);
        if (incident != null) {
            out.event(incident);
        }
        out.flag(fenced);
        out.number(leaseNanos);
        out.number(phaseNanos);
        out.number(namesNanos);
        out.number(requestNanos);
        out.number(incidentNanos);
        out.number(incidents);
        out.number(outageNanos);
        out.number(standbyBadNanos);
        clients.save(out);
        agreement.save(out);
        copies.save(out);
        out.number(inServiceNanos);
        out.number(writeAgeMillis);
        out.event(clonesHeld);
    }

    void load(StateReader in) {
        now = in.number();
        elapsed = in.number();
        if (in.flag()) {
            configuration = in.event(RecoveryEvent.RecoveryConfigured.class);
        }
        phase = in.event(RecoveryEvent.PhaseChanged.class);
        lease = in.event(RecoveryEvent.LeaseGranted.class);
        promotion = in.event(RecoveryEvent.PromotionDecided.class);
        routed = in.event(RecoveryEvent.PrimaryRouted.class);
        names = in.event(RecoveryEvent.NamesOrdered.class);
        eligible = in.event(RecoveryEvent.EligibleChanged.class);
        switchover = in.event(RecoveryEvent.SwitchoverChanged.class);
        failover = in.event(RecoveryEvent.FailoverChanged.class);
        automation = in.event(RecoveryEvent.AutomationChanged.class);
        if (in.flag()) {
            incident = in.event(RecoveryEvent.IncidentOpened.class);
        }
        fenced = in.flag();
        leaseNanos = in.number();
        phaseNanos = in.number();
        namesNanos = in.number();
        requestNanos = in.number();
        incidentNanos = in.number();
        incidents = in.number();
        outageNanos = in.number();
        standbyBadNanos = in.number();
        clients.load(in);
        agreement.load(in);
        copies.load(in);
        if (in.version() >= 2) {
            inServiceNanos = in.number();
            writeAgeMillis = in.number();
            clonesHeld = in.event(RecoveryEvent.ClonesHeld.class);
        }
    }
}
