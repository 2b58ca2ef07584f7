package dev.holdfast.protocol;

import static dev.holdfast.protocol.Wire.bool;
import static dev.holdfast.protocol.Wire.code;
import static dev.holdfast.protocol.Wire.constant;
import static dev.holdfast.protocol.Wire.text;

import dev.holdfast.protocol.sbe.AlarmMessageDecoder;
import dev.holdfast.protocol.sbe.AlarmMessageEncoder;
import dev.holdfast.protocol.sbe.BarAppliedMessageDecoder;
import dev.holdfast.protocol.sbe.BarAppliedMessageEncoder;
import dev.holdfast.protocol.sbe.BrokerPositionSeenMessageDecoder;
import dev.holdfast.protocol.sbe.BrokerPositionSeenMessageEncoder;
import dev.holdfast.protocol.sbe.BrokerSessionChangedMessageDecoder;
import dev.holdfast.protocol.sbe.BrokerSessionChangedMessageEncoder;
import dev.holdfast.protocol.sbe.CheckpointEndedMessageDecoder;
import dev.holdfast.protocol.sbe.CheckpointEndedMessageEncoder;
import dev.holdfast.protocol.sbe.CheckpointStartedMessageDecoder;
import dev.holdfast.protocol.sbe.CheckpointStartedMessageEncoder;
import dev.holdfast.protocol.sbe.CommandQuarantinedMessageDecoder;
import dev.holdfast.protocol.sbe.CommandQuarantinedMessageEncoder;
import dev.holdfast.protocol.sbe.DayChangedMessageDecoder;
import dev.holdfast.protocol.sbe.DayChangedMessageEncoder;
import dev.holdfast.protocol.sbe.DigestMessageDecoder;
import dev.holdfast.protocol.sbe.DigestMessageEncoder;
import dev.holdfast.protocol.sbe.EngineConfiguredMessageDecoder;
import dev.holdfast.protocol.sbe.EngineConfiguredMessageEncoder;
import dev.holdfast.protocol.sbe.FeedChangedMessageDecoder;
import dev.holdfast.protocol.sbe.FeedChangedMessageEncoder;
import dev.holdfast.protocol.sbe.GrantChangedMessageDecoder;
import dev.holdfast.protocol.sbe.GrantChangedMessageEncoder;
import dev.holdfast.protocol.sbe.InstrumentDefinedMessageDecoder;
import dev.holdfast.protocol.sbe.InstrumentDefinedMessageEncoder;
import dev.holdfast.protocol.sbe.MessageHeaderDecoder;
import dev.holdfast.protocol.sbe.MessageHeaderEncoder;
import dev.holdfast.protocol.sbe.OddRowSeenMessageDecoder;
import dev.holdfast.protocol.sbe.OddRowSeenMessageEncoder;
import dev.holdfast.protocol.sbe.OperatorActedMessageDecoder;
import dev.holdfast.protocol.sbe.OperatorActedMessageEncoder;
import dev.holdfast.protocol.sbe.OrderChangedMessageDecoder;
import dev.holdfast.protocol.sbe.OrderChangedMessageEncoder;
import dev.holdfast.protocol.sbe.OrderTermsSeenMessageDecoder;
import dev.holdfast.protocol.sbe.OrderTermsSeenMessageEncoder;
import dev.holdfast.protocol.sbe.PositionChangedMessageDecoder;
import dev.holdfast.protocol.sbe.PositionChangedMessageEncoder;
import dev.holdfast.protocol.sbe.PositionConvertedMessageDecoder;
import dev.holdfast.protocol.sbe.PositionConvertedMessageEncoder;
import dev.holdfast.protocol.sbe.ProfitChangedMessageDecoder;
import dev.holdfast.protocol.sbe.ProfitChangedMessageEncoder;
import dev.holdfast.protocol.sbe.PulseMessageDecoder;
import dev.holdfast.protocol.sbe.PulseMessageEncoder;
import dev.holdfast.protocol.sbe.ReadCompletedMessageDecoder;
import dev.holdfast.protocol.sbe.ReadCompletedMessageEncoder;
import dev.holdfast.protocol.sbe.SendRequestedMessageDecoder;
import dev.holdfast.protocol.sbe.SendRequestedMessageEncoder;
import dev.holdfast.protocol.sbe.StateHashedMessageDecoder;
import dev.holdfast.protocol.sbe.StateHashedMessageEncoder;
import dev.holdfast.protocol.sbe.StrategyChangedMessageDecoder;
import dev.holdfast.protocol.sbe.StrategyChangedMessageEncoder;
import dev.holdfast.protocol.sbe.SwitchChangedMessageDecoder;
import dev.holdfast.protocol.sbe.SwitchChangedMessageEncoder;
import dev.holdfast.protocol.sbe.TickAppliedMessageDecoder;
import dev.holdfast.protocol.sbe.TickAppliedMessageEncoder;
import dev.holdfast.protocol.sbe.TradeBookedMessageDecoder;
import dev.holdfast.protocol.sbe.TradeBookedMessageEncoder;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Events to and from their wire format. Not thread-safe: it reuses its flyweights. */
public final class EventCodec implements Codec<Event> {

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final CheckpointStartedMessageEncoder checkpointStartedEncoder = new CheckpointStartedMessageEncoder();
    private final CheckpointStartedMessageDecoder checkpointStartedDecoder = new CheckpointStartedMessageDecoder();
    private final CheckpointEndedMessageEncoder checkpointEndedEncoder = new CheckpointEndedMessageEncoder();
    private final CheckpointEndedMessageDecoder checkpointEndedDecoder = new CheckpointEndedMessageDecoder();
    private final EngineConfiguredMessageEncoder engineConfiguredEncoder = new EngineConfiguredMessageEncoder();
    private final EngineConfiguredMessageDecoder engineConfiguredDecoder = new EngineConfiguredMessageDecoder();
    private final InstrumentDefinedMessageEncoder instrumentDefinedEncoder = new InstrumentDefinedMessageEncoder();
    private final InstrumentDefinedMessageDecoder instrumentDefinedDecoder = new InstrumentDefinedMessageDecoder();
    private final DayChangedMessageEncoder dayChangedEncoder = new DayChangedMessageEncoder();
    private final DayChangedMessageDecoder dayChangedDecoder = new DayChangedMessageDecoder();
    private final GrantChangedMessageEncoder grantChangedEncoder = new GrantChangedMessageEncoder();
    private final GrantChangedMessageDecoder grantChangedDecoder = new GrantChangedMessageDecoder();
    private final OrderChangedMessageEncoder orderChangedEncoder = new OrderChangedMessageEncoder();
    private final OrderChangedMessageDecoder orderChangedDecoder = new OrderChangedMessageDecoder();
    private final SendRequestedMessageEncoder sendRequestedEncoder = new SendRequestedMessageEncoder();
    private final SendRequestedMessageDecoder sendRequestedDecoder = new SendRequestedMessageDecoder();
    private final TradeBookedMessageEncoder tradeBookedEncoder = new TradeBookedMessageEncoder();
    private final TradeBookedMessageDecoder tradeBookedDecoder = new TradeBookedMessageDecoder();
    private final PositionChangedMessageEncoder positionChangedEncoder = new PositionChangedMessageEncoder();
    private final PositionChangedMessageDecoder positionChangedDecoder = new PositionChangedMessageDecoder();
    private final ProfitChangedMessageEncoder profitChangedEncoder = new ProfitChangedMessageEncoder();
    private final ProfitChangedMessageDecoder profitChangedDecoder = new ProfitChangedMessageDecoder();
    private final BrokerPositionSeenMessageEncoder brokerPositionSeenEncoder = new BrokerPositionSeenMessageEncoder();
    private final BrokerPositionSeenMessageDecoder brokerPositionSeenDecoder = new BrokerPositionSeenMessageDecoder();
    private final TickAppliedMessageEncoder tickAppliedEncoder = new TickAppliedMessageEncoder();
    private final TickAppliedMessageDecoder tickAppliedDecoder = new TickAppliedMessageDecoder();
    private final BarAppliedMessageEncoder barAppliedEncoder = new BarAppliedMessageEncoder();
    private final BarAppliedMessageDecoder barAppliedDecoder = new BarAppliedMessageDecoder();
    private final FeedChangedMessageEncoder feedChangedEncoder = new FeedChangedMessageEncoder();
    private final FeedChangedMessageDecoder feedChangedDecoder = new FeedChangedMessageDecoder();
    private final BrokerSessionChangedMessageEncoder brokerSessionChangedEncoder =
            new BrokerSessionChangedMessageEncoder();
    private final BrokerSessionChangedMessageDecoder brokerSessionChangedDecoder =
            new BrokerSessionChangedMessageDecoder();
    private final ReadCompletedMessageEncoder readCompletedEncoder = new ReadCompletedMessageEncoder();
    private final ReadCompletedMessageDecoder readCompletedDecoder = new ReadCompletedMessageDecoder();
    private final StrategyChangedMessageEncoder strategyChangedEncoder = new StrategyChangedMessageEncoder();
    private final StrategyChangedMessageDecoder strategyChangedDecoder = new StrategyChangedMessageDecoder();
    private final SwitchChangedMessageEncoder switchChangedEncoder = new SwitchChangedMessageEncoder();
    private final SwitchChangedMessageDecoder switchChangedDecoder = new SwitchChangedMessageDecoder();
    private final OperatorActedMessageEncoder operatorActedEncoder = new OperatorActedMessageEncoder();
    private final OperatorActedMessageDecoder operatorActedDecoder = new OperatorActedMessageDecoder();
    private final CommandQuarantinedMessageEncoder commandQuarantinedEncoder = new CommandQuarantinedMessageEncoder();
    private final CommandQuarantinedMessageDecoder commandQuarantinedDecoder = new CommandQuarantinedMessageDecoder();
    private final AlarmMessageEncoder alarmEncoder = new AlarmMessageEncoder();
    private final AlarmMessageDecoder alarmDecoder = new AlarmMessageDecoder();
    private final PulseMessageEncoder pulseEncoder = new PulseMessageEncoder();
    private final PulseMessageDecoder pulseDecoder = new PulseMessageDecoder();
    private final StateHashedMessageEncoder stateHashedEncoder = new StateHashedMessageEncoder();
    private final StateHashedMessageDecoder stateHashedDecoder = new StateHashedMessageDecoder();
    private final DigestMessageEncoder digestEncoder = new DigestMessageEncoder();
    private final DigestMessageDecoder digestDecoder = new DigestMessageDecoder();
    private final OrderTermsSeenMessageEncoder orderTermsSeenEncoder = new OrderTermsSeenMessageEncoder();
    private final OrderTermsSeenMessageDecoder orderTermsSeenDecoder = new OrderTermsSeenMessageDecoder();
    private final PositionConvertedMessageEncoder positionConvertedEncoder = new PositionConvertedMessageEncoder();
    private final PositionConvertedMessageDecoder positionConvertedDecoder = new PositionConvertedMessageDecoder();
    private final OddRowSeenMessageEncoder oddRowSeenEncoder = new OddRowSeenMessageEncoder();
    private final OddRowSeenMessageDecoder oddRowSeenDecoder = new OddRowSeenMessageDecoder();

