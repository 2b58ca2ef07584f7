package dev.holdfast.engine;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;

/** A strategy that goes in and out when told to, and other hands that trade in the same account. All in instrument 1, MIS. */
final class Trades {

    static final long PRICE = 1_500_00;

    final Harness h;
    private int next = 1;

    Trades(Harness h) {
        this.h = h;
    }

    /** Trading, with a strategy that is in its market with this quantity. */
    static Trades holding(long quantity) {
        Trades t = new Trades(Harness.trading());
        t.define("sma", quantity);
        t.goIn("sma");
        return t;
    }

    void define(String name, long quantity) {
        h.send(new Command.DefineStrategy(1, Product.MIS, quantity, name, "sma-cross", "fast=1,slow=3", "tester"));
        h.send(new Command.ControlStrategy(true, name, "tester", "go"));
    }

    /** The averages cross above; each strategy that buys is filled at once. */
    void goIn(String name) {
        crossAbove();
        fillAll();
        if (share(name) == 0) {
            throw new IllegalStateException(name + " did not go in");
        }
    }

    /** The averages cross above: whoever is out wishes to be in. */
    void crossAbove() {
        bars(1_400_00, 1_399_00, 1_398_00, 1_500_00);
    }

    /** The averages cross below: whoever holds something wishes to be out. */
    void wishOut() {
        bars(1_300_00);
    }

    private void bars(long... closes) {
        for (long close : closes) {
            h.send(new Command.ReportBar(Harness.GATEWAY, h.feedEpoch, 1, h.now, close, close, close, close, 10, 1));
        }
    }

    /** Each order that is being sent is accepted and filled. */
    void fillAll() {
        for (Event.OrderChanged order : h.all(Event.OrderChanged.class)) {
            if (h.state(order.orderNumber()) == dev.holdfast.types.OrderState.SENDING) {
                accept(order.orderNumber());
                fill(order.orderNumber(), order.quantity());
            }
        }
    }

    void accept(long number) {
        report(number, SendOutcome.ACCEPTED, "B" + number);
    }

    void report(long number, SendOutcome outcome, String brokerOrderId) {
        Event.SendRequested request = h.all(Event.SendRequested.class).stream()
                .filter(send -> send.orderNumber() == number)
                .reduce((first, second) -> second)
                .orElseThrow();
        h.send(new Command.ReportSend(
                request.epoch(), request.sendNumber(), number, outcome, brokerOrderId, "", "as told"));
    }

    void fill(long number, long quantity) {
        Event.OrderChanged order = h.order(number);
        h.trade("T" + next++, order.brokerOrderId(), order.side(), quantity, PRICE);
    }

    /** Other hands place an order that fills at once. */
    void otherHands(Side side, long quantity) {
        otherHands(Origin.PERSON, side, quantity);
    }

    void otherHands(Origin by, Side side, long quantity) {
        String id = "X" + next++;
        foreign(by, id, "", side, quantity, BrokerOrderState.COMPLETE, quantity);
        h.trade("T" + next++, id, side, quantity, PRICE);
    }

    /** Other hands place an order that rests in the book. */
    String othersRest(Side side, long quantity) {
        String id = "X" + next++;
        foreign(Origin.PERSON, id, "", side, quantity, BrokerOrderState.LIVE, 0);
        return id;
    }

    void foreign(Origin by, String id, String tag, Side side, long quantity, BrokerOrderState state, long filled) {
        row(by, id, tag, side, OrderType.LIMIT, quantity, 1_550_00, state, filled);
    }

    void row(
            Origin by,
            String id,
            String tag,
            Side side,
            OrderType type,
            long quantity,
            long pricePaise,
            BrokerOrderState state,
            long filled) {
        h.send(new Command.ReportOrder(
                Harness.GATEWAY,
                h.readId(),
                Harness.DAY,
                1,
                side,
                Product.MIS,
                type,
                quantity,
                pricePaise,
                filled,
                state,
                by,
                h.now,
                id,
                tag,
                state.name(),
                ""));
    }

    /** A clean read in which the broker shows this position. */
    void brokerShows(Product product, long quantity) {
        h.beginRead();
        h.send(new Command.ReportPosition(Harness.GATEWAY, h.readId(), 1, product, quantity));
        h.endRead(true);
    }

    long share(String strategy) {
        return share(strategy, Product.MIS);
    }

    long share(String strategy, Product product) {
        return h.all(Event.ProfitChanged.class).stream()
                .filter(share -> share.strategy().equals(strategy) && share.product() == product)
                .reduce((first, second) -> second)
                .map(Event.ProfitChanged::quantity)
                .orElse(0L);
    }

    /** The newest order of the strategy. */
    Event.OrderChanged newest(String strategy) {
        return h.all(Event.OrderChanged.class).stream()
                .filter(order -> order.strategy().equals(strategy))
                .max(java.util.Comparator.comparingLong(Event.OrderChanged::orderNumber))
                .map(order -> h.order(order.orderNumber()))
                .orElseThrow();
    }
}
