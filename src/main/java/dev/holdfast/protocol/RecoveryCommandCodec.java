package dev.holdfast.protocol;

import static dev.holdfast.protocol.Wire.bool;
import static dev.holdfast.protocol.Wire.code;
import static dev.holdfast.protocol.Wire.constant;
import static dev.holdfast.protocol.Wire.text;

import dev.holdfast.protocol.sbe.recovery.BeginAnewMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.BeginAnewMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.ConfigureMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.ConfigureMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.ConfirmNamesMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.ConfirmNamesMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.MessageHeaderDecoder;
import dev.holdfast.protocol.sbe.recovery.MessageHeaderEncoder;
import dev.holdfast.protocol.sbe.recovery.OrderFailoverMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.OrderFailoverMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.OrderSwitchoverMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.OrderSwitchoverMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.PauseAutomationMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.PauseAutomationMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.ProbeMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.ProbeMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.RenewLeaseMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.RenewLeaseMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.ReportCloneMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.ReportCloneMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.ReportDamageMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.ReportDamageMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.ReportDownMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.ReportDownMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.ReportInstanceMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.ReportInstanceMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.ReportPromotedMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.ReportPromotedMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.ReportStateHashMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.ReportStateHashMessageEncoder;
import dev.holdfast.protocol.sbe.recovery.WithdrawNamesMessageDecoder;
import dev.holdfast.protocol.sbe.recovery.WithdrawNamesMessageEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The recovery machine's commands to and from their wire format. Not thread-safe: it reuses its flyweights. */
public final class RecoveryCommandCodec implements Codec<RecoveryCommand> {

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final ConfigureMessageEncoder configureEncoder = new ConfigureMessageEncoder();
    private final ConfigureMessageDecoder configureDecoder = new ConfigureMessageDecoder();
    private final ReportInstanceMessageEncoder reportInstanceEncoder = new ReportInstanceMessageEncoder();
    private final ReportInstanceMessageDecoder reportInstanceDecoder = new ReportInstanceMessageDecoder();
    private final RenewLeaseMessageEncoder renewLeaseEncoder = new RenewLeaseMessageEncoder();
    private final RenewLeaseMessageDecoder renewLeaseDecoder = new RenewLeaseMessageDecoder();
    private final ReportDownMessageEncoder reportDownEncoder = new ReportDownMessageEncoder();
    private final ReportDownMessageDecoder reportDownDecoder = new ReportDownMessageDecoder();
    private final ConfirmNamesMessageEncoder confirmNamesEncoder = new ConfirmNamesMessageEncoder();
    private final ConfirmNamesMessageDecoder confirmNamesDecoder = new ConfirmNamesMessageDecoder();
    private final ReportPromotedMessageEncoder reportPromotedEncoder = new ReportPromotedMessageEncoder();
    private final ReportPromotedMessageDecoder reportPromotedDecoder = new ReportPromotedMessageDecoder();
    private final ReportCloneMessageEncoder reportCloneEncoder = new ReportCloneMessageEncoder();
    private final ReportCloneMessageDecoder reportCloneDecoder = new ReportCloneMessageDecoder();
    private final OrderFailoverMessageEncoder orderFailoverEncoder = new OrderFailoverMessageEncoder();
    private final OrderFailoverMessageDecoder orderFailoverDecoder = new OrderFailoverMessageDecoder();
    private final OrderSwitchoverMessageEncoder orderSwitchoverEncoder = new OrderSwitchoverMessageEncoder();
    private final OrderSwitchoverMessageDecoder orderSwitchoverDecoder = new OrderSwitchoverMessageDecoder();
    private final PauseAutomationMessageEncoder pauseAutomationEncoder = new PauseAutomationMessageEncoder();
    private final PauseAutomationMessageDecoder pauseAutomationDecoder = new PauseAutomationMessageDecoder();
    private final BeginAnewMessageEncoder beginAnewEncoder = new BeginAnewMessageEncoder();
    private final BeginAnewMessageDecoder beginAnewDecoder = new BeginAnewMessageDecoder();
    private final ReportStateHashMessageEncoder reportStateHashEncoder = new ReportStateHashMessageEncoder();
    private final ReportStateHashMessageDecoder reportStateHashDecoder = new ReportStateHashMessageDecoder();
    private final ProbeMessageEncoder probeEncoder = new ProbeMessageEncoder();
    private final ProbeMessageDecoder probeDecoder = new ProbeMessageDecoder();
    private final ReportDamageMessageEncoder reportDamageEncoder = new ReportDamageMessageEncoder();
    private final ReportDamageMessageDecoder reportDamageDecoder = new ReportDamageMessageDecoder();
    private final WithdrawNamesMessageEncoder withdrawNamesEncoder = new WithdrawNamesMessageEncoder();
    private final WithdrawNamesMessageDecoder withdrawNamesDecoder = new WithdrawNamesMessageDecoder();