    @Override
    public int encode(Event event, MutableDirectBuffer buffer, int offset) {
        return switch (event) {
            case Event.CheckpointStarted m -> write(m, buffer, offset);
            case Event.CheckpointEnded m -> write(m, buffer, offset);
            case Event.EngineConfigured m -> write(m, buffer, offset);
            case Event.InstrumentDefined m -> write(m, buffer, offset);
            case Event.DayChanged m -> write(m, buffer, offset);
            case Event.GrantChanged m -> write(m, buffer, offset);
            case Event.OrderChanged m -> write(m, buffer, offset);
            case Event.SendRequested m -> write(m, buffer, offset);
            case Event.TradeBooked m -> write(m, buffer, offset);
            case Event.PositionChanged m -> write(m, buffer, offset);
            case Event.ProfitChanged m -> write(m, buffer, offset);
            case Event.BrokerPositionSeen m -> write(m, buffer, offset);
            case Event.TickApplied m -> write(m, buffer, offset);
            case Event.BarApplied m -> write(m, buffer, offset);
            case Event.FeedChanged m -> write(m, buffer, offset);
            case Event.BrokerSessionChanged m -> write(m, buffer, offset);
            case Event.ReadCompleted m -> write(m, buffer, offset);
            case Event.StrategyChanged m -> write(m, buffer, offset);
            case Event.SwitchChanged m -> write(m, buffer, offset);
            case Event.OperatorActed m -> write(m, buffer, offset);
            case Event.CommandQuarantined m -> write(m, buffer, offset);
            case Event.Alarm m -> write(m, buffer, offset);
            case Event.Pulse m -> write(m, buffer, offset);
            case Event.StateHashed m -> write(m, buffer, offset);
            case Event.Digest m -> write(m, buffer, offset);
            case Event.OddRowSeen m -> write(m, buffer, offset);
            case Event.PositionConverted m -> write(m, buffer, offset);
            case Event.OrderTermsSeen m -> write(m, buffer, offset);
        };
    }

