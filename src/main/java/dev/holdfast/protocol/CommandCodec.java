package dev.holdfast.protocol;

import static dev.holdfast.protocol.Wire.bool;
import static dev.holdfast.protocol.Wire.code;
import static dev.holdfast.protocol.Wire.constant;
import static dev.holdfast.protocol.Wire.text;

import dev.holdfast.protocol.sbe.AssignPositionMessageDecoder;
import dev.holdfast.protocol.sbe.AssignPositionMessageEncoder;
import dev.holdfast.protocol.sbe.BeginReadMessageDecoder;
import dev.holdfast.protocol.sbe.BeginReadMessageEncoder;
import dev.holdfast.protocol.sbe.CancelOrderMessageDecoder;
import dev.holdfast.protocol.sbe.CancelOrderMessageEncoder;
import dev.holdfast.protocol.sbe.CloseDayMessageDecoder;
import dev.holdfast.protocol.sbe.CloseDayMessageEncoder;
import dev.holdfast.protocol.sbe.ConfigureMessageDecoder;
import dev.holdfast.protocol.sbe.ConfigureMessageEncoder;
import dev.holdfast.protocol.sbe.ControlStrategyMessageDecoder;
import dev.holdfast.protocol.sbe.ControlStrategyMessageEncoder;
import dev.holdfast.protocol.sbe.DefineInstrumentMessageDecoder;
import dev.holdfast.protocol.sbe.DefineInstrumentMessageEncoder;
import dev.holdfast.protocol.sbe.DefineStrategyMessageDecoder;
import dev.holdfast.protocol.sbe.DefineStrategyMessageEncoder;
import dev.holdfast.protocol.sbe.EndReadMessageDecoder;
import dev.holdfast.protocol.sbe.EndReadMessageEncoder;
import dev.holdfast.protocol.sbe.MessageHeaderDecoder;
import dev.holdfast.protocol.sbe.MessageHeaderEncoder;
import dev.holdfast.protocol.sbe.ModifyOrderMessageDecoder;
import dev.holdfast.protocol.sbe.ModifyOrderMessageEncoder;
import dev.holdfast.protocol.sbe.OpenDayMessageDecoder;
import dev.holdfast.protocol.sbe.OpenDayMessageEncoder;
import dev.holdfast.protocol.sbe.PlaceOrderMessageDecoder;
import dev.holdfast.protocol.sbe.PlaceOrderMessageEncoder;
import dev.holdfast.protocol.sbe.ProbeMessageDecoder;
import dev.holdfast.protocol.sbe.ProbeMessageEncoder;
import dev.holdfast.protocol.sbe.RecordActMessageDecoder;
import dev.holdfast.protocol.sbe.RecordActMessageEncoder;
import dev.holdfast.protocol.sbe.RenewGrantMessageDecoder;
import dev.holdfast.protocol.sbe.RenewGrantMessageEncoder;
import dev.holdfast.protocol.sbe.ReportBarMessageDecoder;
import dev.holdfast.protocol.sbe.ReportBarMessageEncoder;
import dev.holdfast.protocol.sbe.ReportBrokerSessionMessageDecoder;
import dev.holdfast.protocol.sbe.ReportBrokerSessionMessageEncoder;
import dev.holdfast.protocol.sbe.ReportFeedMessageDecoder;
import dev.holdfast.protocol.sbe.ReportFeedMessageEncoder;
import dev.holdfast.protocol.sbe.ReportFitnessMessageDecoder;
import dev.holdfast.protocol.sbe.ReportFitnessMessageEncoder;
import dev.holdfast.protocol.sbe.ReportOddRowMessageDecoder;
import dev.holdfast.protocol.sbe.ReportOddRowMessageEncoder;
import dev.holdfast.protocol.sbe.ReportOpeningMessageDecoder;
import dev.holdfast.protocol.sbe.ReportOpeningMessageEncoder;
import dev.holdfast.protocol.sbe.ReportOrderMessageDecoder;
import dev.holdfast.protocol.sbe.ReportOrderMessageEncoder;
import dev.holdfast.protocol.sbe.ReportPositionMessageDecoder;
import dev.holdfast.protocol.sbe.ReportPositionMessageEncoder;
import dev.holdfast.protocol.sbe.ReportRenewalMessageDecoder;
import dev.holdfast.protocol.sbe.ReportRenewalMessageEncoder;
import dev.holdfast.protocol.sbe.ReportSendMessageDecoder;
import dev.holdfast.protocol.sbe.ReportSendMessageEncoder;
import dev.holdfast.protocol.sbe.ReportStateHashMessageDecoder;
import dev.holdfast.protocol.sbe.ReportStateHashMessageEncoder;
import dev.holdfast.protocol.sbe.ReportTickMessageDecoder;
import dev.holdfast.protocol.sbe.ReportTickMessageEncoder;
import dev.holdfast.protocol.sbe.ReportTradeMessageDecoder;
import dev.holdfast.protocol.sbe.ReportTradeMessageEncoder;
import dev.holdfast.protocol.sbe.ResolveOrderMessageDecoder;
import dev.holdfast.protocol.sbe.ResolveOrderMessageEncoder;
import dev.holdfast.protocol.sbe.SetSwitchMessageDecoder;
import dev.holdfast.protocol.sbe.SetSwitchMessageEncoder;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Commands to and from their wire format. Not thread-safe: it reuses its flyweights. */
public final class CommandCodec implements Codec<Command> {

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final ConfigureMessageEncoder configureEncoder = new ConfigureMessageEncoder();
    private final ConfigureMessageDecoder configureDecoder = new ConfigureMessageDecoder();
    private final DefineInstrumentMessageEncoder defineInstrumentEncoder = new DefineInstrumentMessageEncoder();
    private final DefineInstrumentMessageDecoder defineInstrumentDecoder = new DefineInstrumentMessageDecoder();
    private final RenewGrantMessageEncoder renewGrantEncoder = new RenewGrantMessageEncoder();
    private final RenewGrantMessageDecoder renewGrantDecoder = new RenewGrantMessageDecoder();
    private final ReportSendMessageEncoder reportSendEncoder = new ReportSendMessageEncoder();
    private final ReportSendMessageDecoder reportSendDecoder = new ReportSendMessageDecoder();
    private final BeginReadMessageEncoder beginReadEncoder = new BeginReadMessageEncoder();
    private final BeginReadMessageDecoder beginReadDecoder = new BeginReadMessageDecoder();
    private final ReportOrderMessageEncoder reportOrderEncoder = new ReportOrderMessageEncoder();
    private final ReportOrderMessageDecoder reportOrderDecoder = new ReportOrderMessageDecoder();
    private final ReportTradeMessageEncoder reportTradeEncoder = new ReportTradeMessageEncoder();
    private final ReportTradeMessageDecoder reportTradeDecoder = new ReportTradeMessageDecoder();
    private final ReportPositionMessageEncoder reportPositionEncoder = new ReportPositionMessageEncoder();
    private final ReportPositionMessageDecoder reportPositionDecoder = new ReportPositionMessageDecoder();
    private final EndReadMessageEncoder endReadEncoder = new EndReadMessageEncoder();
    private final EndReadMessageDecoder endReadDecoder = new EndReadMessageDecoder();
    private final ReportOpeningMessageEncoder reportOpeningEncoder = new ReportOpeningMessageEncoder();
    private final ReportOpeningMessageDecoder reportOpeningDecoder = new ReportOpeningMessageDecoder();
    private final OpenDayMessageEncoder openDayEncoder = new OpenDayMessageEncoder();
    private final OpenDayMessageDecoder openDayDecoder = new OpenDayMessageDecoder();
    private final CloseDayMessageEncoder closeDayEncoder = new CloseDayMessageEncoder();
    private final CloseDayMessageDecoder closeDayDecoder = new CloseDayMessageDecoder();
    private final ReportTickMessageEncoder reportTickEncoder = new ReportTickMessageEncoder();
    private final ReportTickMessageDecoder reportTickDecoder = new ReportTickMessageDecoder();
    private final ReportBarMessageEncoder reportBarEncoder = new ReportBarMessageEncoder();
    private final ReportBarMessageDecoder reportBarDecoder = new ReportBarMessageDecoder();
    private final ReportFeedMessageEncoder reportFeedEncoder = new ReportFeedMessageEncoder();
    private final ReportFeedMessageDecoder reportFeedDecoder = new ReportFeedMessageDecoder();
    private final ReportBrokerSessionMessageEncoder reportBrokerSessionEncoder =
            new ReportBrokerSessionMessageEncoder();
    private final ReportBrokerSessionMessageDecoder reportBrokerSessionDecoder =
            new ReportBrokerSessionMessageDecoder();
    private final PlaceOrderMessageEncoder placeOrderEncoder = new PlaceOrderMessageEncoder();
    private final PlaceOrderMessageDecoder placeOrderDecoder = new PlaceOrderMessageDecoder();
    private final ModifyOrderMessageEncoder modifyOrderEncoder = new ModifyOrderMessageEncoder();
    private final ModifyOrderMessageDecoder modifyOrderDecoder = new ModifyOrderMessageDecoder();
    private final CancelOrderMessageEncoder cancelOrderEncoder = new CancelOrderMessageEncoder();
    private final CancelOrderMessageDecoder cancelOrderDecoder = new CancelOrderMessageDecoder();
    private final ResolveOrderMessageEncoder resolveOrderEncoder = new ResolveOrderMessageEncoder();
    private final ResolveOrderMessageDecoder resolveOrderDecoder = new ResolveOrderMessageDecoder();
    private final DefineStrategyMessageEncoder defineStrategyEncoder = new DefineStrategyMessageEncoder();
    private final DefineStrategyMessageDecoder defineStrategyDecoder = new DefineStrategyMessageDecoder();
    private final ControlStrategyMessageEncoder controlStrategyEncoder = new ControlStrategyMessageEncoder();
    private final ControlStrategyMessageDecoder controlStrategyDecoder = new ControlStrategyMessageDecoder();
    private final SetSwitchMessageEncoder setSwitchEncoder = new SetSwitchMessageEncoder();
    private final SetSwitchMessageDecoder setSwitchDecoder = new SetSwitchMessageDecoder();
    private final ReportStateHashMessageEncoder reportStateHashEncoder = new ReportStateHashMessageEncoder();
    private final ReportStateHashMessageDecoder reportStateHashDecoder = new ReportStateHashMessageDecoder();
    private final ReportRenewalMessageEncoder reportRenewalEncoder = new ReportRenewalMessageEncoder();
    private final ReportRenewalMessageDecoder reportRenewalDecoder = new ReportRenewalMessageDecoder();
    private final ProbeMessageEncoder probeEncoder = new ProbeMessageEncoder();
    private final ProbeMessageDecoder probeDecoder = new ProbeMessageDecoder();
    private final ReportOddRowMessageEncoder reportOddRowEncoder = new ReportOddRowMessageEncoder();
    private final ReportOddRowMessageDecoder reportOddRowDecoder = new ReportOddRowMessageDecoder();
    private final AssignPositionMessageEncoder assignPositionEncoder = new AssignPositionMessageEncoder();
    private final AssignPositionMessageDecoder assignPositionDecoder = new AssignPositionMessageDecoder();
    private final ReportFitnessMessageEncoder reportFitnessEncoder = new ReportFitnessMessageEncoder();
    private final ReportFitnessMessageDecoder reportFitnessDecoder = new ReportFitnessMessageDecoder();
    private final RecordActMessageEncoder recordActEncoder = new RecordActMessageEncoder();
    private final RecordActMessageDecoder recordActDecoder = new RecordActMessageDecoder();

