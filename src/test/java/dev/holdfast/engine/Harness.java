package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.CommandCodec;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventCodec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The engine with virtual time and every command, event and reply at hand. Each command goes through the wire format. */
final class Harness implements Machine.Output {

    static final long SECOND = 1_000_000_000L;
    static final int DAY = 20_780;
    static final long GATEWAY = 77;
    static final long CLIENT = 5;

    TradingEngine engine = new TradingEngine();
    final List<Event> events = new ArrayList<>();
    final List<EventHeader> headers = new ArrayList<>();
    final List<String> halted = new ArrayList<>();
    final List<long[]> stateHashes = new ArrayList<>();

    /** Every input with its time: what a log would hold. */
    private final List<Input> log = new ArrayList<>();

    long now = 1_795_000_000L * SECOND;
    long epoch;
    long feedEpoch;
    long term;
    private long correlation;
    private long readId;
    private long timerNanos = Long.MAX_VALUE;
    private Reply reply = new Reply(0, 0, dev.holdfast.protocol.ReplyCode.OK, 0, 0, "");
    private final CommandCodec commands = new CommandCodec();
    private final EventCodec decoder = new EventCodec();

    private interface Input {
        void applyTo(Machine machine, Machine.Output output);
    }

    Reply send(Command command) {
        return sendAs(CLIENT, ++correlation, command);
    }

