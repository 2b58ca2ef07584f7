package dev.holdfast.protocol;

import static dev.holdfast.protocol.Wire.bool;
import static dev.holdfast.protocol.Wire.code;
import static dev.holdfast.protocol.Wire.constant;
import static dev.holdfast.protocol.Wire.text;

import dev.holdfast.protocol.sbe.recovery.AutomationChangedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.AutomationChangedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.CheckpointEndedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.CheckpointEndedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.CheckpointStartedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.CheckpointStartedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.CloneProgressedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.CloneProgressedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.ClonesHeldMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.ClonesHeldMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.CommandQuarantinedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.CommandQuarantinedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.DamageSeenMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.DamageSeenMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.EligibleChangedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.EligibleChangedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.FailoverChangedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.FailoverChangedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.FenceConfirmedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.FenceConfirmedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.FenceOrderedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.FenceOrderedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.IncidentClosedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.IncidentClosedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.IncidentOpenedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.IncidentOpenedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.InstanceSeenMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.InstanceSeenMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.LeaseExpiredMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.LeaseExpiredMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.LeaseGrantedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.LeaseGrantedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.LeaseRenewedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.LeaseRenewedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.LeasesRestartedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.LeasesRestartedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.MessageHeaderDecoder;
import dev.holdfast.protocol.sbe.recovery.MessageHeaderEncoder;
import dev.holdfast.protocol.sbe.recovery.NamesConfirmedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.NamesConfirmedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.NamesOrderedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.NamesOrderedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.OperatorActedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.OperatorActedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.PhaseChangedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.PhaseChangedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.PrimaryLostMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.PrimaryLostMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.PrimaryRoutedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.PrimaryRoutedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.PromotionDecidedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.PromotionDecidedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.RecoveryConfiguredMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.RecoveryConfiguredMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.ReplicaChangedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.ReplicaChangedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.StateHashedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.StateHashedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.SwitchoverChangedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.SwitchoverChangedMessageEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The recovery machine's events to and from their wire format. Not thread-safe: it reuses its flyweights. */
public final class RecoveryEventCodec implements Codec<RecoveryEvent> {

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final CheckpointStartedMessageEncoder checkpointStartedEncoder = new CheckpointStartedMessageEncoder();
    private final CheckpointStartedMessageDecoder checkpointStartedDecoder = new CheckpointStartedMessageDecoder();
    private final CheckpointEndedMessageEncoder checkpointEndedEncoder = new CheckpointEndedMessageEncoder();
    private final CheckpointEndedMessageDecoder checkpointEndedDecoder = new CheckpointEndedMessageDecoder();
    private final RecoveryConfiguredMessageEncoder recoveryConfiguredEncoder = new RecoveryConfiguredMessageEncoder();
    private final RecoveryConfiguredMessageDecoder recoveryConfiguredDecoder = new RecoveryConfiguredMessageDecoder();
    private final PhaseChangedMessageEncoder phaseChangedEncoder = new PhaseChangedMessageEncoder();
    private final PhaseChangedMessageDecoder phaseChangedDecoder = new PhaseChangedMessageDecoder();
    private final LeaseGrantedMessageEncoder leaseGrantedEncoder = new LeaseGrantedMessageEncoder();
    private final LeaseGrantedMessageDecoder leaseGrantedDecoder = new LeaseGrantedMessageDecoder();
    private final LeaseRenewedMessageEncoder leaseRenewedEncoder = new LeaseRenewedMessageEncoder();
    private final LeaseRenewedMessageDecoder leaseRenewedDecoder = new LeaseRenewedMessageDecoder();
    private final LeaseExpiredMessageEncoder leaseExpiredEncoder = new LeaseExpiredMessageEncoder();
    private final LeaseExpiredMessageDecoder leaseExpiredDecoder = new LeaseExpiredMessageDecoder();
    private final LeasesRestartedMessageEncoder leasesRestartedEncoder = new LeasesRestartedMessageEncoder();
    private final LeasesRestartedMessageDecoder leasesRestartedDecoder = new LeasesRestartedMessageDecoder();
    private final FenceConfirmedMessageEncoder fenceConfirmedEncoder = new FenceConfirmedMessageEncoder();
    private final FenceConfirmedMessageDecoder fenceConfirmedDecoder = new FenceConfirmedMessageDecoder();
    private final PrimaryLostMessageEncoder primaryLostEncoder = new PrimaryLostMessageEncoder();
    private final PrimaryLostMessageDecoder primaryLostDecoder = new PrimaryLostMessageDecoder();
    private final FenceOrderedMessageEncoder fenceOrderedEncoder = new FenceOrderedMessageEncoder();
    private final FenceOrderedMessageDecoder fenceOrderedDecoder = new FenceOrderedMessageDecoder();
    private final PromotionDecidedMessageEncoder promotionDecidedEncoder = new PromotionDecidedMessageEncoder();
    private final PromotionDecidedMessageDecoder promotionDecidedDecoder = new PromotionDecidedMessageDecoder();
    private final PrimaryRoutedMessageEncoder primaryRoutedEncoder = new PrimaryRoutedMessageEncoder();
    private final PrimaryRoutedMessageDecoder primaryRoutedDecoder = new PrimaryRoutedMessageDecoder();
    private final NamesOrderedMessageEncoder namesOrderedEncoder = new NamesOrderedMessageEncoder();
    private final NamesOrderedMessageDecoder namesOrderedDecoder = new NamesOrderedMessageDecoder();
    private final NamesConfirmedMessageEncoder namesConfirmedEncoder = new NamesConfirmedMessageEncoder();
    private final NamesConfirmedMessageDecoder namesConfirmedDecoder = new NamesConfirmedMessageDecoder();
    private final EligibleChangedMessageEncoder eligibleChangedEncoder = new EligibleChangedMessageEncoder();
    private final EligibleChangedMessageDecoder eligibleChangedDecoder = new EligibleChangedMessageDecoder();
    private final ReplicaChangedMessageEncoder replicaChangedEncoder = new ReplicaChangedMessageEncoder();
    private final ReplicaChangedMessageDecoder replicaChangedDecoder = new ReplicaChangedMessageDecoder();
    private final CloneProgressedMessageEncoder cloneProgressedEncoder = new CloneProgressedMessageEncoder();
    private final CloneProgressedMessageDecoder cloneProgressedDecoder = new CloneProgressedMessageDecoder();
    private final SwitchoverChangedMessageEncoder switchoverChangedEncoder = new SwitchoverChangedMessageEncoder();
    private final SwitchoverChangedMessageDecoder switchoverChangedDecoder = new SwitchoverChangedMessageDecoder();
    private final FailoverChangedMessageEncoder failoverChangedEncoder = new FailoverChangedMessageEncoder();
    private final FailoverChangedMessageDecoder failoverChangedDecoder = new FailoverChangedMessageDecoder();
    private final AutomationChangedMessageEncoder automationChangedEncoder = new AutomationChangedMessageEncoder();
    private final AutomationChangedMessageDecoder automationChangedDecoder = new AutomationChangedMessageDecoder();
    private final IncidentOpenedMessageEncoder incidentOpenedEncoder = new IncidentOpenedMessageEncoder();
    private final IncidentOpenedMessageDecoder incidentOpenedDecoder = new IncidentOpenedMessageDecoder();
    private final IncidentClosedMessageEncoder incidentClosedEncoder = new IncidentClosedMessageEncoder();
    private final IncidentClosedMessageDecoder incidentClosedDecoder = new IncidentClosedMessageDecoder();
    private final InstanceSeenMessageEncoder instanceSeenEncoder = new InstanceSeenMessageEncoder();
    private final InstanceSeenMessageDecoder instanceSeenDecoder = new InstanceSeenMessageDecoder();
    private final OperatorActedMessageEncoder operatorActedEncoder = new OperatorActedMessageEncoder();
    private final OperatorActedMessageDecoder operatorActedDecoder = new OperatorActedMessageDecoder();
    private final CommandQuarantinedMessageEncoder commandQuarantinedEncoder = new CommandQuarantinedMessageEncoder();
    private final CommandQuarantinedMessageDecoder commandQuarantinedDecoder = new CommandQuarantinedMessageDecoder();
    private final StateHashedMessageEncoder stateHashedEncoder = new StateHashedMessageEncoder();
    private final StateHashedMessageDecoder stateHashedDecoder = new StateHashedMessageDecoder();
    private final DamageSeenMessageEncoder damageSeenEncoder = new DamageSeenMessageEncoder();
    private final DamageSeenMessageDecoder damageSeenDecoder = new DamageSeenMessageDecoder();
    private final ClonesHeldMessageEncoder clonesHeldEncoder = new ClonesHeldMessageEncoder();
    private final ClonesHeldMessageDecoder clonesHeldDecoder = new ClonesHeldMessageDecoder();

