package dev.holdfast.agent.postgres;

import dev.holdfast.protocol.DatabaseInput;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.PromotionMode;
import dev.holdfast.protocol.RecoveryEvent;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a reader of the decisions knows: the newest of each. Used by one thread. */
public final class View {

    RecoveryEvent.PhaseChanged phase = new RecoveryEvent.PhaseChanged(
            DatabasePhase.EMPTY, DatabasePhase.EMPTY, DatabaseInput.CONFIGURED, "", 0, "");
    RecoveryEvent.LeaseGranted lease = new RecoveryEvent.LeaseGranted("", 0, 0, "");
    RecoveryEvent.PromotionDecided promotion = new RecoveryEvent.PromotionDecided("", 0, PromotionMode.FIRST, "", "");
    RecoveryEvent.PrimaryRouted routed = new RecoveryEvent.PrimaryRouted("", 0, 0, 0, "");
    RecoveryEvent.NamesOrdered names = new RecoveryEvent.NamesOrdered("", 0, 0, "", "", "");
    RecoveryEvent.EligibleChanged eligible = new RecoveryEvent.EligibleChanged("", false, 0, "");
    RecoveryEvent.@Nullable IncidentOpened incident;
    RecoveryEvent.@Nullable RecoveryConfigured settings;
    RecoveryEvent.AutomationChanged automation = new RecoveryEvent.AutomationChanged(false, "", "");

    /** The newest term whose holder was told to end. */
    long fencedTerm;

    final Map<String, RecoveryEvent.ReplicaChanged> replicas = new TreeMap<>();

    long leaseNanos() {
        return settings().leaseMillis() * 1_000_000L;
    }

    long renewNanos() {
        return settings().renewMillis() * 1_000_000L;
    }

    private RecoveryEvent.RecoveryConfigured settings() {
        return java.util.Objects.requireNonNull(settings, "a term was granted before anything was configured");
    }

    void apply(RecoveryEvent event) {
        switch (event) {
            case RecoveryEvent.PhaseChanged e -> phase = e;
            case RecoveryEvent.LeaseGranted e -> lease = e;
            case RecoveryEvent.PromotionDecided e -> promotion = e;
            case RecoveryEvent.PrimaryRouted e -> routed = e;
            case RecoveryEvent.NamesOrdered e -> names = e;
            case RecoveryEvent.EligibleChanged e -> eligible = e;
            case RecoveryEvent.FenceOrdered e -> fencedTerm = Math.max(fencedTerm, e.term());
            case RecoveryEvent.ReplicaChanged e -> replicas.put(e.host(), e);
            case RecoveryEvent.IncidentOpened e -> incident = e;
            case RecoveryEvent.IncidentClosed e -> incident = null;
            case RecoveryEvent.CheckpointStarted e -> {}
            case RecoveryEvent.CheckpointEnded e -> {}
            case RecoveryEvent.RecoveryConfigured e -> settings = e;
            case RecoveryEvent.LeaseRenewed e -> {}
            case RecoveryEvent.LeaseExpired e -> {}
            case RecoveryEvent.LeasesRestarted e -> {}
            case RecoveryEvent.FenceConfirmed e -> {}
            case RecoveryEvent.PrimaryLost e -> {}
            case RecoveryEvent.NamesConfirmed e -> {}
            case RecoveryEvent.CloneProgressed e -> {}
            case RecoveryEvent.SwitchoverChanged e -> {}
            case RecoveryEvent.FailoverChanged e -> {}
            case RecoveryEvent.AutomationChanged e -> automation = e;
            case RecoveryEvent.InstanceSeen e -> {}
            case RecoveryEvent.OperatorActed e -> {}
            case RecoveryEvent.CommandQuarantined e -> {}
            case RecoveryEvent.StateHashed e -> {}
        }
    }
}