    @Override
    public int encode(Command command, MutableDirectBuffer buffer, int offset) {
        return switch (command) {
            case Command.Configure m -> write(m, buffer, offset);
            case Command.DefineInstrument m -> write(m, buffer, offset);
            case Command.RenewGrant m -> write(m, buffer, offset);
            case Command.ReportSend m -> write(m, buffer, offset);
            case Command.BeginRead m -> write(m, buffer, offset);
            case Command.ReportOrder m -> write(m, buffer, offset);
            case Command.ReportTrade m -> write(m, buffer, offset);
            case Command.ReportPosition m -> write(m, buffer, offset);
            case Command.EndRead m -> write(m, buffer, offset);
            case Command.ReportOpening m -> write(m, buffer, offset);
            case Command.OpenDay m -> write(m, buffer, offset);
            case Command.CloseDay m -> write(m, buffer, offset);
            case Command.ReportTick m -> write(m, buffer, offset);
            case Command.ReportBar m -> write(m, buffer, offset);
            case Command.ReportFeed m -> write(m, buffer, offset);
            case Command.ReportBrokerSession m -> write(m, buffer, offset);
            case Command.PlaceOrder m -> write(m, buffer, offset);
            case Command.ModifyOrder m -> write(m, buffer, offset);
            case Command.CancelOrder m -> write(m, buffer, offset);
            case Command.ResolveOrder m -> write(m, buffer, offset);
            case Command.DefineStrategy m -> write(m, buffer, offset);
            case Command.ControlStrategy m -> write(m, buffer, offset);
            case Command.SetSwitch m -> write(m, buffer, offset);
            case Command.ReportStateHash m -> write(m, buffer, offset);
            case Command.ReportRenewal m -> write(m, buffer, offset);
            case Command.Probe m -> write(m, buffer, offset);
            case Command.ReportOddRow m -> write(m, buffer, offset);
            case Command.ReportFitness m -> write(m, buffer, offset);
            case Command.AssignPosition m -> write(m, buffer, offset);
            case Command.RecordAct m -> write(m, buffer, offset);
        };
    }