    @Override
    public int encode(RecoveryEvent event, MutableDirectBuffer buffer, int offset) {
        return switch (event) {
            case RecoveryEvent.CheckpointStarted m -> write(m, buffer, offset);
            case RecoveryEvent.CheckpointEnded m -> write(m, buffer, offset);
            case RecoveryEvent.RecoveryConfigured m -> write(m, buffer, offset);
            case RecoveryEvent.PhaseChanged m -> write(m, buffer, offset);
            case RecoveryEvent.LeaseGranted m -> write(m, buffer, offset);
            case RecoveryEvent.LeaseRenewed m -> write(m, buffer, offset);
            case RecoveryEvent.LeaseExpired m -> write(m, buffer, offset);
            case RecoveryEvent.LeasesRestarted m -> write(m, buffer, offset);
            case RecoveryEvent.FenceConfirmed m -> write(m, buffer, offset);
            case RecoveryEvent.PrimaryLost m -> write(m, buffer, offset);
            case RecoveryEvent.FenceOrdered m -> write(m, buffer, offset);
            case RecoveryEvent.PromotionDecided m -> write(m, buffer, offset);
            case RecoveryEvent.PrimaryRouted m -> write(m, buffer, offset);
            case RecoveryEvent.NamesOrdered m -> write(m, buffer, offset);
            case RecoveryEvent.NamesConfirmed m -> write(m, buffer, offset);
            case RecoveryEvent.EligibleChanged m -> write(m, buffer, offset);
            case RecoveryEvent.ReplicaChanged m -> write(m, buffer, offset);
            case RecoveryEvent.CloneProgressed m -> write(m, buffer, offset);
            case RecoveryEvent.SwitchoverChanged m -> write(m, buffer, offset);
            case RecoveryEvent.FailoverChanged m -> write(m, buffer, offset);
            case RecoveryEvent.AutomationChanged m -> write(m, buffer, offset);
            case RecoveryEvent.IncidentOpened m -> write(m, buffer, offset);
            case RecoveryEvent.IncidentClosed m -> write(m, buffer, offset);
            case RecoveryEvent.InstanceSeen m -> write(m, buffer, offset);
            case RecoveryEvent.OperatorActed m -> write(m, buffer, offset);
            case RecoveryEvent.CommandQuarantined m -> write(m, buffer, offset);
            case RecoveryEvent.StateHashed m -> write(m, buffer, offset);
            case RecoveryEvent.DamageSeen m -> write(m, buffer, offset);
            case RecoveryEvent.ClonesHeld m -> write(m, buffer, offset);
        };
    }

