package dev.holdfast.dashboard;

import dev.holdfast.dashboard.RecoveryView.Decision;
import dev.holdfast.dashboard.RecoveryView.Tone;
import dev.holdfast.protocol.CloneOutcome;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.protocol.RequestStep;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts the recovery machine's decisions into the few words of the time line; the reason is the machine's own sentence. */
final class Decisions {

    private static final String LEASE_RAN_OUT = "lease ran out";
    private static final String PRIMARY_LOST = "primary lost";

    private Decisions() {}

    /** Null for what is no decision: reports, renewals, hashes that agree. */
    static @Nullable Decision of(EventHeader header, RecoveryEvent event) {
        return switch (event) {
            case RecoveryEvent.PhaseChanged e ->
                row(header, tone(e.phase()), false, "phase " + words(e.phase()), e.host(), e.term(), e.reason());
            case RecoveryEvent.LeaseExpired e ->
                row(header, Tone.BAD, true, LEASE_RAN_OUT, e.host(), e.term(), e.reason());
            case RecoveryEvent.LeasesRestarted e ->
                row(header, Tone.WARN, true, "leases count anew", "", 0, e.reason());
            case RecoveryEvent.PrimaryLost e ->
                row(header, Tone.BAD, true, PRIMARY_LOST, e.host(), e.term(), e.reason());
            case RecoveryEvent.FenceOrdered e ->
                row(header, Tone.WARN, true, "fence ordered", e.host(), e.term(), e.reason());
            case RecoveryEvent.FenceConfirmed e ->
                row(header, Tone.PLAIN, true, "fenced", e.host(), e.term(), e.reason());
            case RecoveryEvent.PromotionDecided e ->
                row(
                        header,
                        e.mode().complete() ? Tone.PLAIN : Tone.WARN,
                        true,
                        "promotion decided, " + words(e.mode()),
                        e.host(),
                        e.term(),
                        e.reason());
            case RecoveryEvent.PrimaryRouted e ->
                row(header, Tone.GOOD, true, "primary in service", e.host(), e.term(), e.reason());
            case RecoveryEvent.NamesOrdered e ->
                row(
                        header,
                        Tone.PLAIN,
                        false,
                        e.standby().isEmpty() ? "told to wait for nobody" : "told to wait for " + e.standby(),
                        e.host(),
                        e.term(),
                        e.reason());
            case RecoveryEvent.NamesConfirmed e ->
                row(header, Tone.PLAIN, false, "names confirmed", e.host(), e.term(), e.reason());
            case RecoveryEvent.EligibleChanged e ->
                row(
                        header,
                        e.eligible() ? Tone.GOOD : Tone.WARN,
                        true,
                        e.eligible() ? "standby eligible" : "standby not eligible any more",
                        e.standby(),
                        e.term(),
                        e.reason());
            case RecoveryEvent.ReplicaChanged e ->
                row(
                        header,
                        tone(e.state()),
                        e.state() == ReplicaState.REBUILDING || e.state() == ReplicaState.FOLLOWING,
                        "copy " + words(e.state())
                                + (e.state() == ReplicaState.REBUILDING ? " from " + e.source() : ""),
                        e.host(),
                        e.term(),
                        e.reason());
            case RecoveryEvent.CloneProgressed e ->
                row(
                        header,
                        e.outcome() == CloneOutcome.FAILED || e.outcome() == CloneOutcome.REFUSED
                                ? Tone.BAD
                                : Tone.PLAIN,
                        true,
                        "clone " + e.cloneNumber() + " " + words(e.outcome()),
                        e.host(),
                        0,
                        e.outcome() == CloneOutcome.BEGUN ? "from " + e.detail() : e.detail());
            case RecoveryEvent.DamageSeen e ->
                row(
                        header,
                        e.checksumFailures() > 0 ? Tone.BAD : Tone.GOOD,
                        true,
                        e.checksumFailures() > 0 ? "copy damaged" : "copy sound again",
                        e.host(),
                        0,
                        e.detail());
            case RecoveryEvent.SwitchoverChanged e ->
                row(
                        header,
                        tone(e.step()),
                        true,
                        "switchover " + words(e.step()),
                        e.to(),
                        e.term(),
                        e.user() + ": " + e.reason());
            case RecoveryEvent.FailoverChanged e ->
                row(
                        header,
                        tone(e.step()),
                        true,
                        "fail-over " + words(e.step()),
                        e.to(),
                        e.term(),
                        e.user() + (e.acceptLoss() ? ", accepting loss: " : ": ") + e.reason());
            case RecoveryEvent.AutomationChanged e ->
                row(
                        header,
                        e.paused() ? Tone.WARN : Tone.GOOD,
                        true,
                        e.paused() ? "automation paused" : "automation resumed",
                        "",
                        0,
                        e.user() + ": " + e.reason());
            case RecoveryEvent.IncidentOpened e ->
                row(header, Tone.BAD, false, "incident " + e.incident() + " opened", e.host(), e.term(), e.reason());
            case RecoveryEvent.IncidentClosed e ->
                row(header, Tone.GOOD, true, "incident " + e.incident() + " closed", "", 0, e.reason());
            case RecoveryEvent.RecoveryConfigured e ->
                row(header, Tone.PLAIN, false, "configured", "", 0, e.user() + ": " + e.reason());
            // What was accepted is told by the decision that it led to.
            case RecoveryEvent.OperatorActed e ->
                e.result().equals("accepted")
                        ? null
                        : row(
                                header,
                                Tone.WARN,
                                false,
                                e.action() + " refused",
                                e.target(),
                                0,
                                e.user() + " wanted it (" + e.reason() + "): " + e.result());
            case RecoveryEvent.CommandQuarantined e ->
                row(
                        header,
                        Tone.BAD,
                        false,
                        "command quarantined",
                        "",
                        0,
                        "client " + e.clientId() + ", template " + e.templateId() + ": " + e.reason());
            case RecoveryEvent.ClonesHeld e ->
                row(
                        header,
                        e.held() ? Tone.WARN : Tone.PLAIN,
                        false,
                        e.held() ? "clone held back" : "clone goes on",
                        e.host(),
                        e.term(),
                        e.reason());
            case RecoveryEvent.StateHashed e ->
                e.agreed()
                        ? null
                        : row(
                                header,
                                Tone.BAD,
                                false,
                                "members differ",
                                "",
                                0,
                                "member " + e.member() + "'s state differs from the majority's");
            case RecoveryEvent.CheckpointStarted _,
                    RecoveryEvent.CheckpointEnded _,
                    RecoveryEvent.LeaseGranted _,
                    RecoveryEvent.LeaseRenewed _,
                    RecoveryEvent.InstanceSeen _ -> null;
        };
    }