    @Override
    public int encode(RecoveryCommand command, MutableDirectBuffer buffer, int offset) {
        return switch (command) {
            case RecoveryCommand.Configure m -> write(m, buffer, offset);
            case RecoveryCommand.ReportInstance m -> write(m, buffer, offset);
            case RecoveryCommand.RenewLease m -> write(m, buffer, offset);
            case RecoveryCommand.ReportDown m -> write(m, buffer, offset);
            case RecoveryCommand.ConfirmNames m -> write(m, buffer, offset);
            case RecoveryCommand.ReportPromoted m -> write(m, buffer, offset);
            case RecoveryCommand.ReportClone m -> write(m, buffer, offset);
            case RecoveryCommand.OrderFailover m -> write(m, buffer, offset);
            case RecoveryCommand.OrderSwitchover m -> write(m, buffer, offset);
            case RecoveryCommand.PauseAutomation m -> write(m, buffer, offset);
            case RecoveryCommand.BeginAnew m -> write(m, buffer, offset);
            case RecoveryCommand.ReportStateHash m -> write(m, buffer, offset);
            case RecoveryCommand.Probe m -> write(m, buffer, offset);
            case RecoveryCommand.ReportDamage m -> write(m, buffer, offset);
            case RecoveryCommand.WithdrawNames m -> write(m, buffer, offset);
        };
    }

    @Override
    public RecoveryCommand decode(DirectBuffer buffer, int offset, int length) {
        Wire.requireHeader(length);
        // A view of exactly this message, so that a cut one runs into the end of the buffer and not into its neighbour.
        view.wrap(buffer, offset, length);
        headerDecoder.wrap(view, 0);
        Wire.requireSchema(headerDecoder.schemaId(), MessageHeaderDecoder.SCHEMA_ID);
        try {
            return switch (headerDecoder.templateId()) {
                case ConfigureMessageDecoder.TEMPLATE_ID -> readConfigure();
                case ReportInstanceMessageDecoder.TEMPLATE_ID -> readReportInstance();
                case RenewLeaseMessageDecoder.TEMPLATE_ID -> readRenewLease();
                case ReportDownMessageDecoder.TEMPLATE_ID -> readReportDown();
                case ConfirmNamesMessageDecoder.TEMPLATE_ID -> readConfirmNames();
                case ReportPromotedMessageDecoder.TEMPLATE_ID -> readReportPromoted();
                case ReportCloneMessageDecoder.TEMPLATE_ID -> readReportClone();
                case OrderFailoverMessageDecoder.TEMPLATE_ID -> readOrderFailover();
                case OrderSwitchoverMessageDecoder.TEMPLATE_ID -> readOrderSwitchover();
                case PauseAutomationMessageDecoder.TEMPLATE_ID -> readPauseAutomation();
                case BeginAnewMessageDecoder.TEMPLATE_ID -> readBeginAnew();
                case ReportStateHashMessageDecoder.TEMPLATE_ID -> readReportStateHash();
                case ProbeMessageDecoder.TEMPLATE_ID -> readProbe();
                case ReportDamageMessageDecoder.TEMPLATE_ID -> readReportDamage();
                case WithdrawNamesMessageDecoder.TEMPLATE_ID -> readWithdrawNames();
                default ->
                    throw new MalformedMessage("no recovery command has template id " + headerDecoder.templateId());
            };
        } catch (IndexOutOfBoundsException cutShort) {
            throw new MalformedMessage("recovery command of template id " + headerDecoder.templateId()
                    + " is cut short: " + length + " bytes");
        }
    }

    private int write(RecoveryCommand.Configure m, MutableDirectBuffer buffer, int offset) {
        configureEncoder
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
        return MessageHeaderEncoder.ENCODED_LENGTH + configureEncoder.encodedLength();
    }