    @Override
    public RecoveryEvent decode(DirectBuffer buffer, int offset, int length) {
        Wire.requireHeader(length);
        // A view of exactly this message, so that a cut one runs into the end of the buffer and not into its neighbour.
        view.wrap(buffer, offset, length);
        headerDecoder.wrap(view, 0);
        Wire.requireSchema(headerDecoder.schemaId(), MessageHeaderDecoder.SCHEMA_ID);
        try {
            return switch (headerDecoder.templateId()) {
                case CheckpointStartedMessageDecoder.TEMPLATE_ID -> readCheckpointStarted();
                case CheckpointEndedMessageDecoder.TEMPLATE_ID -> readCheckpointEnded();
                case RecoveryConfiguredMessageDecoder.TEMPLATE_ID -> readRecoveryConfigured();
                case PhaseChangedMessageDecoder.TEMPLATE_ID -> readPhaseChanged();
                case LeaseGrantedMessageDecoder.TEMPLATE_ID -> readLeaseGranted();
                case LeaseRenewedMessageDecoder.TEMPLATE_ID -> readLeaseRenewed();
                case LeaseExpiredMessageDecoder.TEMPLATE_ID -> readLeaseExpired();
                case LeasesRestartedMessageDecoder.TEMPLATE_ID -> readLeasesRestarted();
                case FenceConfirmedMessageDecoder.TEMPLATE_ID -> readFenceConfirmed();
                case PrimaryLostMessageDecoder.TEMPLATE_ID -> readPrimaryLost();
                case FenceOrderedMessageDecoder.TEMPLATE_ID -> readFenceOrdered();
                case PromotionDecidedMessageDecoder.TEMPLATE_ID -> readPromotionDecided();
                case PrimaryRoutedMessageDecoder.TEMPLATE_ID -> readPrimaryRouted();
                case NamesOrderedMessageDecoder.TEMPLATE_ID -> readNamesOrdered();
                case NamesConfirmedMessageDecoder.TEMPLATE_ID -> readNamesConfirmed();
                case EligibleChangedMessageDecoder.TEMPLATE_ID -> readEligibleChanged();
                case ReplicaChangedMessageDecoder.TEMPLATE_ID -> readReplicaChanged();
                case CloneProgressedMessageDecoder.TEMPLATE_ID -> readCloneProgressed();
                case SwitchoverChangedMessageDecoder.TEMPLATE_ID -> readSwitchoverChanged();
                case FailoverChangedMessageDecoder.TEMPLATE_ID -> readFailoverChanged();
                case AutomationChangedMessageDecoder.TEMPLATE_ID -> readAutomationChanged();
                case IncidentOpenedMessageDecoder.TEMPLATE_ID -> readIncidentOpened();
                case IncidentClosedMessageDecoder.TEMPLATE_ID -> readIncidentClosed();
                case InstanceSeenMessageDecoder.TEMPLATE_ID -> readInstanceSeen();
                case OperatorActedMessageDecoder.TEMPLATE_ID -> readOperatorActed();
                case CommandQuarantinedMessageDecoder.TEMPLATE_ID -> readCommandQuarantined();
                case StateHashedMessageDecoder.TEMPLATE_ID -> readStateHashed();
                case DamageSeenMessageDecoder.TEMPLATE_ID -> readDamageSeen();
                case ClonesHeldMessageDecoder.TEMPLATE_ID -> readClonesHeld();
                default ->
                    throw new MalformedMessage("no recovery event has template id " + headerDecoder.templateId());
            };
        } catch (IndexOutOfBoundsException cutShort) {
            throw new MalformedMessage("recovery event of template id " + headerDecoder.templateId() + " is cut short: "
                    + length + " bytes");
        }
    }