    @Override
    public Command decode(DirectBuffer buffer, int offset, int length) {
        Wire.requireHeader(length);
        // A view of exactly this message, so that a cut one runs into the end of the buffer and not into its neighbour.
        view.wrap(buffer, offset, length);
        headerDecoder.wrap(view, 0);
        Wire.requireSchema(headerDecoder.schemaId());
        try {
            return switch (headerDecoder.templateId()) {
                case ConfigureMessageDecoder.TEMPLATE_ID -> readConfigure();
                case DefineInstrumentMessageDecoder.TEMPLATE_ID -> readDefineInstrument();
                case RenewGrantMessageDecoder.TEMPLATE_ID -> readRenewGrant();
                case ReportSendMessageDecoder.TEMPLATE_ID -> readReportSend();
                case BeginReadMessageDecoder.TEMPLATE_ID -> readBeginRead();
                case ReportOrderMessageDecoder.TEMPLATE_ID -> readReportOrder();
                case ReportTradeMessageDecoder.TEMPLATE_ID -> readReportTrade();
                case ReportPositionMessageDecoder.TEMPLATE_ID -> readReportPosition();
                case EndReadMessageDecoder.TEMPLATE_ID -> readEndRead();
                case ReportOpeningMessageDecoder.TEMPLATE_ID -> readReportOpening();
                case OpenDayMessageDecoder.TEMPLATE_ID -> readOpenDay();
                case CloseDayMessageDecoder.TEMPLATE_ID -> readCloseDay();
                case ReportTickMessageDecoder.TEMPLATE_ID -> readReportTick();
                case ReportBarMessageDecoder.TEMPLATE_ID -> readReportBar();
                case ReportFeedMessageDecoder.TEMPLATE_ID -> readReportFeed();
                case ReportBrokerSessionMessageDecoder.TEMPLATE_ID -> readReportBrokerSession();
                case PlaceOrderMessageDecoder.TEMPLATE_ID -> readPlaceOrder();
                case ModifyOrderMessageDecoder.TEMPLATE_ID -> readModifyOrder();
                case CancelOrderMessageDecoder.TEMPLATE_ID -> readCancelOrder();
                case ResolveOrderMessageDecoder.TEMPLATE_ID -> readResolveOrder();
                case DefineStrategyMessageDecoder.TEMPLATE_ID -> readDefineStrategy();
                case ControlStrategyMessageDecoder.TEMPLATE_ID -> readControlStrategy();
                case SetSwitchMessageDecoder.TEMPLATE_ID -> readSetSwitch();
                case ReportStateHashMessageDecoder.TEMPLATE_ID -> readReportStateHash();
                case ReportRenewalMessageDecoder.TEMPLATE_ID -> readReportRenewal();
                case ProbeMessageDecoder.TEMPLATE_ID -> readProbe();
                case ReportOddRowMessageDecoder.TEMPLATE_ID -> readReportOddRow();
                case ReportFitnessMessageDecoder.TEMPLATE_ID -> readReportFitness();
                case AssignPositionMessageDecoder.TEMPLATE_ID -> readAssignPosition();
                case RecordActMessageDecoder.TEMPLATE_ID -> readRecordAct();
                default -> throw new MalformedMessage("no command has template id " + headerDecoder.templateId());
            };
        } catch (IndexOutOfBoundsException cutShort) {
            throw new MalformedMessage(
                    "command of template id " + headerDecoder.templateId() + " is cut short: " + length + " bytes");
        }
    }