    private RecoveryCommand.Configure readConfigure() {
        ConfigureMessageDecoder d = configureDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.Configure(
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

    private int write(RecoveryCommand.ReportInstance m, MutableDirectBuffer buffer, int offset) {
        reportInstanceEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .number(m.number())
                .role(code(m.role()))
                .term(m.term())
                .timeline(m.timeline())
                .receivedLsn(m.receivedLsn())
                .replayedLsn(m.replayedLsn())
                .flushedLsn(m.flushedLsn())
                .followedTerm(m.followedTerm())
                .diverged(bool(m.diverged()))
                .namesNumber(m.namesNumber())
                .standbyFlushedLsn(m.standbyFlushedLsn())
                .clean(bool(m.clean()))
                .diskFreeBytes(m.diskFreeBytes())
                .clockOffsetMillis(m.clockOffsetMillis())
                .host(text(m.host()))
                .standbyNames(text(m.standbyNames()))
                .connected(text(m.connected()));
        return MessageHeaderEncoder.ENCODED_LENGTH + reportInstanceEncoder.encodedLength();
    }

    private RecoveryCommand.ReportInstance readReportInstance() {
        ReportInstanceMessageDecoder d = reportInstanceDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.ReportInstance(
                d.host(),
                d.session(),
                d.number(),
                constant(InstanceRole.class, d.role()),
                d.term(),
                d.timeline(),
                d.receivedLsn(),
                d.replayedLsn(),
                d.flushedLsn(),
                d.followedTerm(),
                bool(d.diverged()),
                d.namesNumber(),
                d.standbyNames(),
                d.standbyFlushedLsn(),
                d.connected(),
                bool(d.clean()),
                d.diskFreeBytes(),
                d.clockOffsetMillis());
    }

    private int write(RecoveryCommand.RenewLease m, MutableDirectBuffer buffer, int offset) {
        renewLeaseEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .writtenLsn(m.writtenLsn())
                .writeAgeMillis(m.writeAgeMillis())
                .host(text(m.host()));
        return MessageHeaderEncoder.ENCODED_LENGTH + renewLeaseEncoder.encodedLength();
    }

    private RecoveryCommand.RenewLease readRenewLease() {
        RenewLeaseMessageDecoder d = renewLeaseDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.RenewLease(d.host(), d.term(), d.writtenLsn(), d.writeAgeMillis());
    }

    private int write(RecoveryCommand.ReportDown m, MutableDirectBuffer buffer, int offset) {
        reportDownEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .host(text(m.host()))
                .why(text(m.why()));
        return MessageHeaderEncoder.ENCODED_LENGTH + reportDownEncoder.encodedLength();
    }

    private RecoveryCommand.ReportDown readReportDown() {
        ReportDownMessageDecoder d = reportDownDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.ReportDown(d.host(), d.term(), d.why());
    }

    private int write(RecoveryCommand.ConfirmNames m, MutableDirectBuffer buffer, int offset) {
        confirmNamesEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .number(m.number())
                .markerLsn(m.markerLsn())
                .host(text(m.host()));
        return MessageHeaderEncoder.ENCODED_LENGTH + confirmNamesEncoder.encodedLength();
    }

    private RecoveryCommand.ConfirmNames readConfirmNames() {
        ConfirmNamesMessageDecoder d = confirmNamesDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.ConfirmNames(d.host(), d.term(), d.number(), d.markerLsn());
    }

    private int write(RecoveryCommand.ReportPromoted m, MutableDirectBuffer buffer, int offset) {
        reportPromotedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .timeline(m.timeline())
                .forkLsn(m.forkLsn())
                .host(text(m.host()));
        return MessageHeaderEncoder.ENCODED_LENGTH + reportPromotedEncoder.encodedLength();
    }

    private RecoveryCommand.ReportPromoted readReportPromoted() {
        ReportPromotedMessageDecoder d = reportPromotedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.ReportPromoted(d.host(), d.term(), d.timeline(), d.forkLsn());
    }

    private int write(RecoveryCommand.ReportClone m, MutableDirectBuffer buffer, int offset) {
        reportCloneEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .cloneNumber(m.cloneNumber())
                .outcome(code(m.outcome()))
                .host(text(m.host()))
                .detail(text(m.detail()));
        return MessageHeaderEncoder.ENCODED_LENGTH + reportCloneEncoder.encodedLength();
    }

    private RecoveryCommand.ReportClone readReportClone() {
        ReportCloneMessageDecoder d = reportCloneDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.ReportClone(
                d.host(), d.cloneNumber(), constant(CloneOutcome.class, d.outcome()), d.detail());
    }

    private int write(RecoveryCommand.OrderFailover m, MutableDirectBuffer buffer, int offset) {
        orderFailoverEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .acceptLoss(bool(m.acceptLoss()))
                .to(text(m.to()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + orderFailoverEncoder.encodedLength();
    }

    private RecoveryCommand.OrderFailover readOrderFailover() {
        OrderFailoverMessageDecoder d = orderFailoverDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.OrderFailover(d.to(), bool(d.acceptLoss()), d.user(), d.reason());
    }

    private int write(RecoveryCommand.OrderSwitchover m, MutableDirectBuffer buffer, int offset) {
        orderSwitchoverEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .to(text(m.to()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + orderSwitchoverEncoder.encodedLength();
    }

    private RecoveryCommand.OrderSwitchover readOrderSwitchover() {
        OrderSwitchoverMessageDecoder d = orderSwitchoverDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.OrderSwitchover(d.to(), d.user(), d.reason());
    }

    private int write(RecoveryCommand.PauseAutomation m, MutableDirectBuffer buffer, int offset) {
        pauseAutomationEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .paused(bool(m.paused()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + pauseAutomationEncoder.encodedLength();
    }

    private RecoveryCommand.PauseAutomation readPauseAutomation() {
        PauseAutomationMessageDecoder d = pauseAutomationDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.PauseAutomation(bool(d.paused()), d.user(), d.reason());
    }

    private int write(RecoveryCommand.BeginAnew m, MutableDirectBuffer buffer, int offset) {
        beginAnewEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .usedTerm(m.usedTerm())
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + beginAnewEncoder.encodedLength();
    }

    private RecoveryCommand.BeginAnew readBeginAnew() {
        BeginAnewMessageDecoder d = beginAnewDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.BeginAnew(d.usedTerm(), d.user(), d.reason());
    }

    private int write(RecoveryCommand.ReportStateHash m, MutableDirectBuffer buffer, int offset) {
        reportStateHashEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .member(m.member())
                .sequence(m.sequence())
                .stateHash(m.stateHash());
        return MessageHeaderEncoder.ENCODED_LENGTH + reportStateHashEncoder.encodedLength();
    }

    private RecoveryCommand.ReportStateHash readReportStateHash() {
        ReportStateHashMessageDecoder d = reportStateHashDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.ReportStateHash(d.member(), d.sequence(), d.stateHash());
    }

    private int write(RecoveryCommand.Probe unused, MutableDirectBuffer buffer, int offset) {
        probeEncoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        return MessageHeaderEncoder.ENCODED_LENGTH + probeEncoder.encodedLength();
    }

    private RecoveryCommand.Probe readProbe() {
        probeDecoder.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.Probe();
    }

    private int write(RecoveryCommand.ReportDamage m, MutableDirectBuffer buffer, int offset) {
        reportDamageEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .checksumFailures(m.checksumFailures())
                .host(text(m.host()))
                .detail(text(m.detail()));
        return MessageHeaderEncoder.ENCODED_LENGTH + reportDamageEncoder.encodedLength();
    }

    private RecoveryCommand.ReportDamage readReportDamage() {
        ReportDamageMessageDecoder d = reportDamageDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.ReportDamage(d.host(), d.checksumFailures(), d.detail());
    }

    private int write(RecoveryCommand.WithdrawNames m, MutableDirectBuffer buffer, int offset) {
        withdrawNamesEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .term(m.term())
                .number(m.number())
                .host(text(m.host()))
                .why(text(m.why()));
        return MessageHeaderEncoder.ENCODED_LENGTH + withdrawNamesEncoder.encodedLength();
    }

    private RecoveryCommand.WithdrawNames readWithdrawNames() {
        WithdrawNamesMessageDecoder d = withdrawNamesDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new RecoveryCommand.WithdrawNames(d.host(), d.term(), d.number(), d.why());
    }
}