    Reply sendAs(long clientId, long correlationId, Command command) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        int length = commands.encode(command, buffer, 0);
        byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return sendBytes(clientId, correlationId, bytes);
    }

    Reply sendBytes(long clientId, long correlationId, byte[] bytes) {
        long at = now;
        apply((machine, output) ->
                machine.onCommand(at, clientId, correlationId, new UnsafeBuffer(bytes), 0, bytes.length, output));
        return reply;
    }

    /** Another leader begins its term over the log. */
    void termBegins() {
        long at = now;
        long leadershipTerm = ++term;
        apply((machine, output) -> machine.onLeadershipTerm(at, leadershipTerm, 0, output));
    }

    private void apply(Input input) {
        log.add(input);
        input.applyTo(engine, this);
    }

    /** Lets time pass, firing the timer as the cluster would. */
    void pass(long nanos) {
        long end = now + nanos;
        while (timerNanos <= end) {
            now = Math.max(now, timerNanos);
            timerNanos = Long.MAX_VALUE;
            long at = now;
            apply((machine, output) -> machine.onTimer(at, output));
        }
        now = end;
    }

    /** Feeds the same inputs to a fresh engine. */
    Harness replay() {
        Harness twin = new Harness();
        log.forEach(input -> input.applyTo(twin.engine, twin));
        return twin;
    }

    /** Replaces the engine by one restored from its snapshot. */
    void restart() {
        TradingEngine fresh = new TradingEngine();
        fresh.restore(source(snapshot(engine)));
        engine = fresh;
    }

    static ArrayDeque<byte[]> snapshot(TradingEngine engine) {
        ArrayDeque<byte[]> pieces = new ArrayDeque<>();
        engine.snapshot((buffer, offset, length) -> {
            byte[] piece = new byte[length];
            buffer.getBytes(offset, piece);
            pieces.add(piece);
        });
        return pieces;
    }

    static Machine.SnapshotSource source(ArrayDeque<byte[]> pieces) {
        return target -> {
            byte[] piece = pieces.poll();
            if (piece == null) {
                return -1;
            }
            target.putBytes(0, piece);
            return piece.length;
        };
    }

    // A trading setup, step by step.

    static Harness trading() {
        return trading(BrokerProfile.DRILL);
    }

    /** Configured, two instruments and an index, both grants held, day open, feed fresh. */
    static Harness trading(BrokerProfile profile) {
        Harness h = new Harness();
        h.send(configure(profile));
        h.send(instrument("INFY", 100, InstrumentKind.EQUITY));
        h.send(instrument("TCS", 101, InstrumentKind.EQUITY));
        h.send(instrument("NIFTY 50", 102, InstrumentKind.INDEX));
        h.send(new Command.ReportBrokerSession(GATEWAY, BrokerSessionState.VALID, ""));
        h.renew();
        h.pass(1); // the read that admits sending begins after the grant
        h.beginRead();
        h.send(new Command.OpenDay(GATEWAY, h.readId, DAY));
        h.endRead(true);
        h.ticks();
        return h;
    }

    static Command.Configure configure(BrokerProfile profile) {
        return new Command.Configure(
                profile,
                false,
                true,
                0,
                0,
                123_456,
                10_000_000_00L,
                10_000,
                20_000,
                100_000_000_00L,
                500,
                1_000_000_00L,
                5_000,
                "test",
                "set-up");
    }

    static Command.DefineInstrument instrument(String symbol, long token, InstrumentKind kind) {
        return new Command.DefineInstrument(token, kind, 5, 1, 0, 0, 0, "NSE", symbol);
    }

    void renew() {
        epoch = renew(GATEWAY, true);
        feedEpoch = send(new Command.RenewGrant(GATEWAY, GrantKind.FEED, true, false, "a"))
                .value();
    }

    long renew(long session, boolean ready) {
        return send(new Command.RenewGrant(session, GrantKind.SENDER, ready, false, "a"))
                .value();
    }

    void beginRead() {
        send(new Command.BeginRead(GATEWAY, ++readId));
    }

    void endRead(boolean clean) {
        send(new Command.EndRead(GATEWAY, readId, DAY, clean, 0, 0, 0));
    }

    /** Begin and end of a read in which nothing new was found. */
    void cleanRead() {
        beginRead();
        endRead(true);
    }

    /** Three clean reads over sixteen seconds that do not show an uncertain order. */
    void proveAbsent(long number) {
        live(1);
        cleanRead();
        live(8);
        cleanRead();
        live(8);
        cleanRead();
        assertThat(state(number)).isEqualTo(OrderState.ABSENT);
    }

    long readId() {
        return readId;
    }

    void ticks() {
        tick(1, 1_500_00);
        tick(2, 3_000_00);
    }

    Reply tick(int instrument, long price) {
        return send(new Command.ReportTick(
                GATEWAY,
                feedEpoch,
                instrument,
                price,
                1,
                100,
                price,
                price,
                price,
                price,
                price,
                price,
                price - 5,
                10,
                price + 5,
                10,
                now,
                1));
    }

    /** Seconds in which gateway and feed live. */
    void live(int seconds) {
        for (int second = 0; second < seconds; second++) {
            pass(SECOND);
            renew();
            ticks();
        }
    }

    Reply buy(long quantity) {
        return place(1, Side.BUY, OrderType.MARKET, quantity, 0, "");
    }

    Reply limit(Side side, long quantity, long price) {
        return place(1, side, OrderType.LIMIT, quantity, price, "");
    }

    Reply place(int instrument, Side side, OrderType type, long quantity, long price, String key) {
        return send(
                new Command.PlaceOrder(instrument, side, Product.MIS, type, quantity, price, key, "tester", "test"));
    }

    void report(SendOutcome outcome, String brokerOrderId) {
        Event.SendRequested request = lastSend();
        send(new Command.ReportSend(
                request.epoch(), request.sendNumber(), request.orderNumber(), outcome, brokerOrderId, "", "as told"));
    }

    void row(long orderNumber, String brokerOrderId, BrokerOrderState state, long filled) {
        Event.OrderChanged order = order(orderNumber);
        row(order.tag(), brokerOrderId, order.quantity(), order.pricePaise(), state, filled);
    }

    void row(String tag, String brokerOrderId, long quantity, long price, BrokerOrderState state, long filled) {
        send(new Command.ReportOrder(
                GATEWAY,
                readId,
                DAY,
                1,
                Side.BUY,
                Product.MIS,
                price == 0 ? OrderType.MARKET : OrderType.LIMIT,
                quantity,
                price,
                filled,
                state,
                Origin.PERSON,
                now,
                brokerOrderId,
                tag,
                state.name(),
                ""));
    }

    Reply trade(String tradeId, String brokerOrderId, Side side, long quantity, long price) {
        return send(new Command.ReportTrade(
                GATEWAY, readId, DAY, 1, side, Product.MIS, quantity, price, now, tradeId, brokerOrderId));
    }

    /** Buys and fills at once: number of the order. */
    long filledBuy(long quantity, long price) {
        long number = buy(quantity).value();
        report(SendOutcome.ACCEPTED, "B" + number);
        trade("T" + number, "B" + number, Side.BUY, quantity, price);
        return number;
    }

    Event.SendRequested lastSend() {
        return last(Event.SendRequested.class);
    }

    Event.OrderChanged order(long number) {
        return events.stream()
                .filter(Event.OrderChanged.class::isInstance)
                .map(Event.OrderChanged.class::cast)
                .filter(order -> order.orderNumber() == number)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    OrderState state(long number) {
        return order(number).state();
    }

    Event.PositionChanged position() {
        return last(Event.PositionChanged.class);
    }

    <E extends Event> E last(Class<E> type) {
        List<E> all = all(type);
        return all.get(all.size() - 1);
    }

    <E extends Event> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void event(long sequence, DirectBuffer frame, int offset, int length) {
        headers.add(EventFrame.header(frame, offset));
        events.add(decoder.decode(frame, offset + EventFrame.HEADER_LENGTH, length - EventFrame.HEADER_LENGTH));
    }

    @Override
    public void reply(Reply reply) {
        this.reply = reply;
    }

    @Override
    public void scheduleTimer(long deadlineNanos) {
        timerNanos = deadlineNanos;
    }

    @Override
    public void stateHashed(long sequence, long stateHash) {
        stateHashes.add(new long[] {sequence, stateHash});
    }

    @Override
    public void halt(int member, String reason) {
        halted.add(member + ": " + reason);
    }
}