    @Override
    public Event decode(DirectBuffer buffer, int offset, int length) {
        Wire.requireHeader(length);
        // A view of exactly this message, so that a cut one runs into the end of the buffer and not into its neighbour.
        view.wrap(buffer, offset, length);
        headerDecoder.wrap(view, 0);
        Wire.requireSchema(headerDecoder.schemaId());
        try {
            return switch (headerDecoder.templateId()) {
                case CheckpointStartedMessageDecoder.TEMPLATE_ID -> readCheckpointStarted();
                case CheckpointEndedMessageDecoder.TEMPLATE_ID -> readCheckpointEnded();
                case EngineConfiguredMessageDecoder.TEMPLATE_ID -> readEngineConfigured();
                case InstrumentDefinedMessageDecoder.TEMPLATE_ID -> readInstrumentDefined();
                case DayChangedMessageDecoder.TEMPLATE_ID -> readDayChanged();
                case GrantChangedMessageDecoder.TEMPLATE_ID -> readGrantChanged();
                case OrderChangedMessageDecoder.TEMPLATE_ID -> readOrderChanged();
                case SendRequestedMessageDecoder.TEMPLATE_ID -> readSendRequested();
                case TradeBookedMessageDecoder.TEMPLATE_ID -> readTradeBooked();
                case PositionChangedMessageDecoder.TEMPLATE_ID -> readPositionChanged();
                case ProfitChangedMessageDecoder.TEMPLATE_ID -> readProfitChanged();
                case BrokerPositionSeenMessageDecoder.TEMPLATE_ID -> readBrokerPositionSeen();
                case TickAppliedMessageDecoder.TEMPLATE_ID -> readTickApplied();
                case BarAppliedMessageDecoder.TEMPLATE_ID -> readBarApplied();
                case FeedChangedMessageDecoder.TEMPLATE_ID -> readFeedChanged();
                case BrokerSessionChangedMessageDecoder.TEMPLATE_ID -> readBrokerSessionChanged();
                case ReadCompletedMessageDecoder.TEMPLATE_ID -> readReadCompleted();
                case StrategyChangedMessageDecoder.TEMPLATE_ID -> readStrategyChanged();
                case SwitchChangedMessageDecoder.TEMPLATE_ID -> readSwitchChanged();
                case OperatorActedMessageDecoder.TEMPLATE_ID -> readOperatorActed();
                case CommandQuarantinedMessageDecoder.TEMPLATE_ID -> readCommandQuarantined();
                case AlarmMessageDecoder.TEMPLATE_ID -> readAlarm();
                case PulseMessageDecoder.TEMPLATE_ID -> readPulse();
                case StateHashedMessageDecoder.TEMPLATE_ID -> readStateHashed();
                case DigestMessageDecoder.TEMPLATE_ID -> readDigest();
                case OddRowSeenMessageDecoder.TEMPLATE_ID -> readOddRowSeen();
                case PositionConvertedMessageDecoder.TEMPLATE_ID -> readPositionConverted();
                case OrderTermsSeenMessageDecoder.TEMPLATE_ID -> readOrderTermsSeen();
                default -> throw new MalformedMessage("no event has template id " + headerDecoder.templateId());
            };
        } catch (IndexOutOfBoundsException cutShort) {
            throw new MalformedMessage(
                    "event of template id " + headerDecoder.templateId() + " is cut short: " + length + " bytes");
        }
    }