    private int write(RecoveryEvent.CheckpointStarted unused, MutableDirectBuffer buffer, int offset) {
        checkpointStartedEncoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        return MessageHeaderEncoder.ENCODED_LENGTH + checkpointStartedEncoder.encodedLength();
    }

    private RecoveryEvent.CheckpointStarted readCheckpointStarted() {
        checkpointStartedDecoder.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.CheckpointStarted();
    }

    private int write(RecoveryEvent.CheckpointEnded unused, MutableDirectBuffer buffer, int offset) {
        checkpointEndedEncoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        return MessageHeaderEncoder.ENCODED_LENGTH + checkpointEndedEncoder.encodedLength();
    }

    private RecoveryEvent.CheckpointEnded readCheckpointEnded() {
        checkpointEndedDecoder.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.CheckpointEnded();
    }

    private int write(RecoveryEvent.RecoveryConfigured m, MutableDirectBuffer buffer, int offset) {
        recoveryConfiguredEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .leaseMillis(m.leaseMillis())
                .renewMillis(m.renewMillis())
                .marginMillis(m.marginMillis())
                .patienceMillis(m.patienceMillis())
                .promotionMillis(m.promotionMillis())
                .standbyMillis(m.standbyMillis())
                .namesMillis(m.namesMillis())
                .rebuildMillis(m.rebuildMillis())
                .stopMillis(m.stopMillis())
                .hosts(text(m.hosts()))
                .firstPrimary(text(m.firstPrimary()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + recoveryConfiguredEncoder.encodedLength();
    }

    private RecoveryEvent.RecoveryConfigured readRecoveryConfigured() {
        RecoveryConfiguredMessageDecoder d = recoveryConfiguredDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.RecoveryConfigured(
                d.hosts(),
                d.firstPrimary(),
                d.leaseMillis(),
                d.renewMillis(),
                d.marginMillis(),
                d.patienceMillis(),
                d.promotionMillis(),
                d.standbyMillis(),
                d.namesMillis(),
                d.rebuildMillis(),
                d.stopMillis(),
                d.user(),
                d.reason());
    }

    private int write(RecoveryEvent.PhaseChanged m, MutableDirectBuffer buffer, int offset) {
        phaseChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .phase(code(m.phase()))
                .previous(code(m.previous()))
                .input(code(m.input()))
                .term(m.term())
                .host(text(m.host()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + phaseChangedEncoder.encodedLength();
    }

    private RecoveryEvent.PhaseChanged readPhaseChanged() {
        PhaseChangedMessageDecoder d = phaseChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.PhaseChanged(
                constant(DatabasePhase.class, d.phase()),
                constant(DatabasePhase.class, d.previous()),
                constant(DatabaseInput.class, d.input()),
                d.host(),
                d.term(),
                d.reason());
    }

    private int write(RecoveryEvent.LeaseGranted m, MutableDirectBuffer buffer, int offset) {
        leaseGrantedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .leaseMillis(m.leaseMillis())
                .host(text(m.host()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + leaseGrantedEncoder.encodedLength();
    }

    private RecoveryEvent.LeaseGranted readLeaseGranted() {
        LeaseGrantedMessageDecoder d = leaseGrantedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.LeaseGranted(d.host(), d.term(), d.leaseMillis(), d.reason());
    }

    private int write(RecoveryEvent.LeaseRenewed m, MutableDirectBuffer buffer, int offset) {
        leaseRenewedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .writtenLsn(m.writtenLsn())
                .host(text(m.host()));
        return MessageHeaderEncoder.ENCODED_LENGTH + leaseRenewedEncoder.encodedLength();
    }

    private RecoveryEvent.LeaseRenewed readLeaseRenewed() {
        LeaseRenewedMessageDecoder d = leaseRenewedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.LeaseRenewed(d.host(), d.term(), d.writtenLsn());
    }

    private int write(RecoveryEvent.LeaseExpired m, MutableDirectBuffer buffer, int offset) {
        leaseExpiredEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .host(text(m.host()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + leaseExpiredEncoder.encodedLength();
    }

    private RecoveryEvent.LeaseExpired readLeaseExpired() {
        LeaseExpiredMessageDecoder d = leaseExpiredDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.LeaseExpired(d.host(), d.term(), d.reason());
    }

    private int write(RecoveryEvent.LeasesRestarted m, MutableDirectBuffer buffer, int offset) {
        leasesRestartedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .leadershipTerm(m.leadershipTerm())
                .leader(m.leader())
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + leasesRestartedEncoder.encodedLength();
    }

    private RecoveryEvent.LeasesRestarted readLeasesRestarted() {
        LeasesRestartedMessageDecoder d = leasesRestartedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.LeasesRestarted(d.leadershipTerm(), d.leader(), d.reason());
    }

    private int write(RecoveryEvent.FenceConfirmed m, MutableDirectBuffer buffer, int offset) {
        fenceConfirmedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .host(text(m.host()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + fenceConfirmedEncoder.encodedLength();
    }

    private RecoveryEvent.FenceConfirmed readFenceConfirmed() {
        FenceConfirmedMessageDecoder d = fenceConfirmedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.FenceConfirmed(d.host(), d.term(), d.reason());
    }

    private int write(RecoveryEvent.PrimaryLost m, MutableDirectBuffer buffer, int offset) {
        primaryLostEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .host(text(m.host()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + primaryLostEncoder.encodedLength();
    }

    private RecoveryEvent.PrimaryLost readPrimaryLost() {
        PrimaryLostMessageDecoder d = primaryLostDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.PrimaryLost(d.host(), d.term(), d.reason());
    }

    private int write(RecoveryEvent.FenceOrdered m, MutableDirectBuffer buffer, int offset) {
        fenceOrderedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .host(text(m.host()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + fenceOrderedEncoder.encodedLength();
    }

    private RecoveryEvent.FenceOrdered readFenceOrdered() {
        FenceOrderedMessageDecoder d = fenceOrderedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.FenceOrdered(d.host(), d.term(), d.reason());
    }

    private int write(RecoveryEvent.PromotionDecided m, MutableDirectBuffer buffer, int offset) {
        promotionDecidedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .mode(code(m.mode()))
                .host(text(m.host()))
                .standbyNames(text(m.standbyNames()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + promotionDecidedEncoder.encodedLength();
    }

    private RecoveryEvent.PromotionDecided readPromotionDecided() {
        PromotionDecidedMessageDecoder d = promotionDecidedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.PromotionDecided(
                d.host(), d.term(), constant(PromotionMode.class, d.mode()), d.standbyNames(), d.reason());
    }

    private int write(RecoveryEvent.PrimaryRouted m, MutableDirectBuffer buffer, int offset) {
        primaryRoutedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .timeline(m.timeline())
                .forkLsn(m.forkLsn())
                .host(text(m.host()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + primaryRoutedEncoder.encodedLength();
    }

    private RecoveryEvent.PrimaryRouted readPrimaryRouted() {
        PrimaryRoutedMessageDecoder d = primaryRoutedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.PrimaryRouted(d.host(), d.term(), d.timeline(), d.forkLsn(), d.reason());
    }

    private int write(RecoveryEvent.NamesOrdered m, MutableDirectBuffer buffer, int offset) {
        namesOrderedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .number(m.number())
                .host(text(m.host()))
                .standbyNames(text(m.standbyNames()))
                .standby(text(m.standby()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + namesOrderedEncoder.encodedLength();
    }

    private RecoveryEvent.NamesOrdered readNamesOrdered() {
        NamesOrderedMessageDecoder d = namesOrderedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.NamesOrdered(
                d.host(), d.term(), d.number(), d.standbyNames(), d.standby(), d.reason());
    }

    private int write(RecoveryEvent.NamesConfirmed m, MutableDirectBuffer buffer, int offset) {
        namesConfirmedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .number(m.number())
                .markerLsn(m.markerLsn())
                .host(text(m.host()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + namesConfirmedEncoder.encodedLength();
    }

    private RecoveryEvent.NamesConfirmed readNamesConfirmed() {
        NamesConfirmedMessageDecoder d = namesConfirmedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.NamesConfirmed(d.host(), d.term(), d.number(), d.markerLsn(), d.reason());
    }

    private int write(RecoveryEvent.EligibleChanged m, MutableDirectBuffer buffer, int offset) {
        eligibleChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .eligible(bool(m.eligible()))
                .term(m.term())
                .standby(text(m.standby()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + eligibleChangedEncoder.encodedLength();
    }

    private RecoveryEvent.EligibleChanged readEligibleChanged() {
        EligibleChangedMessageDecoder d = eligibleChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.EligibleChanged(d.standby(), bool(d.eligible()), d.term(), d.reason());
    }

    private int write(RecoveryEvent.ReplicaChanged m, MutableDirectBuffer buffer, int offset) {
        replicaChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .state(code(m.state()))
                .previous(code(m.previous()))
                .input(code(m.input()))
                .term(m.term())
                .cloneNumber(m.cloneNumber())
                .host(text(m.host()))
                .source(text(m.source()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + replicaChangedEncoder.encodedLength();
    }

    private RecoveryEvent.ReplicaChanged readReplicaChanged() {
        ReplicaChangedMessageDecoder d = replicaChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.ReplicaChanged(
                d.host(),
                constant(ReplicaState.class, d.state()),
                constant(ReplicaState.class, d.previous()),
                constant(ReplicaInput.class, d.input()),
                d.term(),
                d.cloneNumber(),
                d.source(),
                d.reason());
    }

    private int write(RecoveryEvent.CloneProgressed m, MutableDirectBuffer buffer, int offset) {
        cloneProgressedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .cloneNumber(m.cloneNumber())
                .outcome(code(m.outcome()))
                .host(text(m.host()))
                .detail(text(m.detail()));
        return MessageHeaderEncoder.ENCODED_LENGTH + cloneProgressedEncoder.encodedLength();
    }

    private RecoveryEvent.CloneProgressed readCloneProgressed() {
        CloneProgressedMessageDecoder d = cloneProgressedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.CloneProgressed(
                d.host(), d.cloneNumber(), constant(CloneOutcome.class, d.outcome()), d.detail());
    }

    private int write(RecoveryEvent.SwitchoverChanged m, MutableDirectBuffer buffer, int offset) {
        switchoverChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .step(code(m.step()))
                .term(m.term())
                .from(text(m.from()))
                .to(text(m.to()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + switchoverChangedEncoder.encodedLength();
    }

    private RecoveryEvent.SwitchoverChanged readSwitchoverChanged() {
        SwitchoverChangedMessageDecoder d = switchoverChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.SwitchoverChanged(
                constant(RequestStep.class, d.step()), d.from(), d.to(), d.term(), d.user(), d.reason());
    }

    private int write(RecoveryEvent.FailoverChanged m, MutableDirectBuffer buffer, int offset) {
        failoverChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .step(code(m.step()))
                .acceptLoss(bool(m.acceptLoss()))
                .term(m.term())
                .from(text(m.from()))
                .to(text(m.to()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + failoverChangedEncoder.encodedLength();
    }

    private RecoveryEvent.FailoverChanged readFailoverChanged() {
        FailoverChangedMessageDecoder d = failoverChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.FailoverChanged(
                constant(RequestStep.class, d.step()),
                d.from(),
                d.to(),
                bool(d.acceptLoss()),
                d.term(),
                d.user(),
                d.reason());
    }

    private int write(RecoveryEvent.AutomationChanged m, MutableDirectBuffer buffer, int offset) {
        automationChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .paused(bool(m.paused()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + automationChangedEncoder.encodedLength();
    }

    private RecoveryEvent.AutomationChanged readAutomationChanged() {
        AutomationChangedMessageDecoder d = automationChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.AutomationChanged(bool(d.paused()), d.user(), d.reason());
    }

    private int write(RecoveryEvent.IncidentOpened m, MutableDirectBuffer buffer, int offset) {
        incidentOpenedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .incident(m.incident())
                .term(m.term())
                .host(text(m.host()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + incidentOpenedEncoder.encodedLength();
    }

    private RecoveryEvent.IncidentOpened readIncidentOpened() {
        IncidentOpenedMessageDecoder d = incidentOpenedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.IncidentOpened(d.incident(), d.host(), d.term(), d.reason());
    }

    private int write(RecoveryEvent.IncidentClosed m, MutableDirectBuffer buffer, int offset) {
        incidentClosedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .incident(m.incident())
                .lastedMillis(m.lastedMillis())
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + incidentClosedEncoder.encodedLength();
    }

    private RecoveryEvent.IncidentClosed readIncidentClosed() {
        IncidentClosedMessageDecoder d = incidentClosedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.IncidentClosed(d.incident(), d.lastedMillis(), d.reason());
    }

    private int write(RecoveryEvent.InstanceSeen m, MutableDirectBuffer buffer, int offset) {
        instanceSeenEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .role(code(m.role()))
                .term(m.term())
                .timeline(m.timeline())
                .receivedLsn(m.receivedLsn())
                .replayedLsn(m.replayedLsn())
                .flushedLsn(m.flushedLsn())
                .followedTerm(m.followedTerm())
                .diverged(bool(m.diverged()))
                .clean(bool(m.clean()))
                .diskFreeBytes(m.diskFreeBytes())
                .clockOffsetMillis(m.clockOffsetMillis())
                .host(text(m.host()))
                .standbyNames(text(m.standbyNames()))
                .connected(text(m.connected()));
        return MessageHeaderEncoder.ENCODED_LENGTH + instanceSeenEncoder.encodedLength();
    }

    private RecoveryEvent.InstanceSeen readInstanceSeen() {
        InstanceSeenMessageDecoder d = instanceSeenDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.InstanceSeen(
                d.host(),
                constant(InstanceRole.class, d.role()),
                d.term(),
                d.timeline(),
                d.receivedLsn(),
                d.replayedLsn(),
                d.flushedLsn(),
                d.followedTerm(),
                bool(d.diverged()),
                d.standbyNames(),
                d.connected(),
                bool(d.clean()),
                d.diskFreeBytes(),
                d.clockOffsetMillis());
    }

    private int write(RecoveryEvent.OperatorActed m, MutableDirectBuffer buffer, int offset) {
        operatorActedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .user(text(m.user()))
                .action(text(m.action()))
                .target(text(m.target()))
                .reason(text(m.reason()))
                .result(text(m.result()));
        return MessageHeaderEncoder.ENCODED_LENGTH + operatorActedEncoder.encodedLength();
    }

    private RecoveryEvent.OperatorActed readOperatorActed() {
        OperatorActedMessageDecoder d = operatorActedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.OperatorActed(d.user(), d.action(), d.target(), d.reason(), d.result());
    }

    private int write(RecoveryEvent.CommandQuarantined m, MutableDirectBuffer buffer, int offset) {
        commandQuarantinedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .clientId(m.clientId())
                .correlationId(m.correlationId())
                .templateId(m.templateId())
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + commandQuarantinedEncoder.encodedLength();
    }

    private RecoveryEvent.CommandQuarantined readCommandQuarantined() {
        CommandQuarantinedMessageDecoder d = commandQuarantinedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.CommandQuarantined(d.clientId(), d.correlationId(), d.templateId(), d.reason());
    }

    private int write(RecoveryEvent.StateHashed m, MutableDirectBuffer buffer, int offset) {
        stateHashedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .member(m.member())
                .atSequence(m.atSequence())
                .stateHash(m.stateHash())
                .agreed(bool(m.agreed()));
        return MessageHeaderEncoder.ENCODED_LENGTH + stateHashedEncoder.encodedLength();
    }

    private RecoveryEvent.StateHashed readStateHashed() {
        StateHashedMessageDecoder d = stateHashedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.StateHashed(d.member(), d.atSequence(), d.stateHash(), bool(d.agreed()));
    }

    private int write(RecoveryEvent.DamageSeen m, MutableDirectBuffer buffer, int offset) {
        damageSeenEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .checksumFailures(m.checksumFailures())
                .host(text(m.host()))
                .detail(text(m.detail()));
        return MessageHeaderEncoder.ENCODED_LENGTH + damageSeenEncoder.encodedLength();
    }

    private RecoveryEvent.DamageSeen readDamageSeen() {
        DamageSeenMessageDecoder d = damageSeenDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryEvent.DamageSeen(d.host(), d.checksumFailures(), d.detail());
    }

    private int write(RecoveryEvent.ClonesHeld m, MutableDirectBuffer buffer, int offset) {
        clonesHeldEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .held(bool(m.held()))
                .host(text(m.host()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + clonesHeldEncoder.encodedLength();
    }

    private RecoveryEvent.ClonesHeld readClonesHeld() {
        ClonesHeldMessageDecoder d = clonesHeldDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        long term = d.term();
        boolean held = bool(d.held());
        return new RecoveryEvent.ClonesHeld(d.host(), term, held, d.reason());
    }
}