    /** Whether it says that a primary is gone. */
    static boolean isLoss(Decision decision) {
        return decision.what().equals(LEASE_RAN_OUT) || decision.what().equals(PRIMARY_LOST);
    }

    private static Decision row(
            EventHeader header, Tone tone, boolean milestone, String what, String host, long term, String reason) {
        return new Decision(
                header.sequence(), header.logTimeNanos() / 1_000_000, tone, milestone, what, host, term, reason);
    }

    private static Tone tone(DatabasePhase phase) {
        return switch (phase) {
            case GUARDED -> Tone.GOOD;
            case LOST -> Tone.BAD;
            case SINGLE, PROMOTING, RELAXING, STOPPING, FENCING -> Tone.WARN;
            case EMPTY, TIGHTENING -> Tone.PLAIN;
        };
    }

    private static Tone tone(ReplicaState state) {
        return switch (state) {
            case FOLLOWING, ELIGIBLE, PRIMARY -> Tone.GOOD;
            case ABSENT, DETACHED, REBUILDING -> Tone.WARN;
        };
    }

    private static Tone tone(RequestStep step) {
        return switch (step) {
            case DONE -> Tone.GOOD;
            case DROPPED -> Tone.WARN;
            case NONE, ACCEPTED, STOPPING -> Tone.PLAIN;
        };
    }

    static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