    private int write(Event.CheckpointStarted unused, MutableDirectBuffer buffer, int offset) {
        checkpointStartedEncoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        return MessageHeaderEncoder.ENCODED_LENGTH + checkpointStartedEncoder.encodedLength();
    }

    private Event.CheckpointStarted readCheckpointStarted() {
        CheckpointStartedMessageDecoder d = checkpointStartedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.CheckpointStarted();
    }

    private int write(Event.CheckpointEnded unused, MutableDirectBuffer buffer, int offset) {
        checkpointEndedEncoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        return MessageHeaderEncoder.ENCODED_LENGTH + checkpointEndedEncoder.encodedLength();
    }

    private Event.CheckpointEnded readCheckpointEnded() {
        CheckpointEndedMessageDecoder d = checkpointEndedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.CheckpointEnded();
    }

    private int write(Event.EngineConfigured m, MutableDirectBuffer buffer, int offset) {
        engineConfiguredEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .profile(code(m.profile()))
                .realBroker(bool(m.realBroker()))
                .alwaysOpen(bool(m.alwaysOpen()))
                .marketOpenSecond(m.marketOpenSecond())
                .marketCloseSecond(m.marketCloseSecond())
                .incarnation(m.incarnation())
                .maxOrderValuePaise(m.maxOrderValuePaise())
                .maxOrderQuantity(m.maxOrderQuantity())
                .maxPositionQuantity(m.maxPositionQuantity())
                .maxExposurePaise(m.maxExposurePaise())
                .priceBandBasisPoints(m.priceBandBasisPoints())
                .maxDailyLossPaise(m.maxDailyLossPaise())
                .staleFeedMillis(m.staleFeedMillis())
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + engineConfiguredEncoder.encodedLength();
    }

    private Event.EngineConfigured readEngineConfigured() {
        EngineConfiguredMessageDecoder d = engineConfiguredDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.EngineConfigured(
                constant(BrokerProfile.class, d.profile()),
                bool(d.realBroker()),
                bool(d.alwaysOpen()),
                d.marketOpenSecond(),
                d.marketCloseSecond(),
                d.incarnation(),
                d.maxOrderValuePaise(),
                d.maxOrderQuantity(),
                d.maxPositionQuantity(),
                d.maxExposurePaise(),
                d.priceBandBasisPoints(),
                d.maxDailyLossPaise(),
                d.staleFeedMillis(),
                d.user(),
                d.reason());
    }

    private int write(Event.InstrumentDefined m, MutableDirectBuffer buffer, int offset) {
        instrumentDefinedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .instrument(m.instrument())
                .token(m.token())
                .kind(code(m.kind()))
                .tickSizePaise(m.tickSizePaise())
                .lotSize(m.lotSize())
                .freezeQuantity(m.freezeQuantity())
                .lowerBandPaise(m.lowerBandPaise())
                .upperBandPaise(m.upperBandPaise())
                .exchange(text(m.exchange()))
                .symbol(text(m.symbol()));
        return MessageHeaderEncoder.ENCODED_LENGTH + instrumentDefinedEncoder.encodedLength();
    }

