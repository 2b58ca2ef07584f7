package dev.holdfast.log;

import dev.holdfast.protocol.DatabaseInput;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.PromotionMode;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.RequestStep;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a reader of the recovery machine's decisions knows: the newest of each. Used by one thread. */
public final class RecoveryPicture {

    private RecoveryEvent.PhaseChanged phase = new RecoveryEvent.PhaseChanged(
            DatabasePhase.EMPTY, DatabasePhase.EMPTY, DatabaseInput.CONFIGURED, "", 0, "nothing was heard yet");
    private RecoveryEvent.LeaseGranted lease = new RecoveryEvent.LeaseGranted("", 0, 0, "");
    private RecoveryEvent.PromotionDecided promotion =
            new RecoveryEvent.PromotionDecided("", 0, PromotionMode.FIRST, "", "");
    private RecoveryEvent.PrimaryRouted routed = new RecoveryEvent.PrimaryRouted("", 0, 0, 0, "");
    private RecoveryEvent.NamesOrdered names = new RecoveryEvent.NamesOrdered("", 0, 0, "", "", "");
    private RecoveryEvent.EligibleChanged eligible = new RecoveryEvent.EligibleChanged("", false, 0, "");
    private RecoveryEvent.SwitchoverChanged switchover =
            new RecoveryEvent.SwitchoverChanged(RequestStep.NONE, "", "", 0, "", "");
    private RecoveryEvent.FailoverChanged failover =
            new RecoveryEvent.FailoverChanged(RequestStep.NONE, "", "", false, 0, "", "");
    private RecoveryEvent.AutomationChanged automation = new RecoveryEvent.AutomationChanged(false, "", "");
    private RecoveryEvent.@Nullable RecoveryConfigured settings;
    private RecoveryEvent.@Nullable IncidentOpened incident;
    private long fencedTerm;
    private boolean clonesHeld;
    private final Map<String, RecoveryEvent.ReplicaChanged> replicas = new TreeMap<>();
    private final Map<String, RecoveryEvent.InstanceSeen> seen = new TreeMap<>();
    private final Map<String, RecoveryEvent.DamageSeen> damage = new TreeMap<>();

    public RecoveryEvent.PhaseChanged phase() {
        return phase;
    }

    /** The newest term and whose it is or was. */
    public RecoveryEvent.LeaseGranted lease() {
        return lease;
    }

    public RecoveryEvent.PromotionDecided promotion() {
        return promotion;
    }

    /** The newest primary that came into service. */
    public RecoveryEvent.PrimaryRouted routed() {
        return routed;
    }

    public RecoveryEvent.NamesOrdered names() {
        return names;
    }

    public RecoveryEvent.EligibleChanged eligible() {
        return eligible;
    }

    public RecoveryEvent.SwitchoverChanged switchover() {
        return switchover;
    }

    public RecoveryEvent.FailoverChanged failover() {
        return failover;
    }

    public RecoveryEvent.AutomationChanged automation() {
        return automation;
    }

    public Optional<RecoveryEvent.RecoveryConfigured> settings() {
        return Optional.ofNullable(settings);
    }

    /** Open while redundancy is gone. */
    public Optional<RecoveryEvent.IncidentOpened> incident() {
        return Optional.ofNullable(incident);
    }

    /** The newest term whose holder was told to end; 0 when none was. */
    public long fencedTerm() {
        return fencedTerm;
    }

    /** Whether a clone of the primary is to be held back, because its writes are slow. */
    public boolean clonesHeld() {
        return clonesHeld;
    }

    /** What was decided about each host's copy, by host. */
    public Map<String, RecoveryEvent.ReplicaChanged> replicas() {
        return Collections.unmodifiableMap(replicas);
    }

    /** What each host's agent saw last, by host. */
    public Map<String, RecoveryEvent.InstanceSeen> seen() {
        return Collections.unmodifiableMap(seen);
    }

    /** Checksum failures of that host's copy; 0 when it is sound. */
    public long damage(String host) {
        RecoveryEvent.DamageSeen known = damage.get(host);
        return known == null ? 0 : known.checksumFailures();
    }

    /** Takes the next event, in order. */
    public void apply(RecoveryEvent event) {
        switch (event) {
            case RecoveryEvent.PhaseChanged e -> phase = e;
            case RecoveryEvent.LeaseGranted e -> lease = e;
            case RecoveryEvent.PromotionDecided e -> promotion = e;
            case RecoveryEvent.PrimaryRouted e -> routed = e;
            case RecoveryEvent.NamesOrdered e -> names = e;
            case RecoveryEvent.EligibleChanged e -> eligible = e;
            case RecoveryEvent.SwitchoverChanged e -> switchover = e;
            case RecoveryEvent.FailoverChanged e -> failover = e;
            case RecoveryEvent.AutomationChanged e -> automation = e;
            case RecoveryEvent.RecoveryConfigured e -> settings = e;
            case RecoveryEvent.FenceOrdered e -> fencedTerm = Math.max(fencedTerm, e.term());
            case RecoveryEvent.ReplicaChanged e -> replicas.put(e.host(), e);
            case RecoveryEvent.InstanceSeen e -> seen.put(e.host(), e);
            case RecoveryEvent.IncidentOpened e -> incident = e;
            case RecoveryEvent.IncidentClosed e -> incident = null;
            case RecoveryEvent.DamageSeen e -> damage.put(e.host(), e);
            case RecoveryEvent.CheckpointStarted e -> {}
            case RecoveryEvent.CheckpointEnded e -> {}
            case RecoveryEvent.LeaseRenewed e -> {}
            case RecoveryEvent.LeaseExpired e -> {}
            case RecoveryEvent.LeasesRestarted e -> {}
            case RecoveryEvent.FenceConfirmed e -> {}
            case RecoveryEvent.PrimaryLost e -> {}
            case RecoveryEvent.NamesConfirmed e -> {}
            case RecoveryEvent.CloneProgressed e -> {}
            case RecoveryEvent.OperatorActed e -> {}
            case RecoveryEvent.CommandQuarantined e -> {}
            case RecoveryEvent.StateHashed e -> {}
            case RecoveryEvent.ClonesHeld e -> clonesHeld = e.held();
        }
    }
}