    private int write(Command.Configure m, MutableDirectBuffer buffer, int offset) {
        configureEncoder
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
        return MessageHeaderEncoder.ENCODED_LENGTH + configureEncoder.encodedLength();
    }

    private Command.Configure readConfigure() {
        ConfigureMessageDecoder d = configureDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.Configure(
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

    private int write(Command.DefineInstrument m, MutableDirectBuffer buffer, int offset) {
        defineInstrumentEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .token(m.token())
                .kind(code(m.kind()))
                .tickSizePaise(m.tickSizePaise())
                .lotSize(m.lotSize())
                .freezeQuantity(m.freezeQuantity())
                .lowerBandPaise(m.lowerBandPaise())
                .upperBandPaise(m.upperBandPaise())
                .exchange(text(m.exchange()))
                .symbol(text(m.symbol()));
        return MessageHeaderEncoder.ENCODED_LENGTH + defineInstrumentEncoder.encodedLength();
    }

    private Command.DefineInstrument readDefineInstrument() {
        DefineInstrumentMessageDecoder d = defineInstrumentDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.DefineInstrument(
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

    private int write(Command.RenewGrant m, MutableDirectBuffer buffer, int offset) {
        renewGrantEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .kind(code(m.kind()))
                .ready(bool(m.ready()))
                .closing(bool(m.closing()))
                .host(text(m.host()));
        return MessageHeaderEncoder.ENCODED_LENGTH + renewGrantEncoder.encodedLength();
    }

    private Command.RenewGrant readRenewGrant() {
        RenewGrantMessageDecoder d = renewGrantDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.RenewGrant(
                d.session(), constant(GrantKind.class, d.kind()), bool(d.ready()), bool(d.closing()), d.host());
    }

    private int write(Command.ReportSend m, MutableDirectBuffer buffer, int offset) {
        reportSendEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .epoch(m.epoch())
                .sendNumber(m.sendNumber())
                .orderNumber(m.orderNumber())
                .outcome(code(m.outcome()))
                .brokerOrderId(text(m.brokerOrderId()))
                .errorType(text(m.errorType()))
                .message(text(m.message()));
        return MessageHeaderEncoder.ENCODED_LENGTH + reportSendEncoder.encodedLength();
    }

    private Command.ReportSend readReportSend() {
        ReportSendMessageDecoder d = reportSendDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportSend(
                d.epoch(),
                d.sendNumber(),
                d.orderNumber(),
                constant(SendOutcome.class, d.outcome()),
                d.brokerOrderId(),
                d.errorType(),
                d.message());
    }

    private int write(Command.BeginRead m, MutableDirectBuffer buffer, int offset) {
        beginReadEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .readId(m.readId());
        return MessageHeaderEncoder.ENCODED_LENGTH + beginReadEncoder.encodedLength();
    }

    private Command.BeginRead readBeginRead() {
        BeginReadMessageDecoder d = beginReadDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.BeginRead(d.session(), d.readId());
    }

    private int write(Command.ReportOrder m, MutableDirectBuffer buffer, int offset) {
        reportOrderEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .readId(m.readId())
                .day(m.day())
                .instrument(m.instrument())
                .side(code(m.side()))
                .product(code(m.product()))
                .orderType(code(m.orderType()))
                .quantity(m.quantity())
                .pricePaise(m.pricePaise())
                .filledQuantity(m.filledQuantity())
                .state(code(m.state()))
                .placedBy(code(m.placedBy()))
                .brokerTimeNanos(m.brokerTimeNanos())
                .brokerOrderId(text(m.brokerOrderId()))
                .tag(text(m.tag()))
                .status(text(m.status()))
                .message(text(m.message()));
        return MessageHeaderEncoder.ENCODED_LENGTH + reportOrderEncoder.encodedLength();
    }

    private Command.ReportOrder readReportOrder() {
        ReportOrderMessageDecoder d = reportOrderDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportOrder(
                d.session(),
                d.readId(),
                d.day(),
                d.instrument(),
                constant(Side.class, d.side()),
                constant(Product.class, d.product()),
                constant(OrderType.class, d.orderType()),
                d.quantity(),
                d.pricePaise(),
                d.filledQuantity(),
                constant(BrokerOrderState.class, d.state()),
                constant(Origin.class, d.placedBy()),
                d.brokerTimeNanos(),
                d.brokerOrderId(),
                d.tag(),
                d.status(),
                d.message());
    }

    private int write(Command.ReportTrade m, MutableDirectBuffer buffer, int offset) {
        reportTradeEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .readId(m.readId())
                .day(m.day())
                .instrument(m.instrument())
                .side(code(m.side()))
                .product(code(m.product()))
                .quantity(m.quantity())
                .pricePaise(m.pricePaise())
                .fillTimeNanos(m.fillTimeNanos())
                .tradeId(text(m.tradeId()))
                .brokerOrderId(text(m.brokerOrderId()));
        return MessageHeaderEncoder.ENCODED_LENGTH + reportTradeEncoder.encodedLength();
    }

    private Command.ReportTrade readReportTrade() {
        ReportTradeMessageDecoder d = reportTradeDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportTrade(
                d.session(),
                d.readId(),
                d.day(),
                d.instrument(),
                constant(Side.class, d.side()),
                constant(Product.class, d.product()),
                d.quantity(),
                d.pricePaise(),
                d.fillTimeNanos(),
                d.tradeId(),
                d.brokerOrderId());
    }

    private int write(Command.ReportPosition m, MutableDirectBuffer buffer, int offset) {
        reportPositionEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .readId(m.readId())
                .instrument(m.instrument())
                .product(code(m.product()))
                .quantity(m.quantity());
        return MessageHeaderEncoder.ENCODED_LENGTH + reportPositionEncoder.encodedLength();
    }

    private Command.ReportPosition readReportPosition() {
        ReportPositionMessageDecoder d = reportPositionDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportPosition(
                d.session(), d.readId(), d.instrument(), constant(Product.class, d.product()), d.quantity());
    }

    private int write(Command.EndRead m, MutableDirectBuffer buffer, int offset) {
        endReadEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .readId(m.readId())
                .day(m.day())
                .clean(bool(m.clean()))
                .orders(m.orders())
                .trades(m.trades())
                .positions(m.positions());
        return MessageHeaderEncoder.ENCODED_LENGTH + endReadEncoder.encodedLength();
    }

    private Command.EndRead readEndRead() {
        EndReadMessageDecoder d = endReadDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.EndRead(
                d.session(), d.readId(), d.day(), bool(d.clean()), d.orders(), d.trades(), d.positions());
    }

    private int write(Command.ReportOpening m, MutableDirectBuffer buffer, int offset) {
        reportOpeningEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .readId(m.readId())
                .instrument(m.instrument())
                .product(code(m.product()))
                .quantity(m.quantity())
                .pricePaise(m.pricePaise());
        return MessageHeaderEncoder.ENCODED_LENGTH + reportOpeningEncoder.encodedLength();
    }

    private Command.ReportOpening readReportOpening() {
        ReportOpeningMessageDecoder d = reportOpeningDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportOpening(
                d.session(),
                d.readId(),
                d.instrument(),
                constant(Product.class, d.product()),
                d.quantity(),
                d.pricePaise());
    }

    private int write(Command.OpenDay m, MutableDirectBuffer buffer, int offset) {
        openDayEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .readId(m.readId())
                .day(m.day());
        return MessageHeaderEncoder.ENCODED_LENGTH + openDayEncoder.encodedLength();
    }

    private Command.OpenDay readOpenDay() {
        OpenDayMessageDecoder d = openDayDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.OpenDay(d.session(), d.readId(), d.day());
    }

    private int write(Command.CloseDay m, MutableDirectBuffer buffer, int offset) {
        closeDayEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .readId(m.readId())
                .day(m.day());
        return MessageHeaderEncoder.ENCODED_LENGTH + closeDayEncoder.encodedLength();
    }

    private Command.CloseDay readCloseDay() {
        CloseDayMessageDecoder d = closeDayDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.CloseDay(d.session(), d.readId(), d.day());
    }

    private int write(Command.ReportTick m, MutableDirectBuffer buffer, int offset) {
        reportTickEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .epoch(m.epoch())
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
        return MessageHeaderEncoder.ENCODED_LENGTH + reportTickEncoder.encodedLength();
    }

    private Command.ReportTick readReportTick() {
        ReportTickMessageDecoder d = reportTickDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportTick(
                d.session(),
                d.epoch(),
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

    private int write(Command.ReportBar m, MutableDirectBuffer buffer, int offset) {
        reportBarEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .epoch(m.epoch())
                .instrument(m.instrument())
                .startNanos(m.startNanos())
                .openPaise(m.openPaise())
                .highPaise(m.highPaise())
                .lowPaise(m.lowPaise())
                .closePaise(m.closePaise())
                .volume(m.volume())
                .ticks(m.ticks());
        return MessageHeaderEncoder.ENCODED_LENGTH + reportBarEncoder.encodedLength();
    }

    private Command.ReportBar readReportBar() {
        ReportBarMessageDecoder d = reportBarDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportBar(
                d.session(),
                d.epoch(),
                d.instrument(),
                d.startNanos(),
                d.openPaise(),
                d.highPaise(),
                d.lowPaise(),
                d.closePaise(),
                d.volume(),
                d.ticks());
    }

    private int write(Command.ReportFeed m, MutableDirectBuffer buffer, int offset) {
        reportFeedEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .epoch(m.epoch())
                .state(code(m.state()))
                .instrument(m.instrument())
                .detail(text(m.detail()));
        return MessageHeaderEncoder.ENCODED_LENGTH + reportFeedEncoder.encodedLength();
    }

    private Command.ReportFeed readReportFeed() {
        ReportFeedMessageDecoder d = reportFeedDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportFeed(
                d.session(), d.epoch(), constant(FeedState.class, d.state()), d.instrument(), d.detail());
    }

    private int write(Command.ReportBrokerSession m, MutableDirectBuffer buffer, int offset) {
        reportBrokerSessionEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .state(code(m.state()))
                .detail(text(m.detail()));
        return MessageHeaderEncoder.ENCODED_LENGTH + reportBrokerSessionEncoder.encodedLength();
    }

    private Command.ReportBrokerSession readReportBrokerSession() {
        ReportBrokerSessionMessageDecoder d = reportBrokerSessionDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportBrokerSession(d.session(), constant(BrokerSessionState.class, d.state()), d.detail());
    }

    private int write(Command.PlaceOrder m, MutableDirectBuffer buffer, int offset) {
        placeOrderEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .instrument(m.instrument())
                .side(code(m.side()))
                .product(code(m.product()))
                .orderType(code(m.orderType()))
                .quantity(m.quantity())
                .pricePaise(m.pricePaise())
                .clientKey(text(m.clientKey()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + placeOrderEncoder.encodedLength();
    }

    private Command.PlaceOrder readPlaceOrder() {
        PlaceOrderMessageDecoder d = placeOrderDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.PlaceOrder(
                d.instrument(),
                constant(Side.class, d.side()),
                constant(Product.class, d.product()),
                constant(OrderType.class, d.orderType()),
                d.quantity(),
                d.pricePaise(),
                d.clientKey(),
                d.user(),
                d.reason());
    }

    private int write(Command.ModifyOrder m, MutableDirectBuffer buffer, int offset) {
        modifyOrderEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .orderNumber(m.orderNumber())
                .quantity(m.quantity())
                .pricePaise(m.pricePaise())
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + modifyOrderEncoder.encodedLength();
    }

    private Command.ModifyOrder readModifyOrder() {
        ModifyOrderMessageDecoder d = modifyOrderDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ModifyOrder(d.orderNumber(), d.quantity(), d.pricePaise(), d.user(), d.reason());
    }

    private int write(Command.CancelOrder m, MutableDirectBuffer buffer, int offset) {
        cancelOrderEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .orderNumber(m.orderNumber())
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + cancelOrderEncoder.encodedLength();
    }

    private Command.CancelOrder readCancelOrder() {
        CancelOrderMessageDecoder d = cancelOrderDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.CancelOrder(d.orderNumber(), d.user(), d.reason());
    }

    private int write(Command.ResolveOrder m, MutableDirectBuffer buffer, int offset) {
        resolveOrderEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .orderNumber(m.orderNumber())
                .resolution(code(m.resolution()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + resolveOrderEncoder.encodedLength();
    }

    private Command.ResolveOrder readResolveOrder() {
        ResolveOrderMessageDecoder d = resolveOrderDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ResolveOrder(
                d.orderNumber(), constant(Resolution.class, d.resolution()), d.user(), d.reason());
    }

    private int write(Command.DefineStrategy m, MutableDirectBuffer buffer, int offset) {
        defineStrategyEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .instrument(m.instrument())
                .product(code(m.product()))
                .quantity(m.quantity())
                .name(text(m.name()))
                .kind(text(m.kind()))
                .parameters(text(m.parameters()))
                .user(text(m.user()));
        return MessageHeaderEncoder.ENCODED_LENGTH + defineStrategyEncoder.encodedLength();
    }

    private Command.DefineStrategy readDefineStrategy() {
        DefineStrategyMessageDecoder d = defineStrategyDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.DefineStrategy(
                d.instrument(),
                constant(Product.class, d.product()),
                d.quantity(),
                d.name(),
                d.kind(),
                d.parameters(),
                d.user());
    }

    private int write(Command.ControlStrategy m, MutableDirectBuffer buffer, int offset) {
        controlStrategyEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .start(bool(m.start()))
                .name(text(m.name()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + controlStrategyEncoder.encodedLength();
    }

    private Command.ControlStrategy readControlStrategy() {
        ControlStrategyMessageDecoder d = controlStrategyDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ControlStrategy(bool(d.start()), d.name(), d.user(), d.reason());
    }

    private int write(Command.SetSwitch m, MutableDirectBuffer buffer, int offset) {
        setSwitchEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .kind(code(m.kind()))
                .scope(code(m.scope()))
                .engaged(bool(m.engaged()))
                .target(text(m.target()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + setSwitchEncoder.encodedLength();
    }

    private Command.SetSwitch readSetSwitch() {
        SetSwitchMessageDecoder d = setSwitchDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.SetSwitch(
                constant(SwitchKind.class, d.kind()),
                constant(SwitchScope.class, d.scope()),
                bool(d.engaged()),
                d.target(),
                d.user(),
                d.reason());
    }

    private int write(Command.ReportStateHash m, MutableDirectBuffer buffer, int offset) {
        reportStateHashEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .member(m.member())
                .sequence(m.sequence())
                .stateHash(m.stateHash());
        return MessageHeaderEncoder.ENCODED_LENGTH + reportStateHashEncoder.encodedLength();
    }

    private Command.ReportStateHash readReportStateHash() {
        ReportStateHashMessageDecoder d = reportStateHashDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportStateHash(d.member(), d.sequence(), d.stateHash());
    }

    private int write(Command.ReportRenewal m, MutableDirectBuffer buffer, int offset) {
        reportRenewalEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .leadershipTerm(m.leadershipTerm())
                .kind(code(m.kind()))
                .ageNanos(m.ageNanos());
        return MessageHeaderEncoder.ENCODED_LENGTH + reportRenewalEncoder.encodedLength();
    }

    private Command.ReportRenewal readReportRenewal() {
        ReportRenewalMessageDecoder d = reportRenewalDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportRenewal(d.leadershipTerm(), constant(GrantKind.class, d.kind()), d.ageNanos());
    }

    private int write(Command.Probe unused, MutableDirectBuffer buffer, int offset) {
        probeEncoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        return MessageHeaderEncoder.ENCODED_LENGTH + probeEncoder.encodedLength();
    }

    private Command.Probe readProbe() {
        ProbeMessageDecoder d = probeDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.Probe();
    }

    private int write(Command.ReportOddRow m, MutableDirectBuffer buffer, int offset) {
        reportOddRowEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .readId(m.readId())
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
        return MessageHeaderEncoder.ENCODED_LENGTH + reportOddRowEncoder.encodedLength();
    }

    private Command.ReportOddRow readReportOddRow() {
        ReportOddRowMessageDecoder d = reportOddRowDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportOddRow(
                d.session(),
                d.readId(),
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

    private int write(Command.ReportFitness m, MutableDirectBuffer buffer, int offset) {
        reportFitnessEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .session(m.session())
                .kind(code(m.kind()))
                .fit(bool(m.fit()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + reportFitnessEncoder.encodedLength();
    }

    private Command.ReportFitness readReportFitness() {
        ReportFitnessMessageDecoder d = reportFitnessDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.ReportFitness(d.session(), constant(GrantKind.class, d.kind()), bool(d.fit()), d.reason());
    }

    private int write(Command.AssignPosition m, MutableDirectBuffer buffer, int offset) {
        assignPositionEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .instrument(m.instrument())
                .product(code(m.product()))
                .quantity(m.quantity())
                .strategy(text(m.strategy()))
                .user(text(m.user()))
                .reason(text(m.reason()));
        return MessageHeaderEncoder.ENCODED_LENGTH + assignPositionEncoder.encodedLength();
    }

    private Command.AssignPosition readAssignPosition() {
        AssignPositionMessageDecoder d = assignPositionDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.AssignPosition(
                d.instrument(), constant(Product.class, d.product()), d.quantity(), d.strategy(), d.user(), d.reason());
    }

    private int write(Command.RecordAct m, MutableDirectBuffer buffer, int offset) {
        recordActEncoder
                .wrapAndApplyHeader(buffer, offset, headerEncoder)
                .user(text(m.user()))
                .action(text(m.action()))
                .target(text(m.target()))
                .reason(text(m.reason()))
                .result(text(m.result()));
        return MessageHeaderEncoder.ENCODED_LENGTH + recordActEncoder.encodedLength();
    }

    private Command.RecordAct readRecordAct() {
        RecordActMessageDecoder d = recordActDecoder;
        d.wrapAndApplyHeader(view, 0, headerDecoder);
        return new Command.RecordAct(d.user(), d.action(), d.target(), d.reason(), d.result());
    }
}