    private Event.InstrumentDefined readInstrumentDefined() {
        InstrumentDefinedMessageDecoder d = instrumentDefinedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.InstrumentDefined(
                d.instrument(),
                d.token(),
                constant(InstrumentKind.class, d.kind()),
                d.tickSizePaise(),
                d.lotSize(),
                d.freezeQuantity(),
                d.lowerBandPaise(),
                d.upperBandPaise(),
                d.exchange(),
                d.symbol());
    }

    private int write(Event.DayChanged m, MutableDirectBuffer buffer, int offset) {
        dayChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .day(m.day())
                .phase(code(m.phase()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + dayChangedEncoder.encodedLength();
    }

    private Event.DayChanged readDayChanged() {
        DayChangedMessageDecoder d = dayChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.DayChanged(d.day(), constant(DayPhase.class, d.phase()), d.reason());
    }

    private int write(Event.GrantChanged m, MutableDirectBuffer buffer, int offset) {
        grantChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .kind(code(m.kind()))
                .session(m.session())
                .epoch(m.epoch())
                .host(text(m.host()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + grantChangedEncoder.encodedLength();
    }

    private Event.GrantChanged readGrantChanged() {
        GrantChangedMessageDecoder d = grantChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.GrantChanged(
                constant(GrantKind.class, d.kind()), d.session(), d.epoch(), d.host(), d.reason());
    }

    private int write(Event.OrderChanged m, MutableDirectBuffer buffer, int offset) {
        orderChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .orderNumber(m.orderNumber())
                .origin(code(m.origin()))
                .instrument(m.instrument())
                .side(code(m.side()))
                .product(code(m.product()))
                .orderType(code(m.orderType()))
                .quantity(m.quantity())
                .pricePaise(m.pricePaise())
                .state(code(m.state()))
                .previousState(code(m.previousState()))
                .filledQuantity(m.filledQuantity())
                .filledValuePaise(m.filledValuePaise())
                .amendment(code(m.amendment()))
                .pendingQuantity(m.pendingQuantity())
                .pendingPricePaise(m.pendingPricePaise())
                .cancelWanted(bool(m.cancelWanted()))
                .day(m.day())
                .wishedNanos(m.wishedNanos())
                .epoch(m.epoch())
                .sends(m.sends())
                .tag(text(m.tag()))
                .brokerOrderId(text(m.brokerOrderId()))
                .strategy(text(m.strategy()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + orderChangedEncoder.encodedLength();
    }

    private Event.OrderChanged readOrderChanged() {
        OrderChangedMessageDecoder d = orderChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.OrderChanged(
                d.orderNumber(),
                constant(Origin.class, d.origin()),
                d.instrument(),
                constant(Side.class, d.side()),
                constant(Product.class, d.product()),
                constant(OrderType.class, d.orderType()),
                d.quantity(),
                d.pricePaise(),
                constant(OrderState.class, d.state()),
                constant(OrderState.class, d.previousState()),
                d.filledQuantity(),
                d.filledValuePaise(),
                constant(AmendmentState.class, d.amendment()),
                d.pendingQuantity(),
                d.pendingPricePaise(),
                bool(d.cancelWanted()),
                d.day(),
                d.wishedNanos(),
                d.epoch(),
                d.sends(),
                d.tag(),
                d.brokerOrderId(),
                d.strategy(),
                d.user(),
                d.reason());
    }

    private int write(Event.SendRequested m, MutableDirectBuffer buffer, int offset) {
        sendRequestedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .sendNumber(m.sendNumber())
                .action(code(m.action()))
                .orderNumber(m.orderNumber())
                .epoch(m.epoch())
                .notAfterNanos(m.notAfterNanos())
                .instrument(m.instrument())
                .side(code(m.side()))
                .product(code(m.product()))
                .orderType(code(m.orderType()))
                .quantity(m.quantity())
                .pricePaise(m.pricePaise())
                .tag(text(m.tag()))
                .brokerOrderId(text(m.brokerOrderId()));
        return MessageHeaderEncoder.ENCODED_LENGTH + sendRequestedEncoder.encodedLength();
    }

    private Event.SendRequested readSendRequested() {
        SendRequestedMessageDecoder d = sendRequestedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.SendRequested(
                d.sendNumber(),
                constant(SendAction.class, d.action()),
                d.orderNumber(),
                d.epoch(),
                d.notAfterNanos(),
                d.instrument(),
                constant(Side.class, d.side()),
                constant(Product.class, d.product()),
                constant(OrderType.class, d.orderType()),
                d.quantity(),
                d.pricePaise(),
                d.tag(),
                d.brokerOrderId());
    }

    private int write(Event.TradeBooked m, MutableDirectBuffer buffer, int offset) {
        tradeBookedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .day(m.day())
                .orderNumber(m.orderNumber())
                .instrument(m.instrument())
                .side(code(m.side()))
                .product(code(m.product()))
                .quantity(m.quantity())
                .pricePaise(m.pricePaise())
                .fillTimeNanos(m.fillTimeNanos())
                .tradeId(text(m.tradeId()))
                .brokerOrderId(text(m.brokerOrderId()))
                .strategy(text(m.strategy()));
        return MessageHeaderEncoder.ENCODED_LENGTH + tradeBookedEncoder.encodedLength();
    }

    private Event.TradeBooked readTradeBooked() {
        TradeBookedMessageDecoder d = tradeBookedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.TradeBooked(
                d.day(),
                d.orderNumber(),
                d.instrument(),
                constant(Side.class, d.side()),
                constant(Product.class, d.product()),
                d.quantity(),
                d.pricePaise(),
                d.fillTimeNanos(),
                d.tradeId(),
                d.brokerOrderId(),
                d.strategy());
    }

    private int write(Event.PositionChanged m, MutableDirectBuffer buffer, int offset) {
        positionChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .instrument(m.instrument())
                .product(code(m.product()))
                .day(m.day())
                .quantity(m.quantity())
                .openingQuantity(m.openingQuantity())
                .costPaise(m.costPaise())
                .realisedPaise(m.realisedPaise())
                .boughtQuantity(m.boughtQuantity())
                .soldQuantity(m.soldQuantity());
        return MessageHeaderEncoder.ENCODED_LENGTH + positionChangedEncoder.encodedLength();
    }

    private Event.PositionChanged readPositionChanged() {
        PositionChangedMessageDecoder d = positionChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.PositionChanged(
                d.instrument(),
                constant(Product.class, d.product()),
                d.day(),
                d.quantity(),
                d.openingQuantity(),
                d.costPaise(),
                d.realisedPaise(),
                d.boughtQuantity(),
                d.soldQuantity());
    }

    private int write(Event.ProfitChanged m, MutableDirectBuffer buffer, int offset) {
        profitChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .day(m.day())
                .instrument(m.instrument())
                .product(code(m.product()))
                .quantity(m.quantity())
                .costPaise(m.costPaise())
                .realisedPaise(m.realisedPaise())
                .trades(m.trades())
                .strategy(text(m.strategy()));
        return MessageHeaderEncoder.ENCODED_LENGTH + profitChangedEncoder.encodedLength();
    }

    private Event.ProfitChanged readProfitChanged() {
        ProfitChangedMessageDecoder d = profitChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.ProfitChanged(
                d.day(),
                d.instrument(),
                constant(Product.class, d.product()),
                d.quantity(),
                d.costPaise(),
                d.realisedPaise(),
                d.trades(),
                d.strategy());
    }

    private int write(Event.BrokerPositionSeen m, MutableDirectBuffer buffer, int offset) {
        brokerPositionSeenEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .instrument(m.instrument())
                .product(code(m.product()))
                .quantity(m.quantity())
                .difference(m.difference());
        return MessageHeaderEncoder.ENCODED_LENGTH + brokerPositionSeenEncoder.encodedLength();
    }

    private Event.BrokerPositionSeen readBrokerPositionSeen() {
        BrokerPositionSeenMessageDecoder d = brokerPositionSeenDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.BrokerPositionSeen(
                d.instrument(), constant(Product.class, d.product()), d.quantity(), d.difference());
    }

    private int write(Event.TickApplied m, MutableDirectBuffer buffer, int offset) {
        tickAppliedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .instrument(m.instrument())
                .lastPricePaise(m.lastPricePaise())
                .lastQuantity(m.lastQuantity())
                .volume(m.volume())
                .highPaise(m.highPaise())
                .lowPaise(m.lowPaise())
                .dayOpenPaise(m.dayOpenPaise())
                .dayHighPaise(m.dayHighPaise())
                .dayLowPaise(m.dayLowPaise())
                .previousClosePaise(m.previousClosePaise())
                .bidPaise(m.bidPaise())
                .bidQuantity(m.bidQuantity())
                .askPaise(m.askPaise())
                .askQuantity(m.askQuantity())
                .marketTimeNanos(m.marketTimeNanos())
                .conflated(m.conflated());
        return MessageHeaderEncoder.ENCODED_LENGTH + tickAppliedEncoder.encodedLength();
    }

    private Event.TickApplied readTickApplied() {
        TickAppliedMessageDecoder d = tickAppliedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.TickApplied(
                d.instrument(),
                d.lastPricePaise(),
                d.lastQuantity(),
                d.volume(),
                d.highPaise(),
                d.lowPaise(),
                d.dayOpenPaise(),
                d.dayHighPaise(),
                d.dayLowPaise(),
                d.previousClosePaise(),
                d.bidPaise(),
                d.bidQuantity(),
                d.askPaise(),
                d.askQuantity(),
                d.marketTimeNanos(),
                d.conflated());
    }

    private int write(Event.BarApplied m, MutableDirectBuffer buffer, int offset) {
        barAppliedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .instrument(m.instrument())
                .startNanos(m.startNanos())
                .openPaise(m.openPaise())
                .highPaise(m.highPaise())
                .lowPaise(m.lowPaise())
                .closePaise(m.closePaise())
                .volume(m.volume())
                .ticks(m.ticks());
        return MessageHeaderEncoder.ENCODED_LENGTH + barAppliedEncoder.encodedLength();
    }

    private Event.BarApplied readBarApplied() {
        BarAppliedMessageDecoder d = barAppliedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.BarApplied(
                d.instrument(),
                d.startNanos(),
                d.openPaise(),
                d.highPaise(),
                d.lowPaise(),
                d.closePaise(),
                d.volume(),
                d.ticks());
    }

    private int write(Event.FeedChanged m, MutableDirectBuffer buffer, int offset) {
        feedChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .state(code(m.state()))
                .instrument(m.instrument())
                .detail(text(m.detail()));
        return MessageHeaderEncoder.ENCODED_LENGTH + feedChangedEncoder.encodedLength();
    }

    private Event.FeedChanged readFeedChanged() {
        FeedChangedMessageDecoder d = feedChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.FeedChanged(constant(FeedState.class, d.state()), d.instrument(), d.detail());
    }

    private int write(Event.BrokerSessionChanged m, MutableDirectBuffer buffer, int offset) {
        brokerSessionChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .state(code(m.state()))
                .detail(text(m.detail()));
        return MessageHeaderEncoder.ENCODED_LENGTH + brokerSessionChangedEncoder.encodedLength();
    }

    private Event.BrokerSessionChanged readBrokerSessionChanged() {
        BrokerSessionChangedMessageDecoder d = brokerSessionChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.BrokerSessionChanged(constant(BrokerSessionState.class, d.state()), d.detail());
    }

    private int write(Event.ReadCompleted m, MutableDirectBuffer buffer, int offset) {
        readCompletedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .readId(m.readId())
                .day(m.day())
                .clean(bool(m.clean()))
                .orders(m.orders())
                .trades(m.trades())
                .positions(m.positions())
                .beganNanos(m.beganNanos());
        return MessageHeaderEncoder.ENCODED_LENGTH + readCompletedEncoder.encodedLength();
    }

    private Event.ReadCompleted readReadCompleted() {
        ReadCompletedMessageDecoder d = readCompletedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.ReadCompleted(
                d.session(),
                d.readId(),
                d.day(),
                bool(d.clean()),
                d.orders(),
                d.trades(),
                d.positions(),
                d.beganNanos());
    }

    private int write(Event.StrategyChanged m, MutableDirectBuffer buffer, int offset) {
        strategyChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .state(code(m.state()))
                .instrument(m.instrument())
                .product(code(m.product()))
                .quantity(m.quantity())
                .name(text(m.name()))
                .kind(text(m.kind()))
                .parameters(text(m.parameters()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + strategyChangedEncoder.encodedLength();
    }

    private Event.StrategyChanged readStrategyChanged() {
        StrategyChangedMessageDecoder d = strategyChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.StrategyChanged(
                constant(StrategyState.class, d.state()),
                d.instrument(),
                constant(Product.class, d.product()),
                d.quantity(),
                d.name(),
                d.kind(),
                d.parameters(),
                d.user(),
                d.reason());
    }

    private int write(Event.SwitchChanged m, MutableDirectBuffer buffer, int offset) {
        switchChangedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .kind(code(m.kind()))
                .scope(code(m.scope()))
                .engaged(bool(m.engaged()))
                .target(text(m.target()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + switchChangedEncoder.encodedLength();
    }

    private Event.SwitchChanged readSwitchChanged() {
        SwitchChangedMessageDecoder d = switchChangedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.SwitchChanged(
                constant(SwitchKind.class, d.kind()),
                constant(SwitchScope.class, d.scope()),
                bool(d.engaged()),
                d.target(),
                d.user(),
                d.reason());
    }

    private int write(Event.OperatorActed m, MutableDirectBuffer buffer, int offset) {
        operatorActedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .user(text(m.user()))
                .action(text(m.action()))
                .target(text(m.target()))
                .reason(text(m.reason()))
                .result(text(m.result()));
        return MessageHeaderEncoder.ENCODED_LENGTH + operatorActedEncoder.encodedLength();
    }

    private Event.OperatorActed readOperatorActed() {
        OperatorActedMessageDecoder d = operatorActedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.OperatorActed(d.user(), d.action(), d.target(), d.reason(), d.result());
    }

    private int write(Event.CommandQuarantined m, MutableDirectBuffer buffer, int offset) {
        commandQuarantinedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .clientId(m.clientId())
                .correlationId(m.correlationId())
                .templateId(m.templateId())
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + commandQuarantinedEncoder.encodedLength();
    }

    private Event.CommandQuarantined readCommandQuarantined() {
        CommandQuarantinedMessageDecoder d = commandQuarantinedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.CommandQuarantined(d.clientId(), d.correlationId(), d.templateId(), d.reason());
    }

    private int write(Event.Alarm m, MutableDirectBuffer buffer, int offset) {
        alarmEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .severity(code(m.severity()))
                .subject(text(m.subject()))
                .text(text(m.text()));
        return MessageHeaderEncoder.ENCODED_LENGTH + alarmEncoder.encodedLength();
    }

    private Event.Alarm readAlarm() {
        AlarmMessageDecoder d = alarmDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.Alarm(constant(Severity.class, d.severity()), d.subject(), d.text());
    }

    private int write(Event.Pulse m, MutableDirectBuffer buffer, int offset) {
        pulseEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .canTrade(bool(m.canTrade()))
                .marketTimeNanos(m.marketTimeNanos())
                .feedAgeMillis(m.feedAgeMillis())
                .secondBudget(m.secondBudget())
                .minuteBudget(m.minuteBudget())
                .dayBudget(m.dayBudget())
                .uncertain(m.uncertain())
                .held(m.held())
                .working(m.working())
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + pulseEncoder.encodedLength();
    }

    private Event.Pulse readPulse() {
        PulseMessageDecoder d = pulseDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.Pulse(
                bool(d.canTrade()),
                d.marketTimeNanos(),
                d.feedAgeMillis(),
                d.secondBudget(),
                d.minuteBudget(),
                d.dayBudget(),
                d.uncertain(),
                d.held(),
                d.working(),
                d.reason());
    }

    private int write(Event.StateHashed m, MutableDirectBuffer buffer, int offset) {
        stateHashedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .member(m.member())
                .atSequence(m.atSequence())
                .stateHash(m.stateHash())
                .agreed(bool(m.agreed()));
        return MessageHeaderEncoder.ENCODED_LENGTH + stateHashedEncoder.encodedLength();
    }

    private Event.StateHashed readStateHashed() {
        StateHashedMessageDecoder d = stateHashedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.StateHashed(d.member(), d.atSequence(), d.stateHash(), bool(d.agreed()));
    }

    private int write(Event.Digest m, MutableDirectBuffer buffer, int offset) {
        digestEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .orderDigest(m.orderDigest())
                .tradeDigest(m.tradeDigest())
                .positionDigest(m.positionDigest());
        return MessageHeaderEncoder.ENCODED_LENGTH + digestEncoder.encodedLength();
    }

    private Event.Digest readDigest() {
        DigestMessageDecoder d = digestDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.Digest(d.orderDigest(), d.tradeDigest(), d.positionDigest());
    }

    private int write(Event.OddRowSeen m, MutableDirectBuffer buffer, int offset) {
        oddRowSeenEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .day(m.day())
                .list(code(m.list()))
                .instrument(m.instrument())
                .perhapsOurs(bool(m.perhapsOurs()))
                .key(text(m.key()))
                .brokerOrderId(text(m.brokerOrderId()))
                .tag(text(m.tag()))
                .wrong(text(m.wrong()))
                .raw(text(m.raw()))
                .rawRest(text(m.rawRest()));
        return MessageHeaderEncoder.ENCODED_LENGTH + oddRowSeenEncoder.encodedLength();
    }

    private Event.OddRowSeen readOddRowSeen() {
        OddRowSeenMessageDecoder d = oddRowSeenDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.OddRowSeen(
                d.day(),
                constant(BookList.class, d.list()),
                d.instrument(),
                bool(d.perhapsOurs()),
                d.key(),
                d.brokerOrderId(),
                d.tag(),
                d.wrong(),
                d.raw(),
                d.rawRest());
    }

    private int write(Event.OrderTermsSeen m, MutableDirectBuffer buffer, int offset) {
        orderTermsSeenEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .orderNumber(m.orderNumber())
                .orderType(code(m.orderType()))
                .quantity(m.quantity())
                .pricePaise(m.pricePaise())
                .brokerOrderId(text(m.brokerOrderId()));
        return MessageHeaderEncoder.ENCODED_LENGTH + orderTermsSeenEncoder.encodedLength();
    }

    private Event.OrderTermsSeen readOrderTermsSeen() {
        OrderTermsSeenMessageDecoder d = orderTermsSeenDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.OrderTermsSeen(
                d.orderNumber(),
                constant(OrderType.class, d.orderType()),
                d.quantity(),
                d.pricePaise(),
                d.brokerOrderId());
    }

    private int write(Event.PositionConverted m, MutableDirectBuffer buffer, int offset) {
        positionConvertedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .instrument(m.instrument())
                .day(m.day())
                .fromProduct(code(m.fromProduct()))
                .toProduct(code(m.toProduct()))
                .quantity(m.quantity())
                .costPaise(m.costPaise())
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + positionConvertedEncoder.encodedLength();
    }

    private Event.PositionConverted readPositionConverted() {
        PositionConvertedMessageDecoder d = positionConvertedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Event.PositionConverted(
                d.instrument(),
                d.day(),
                constant(Product.class, d.fromProduct()),
                constant(Product.class, d.toProduct()),
                d.quantity(),
                d.costPaise(),
                d.reason());
    }
}
