package dev.holdfast.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A broker in memory: the test fills its book and says how it answers. */
final class FakeBroker implements Broker {

    final List<OrderCall> written = new CopyOnWriteArrayList<>();
    final List<BrokerOrder> orders = new ArrayList<>();
    final List<BrokerTrade> trades = new ArrayList<>();
    final List<BrokerPosition> positions = new ArrayList<>();
    final List<BrokerHolding> holdings = new ArrayList<>();
    final List<BrokerInstrument> listed = new ArrayList<>();
    final List<OddRow> oddOrders = new ArrayList<>();
    final List<OddRow> oddTrades = new ArrayList<>();
    final List<OddRow> oddPositions = new ArrayList<>();
    final List<OddRow> oddHoldings = new ArrayList<>();

    @Nullable
    BrokerFailure failure;

    volatile Function<OrderCall, SendAnswer> answer = call -> SendAnswer.accepted("B-" + call.tag());
    volatile Runnable beforeWrite = () -> {};
    volatile Runnable onOrders = () -> {};

    @Override
    public SendAnswer send(OrderCall call, SendRight right) {
        beforeWrite.run();
        if (!right.mayWrite()) {
            return SendAnswer.notSent("the gate stayed shut");
        }
        written.add(call);
        return answer.apply(call);
    }

    @Override
    public Rows<BrokerOrder> orders() throws BrokerFailure {
        fail();
        onOrders.run();
        return new Rows<>(orders, oddOrders);
    }

    @Override
    public Rows<BrokerTrade> trades() throws BrokerFailure {
        fail();
        return new Rows<>(trades, oddTrades);
    }

    @Override
    public Rows<BrokerOrder> order(String brokerOrderId) throws BrokerFailure {
        fail();
        List<BrokerOrder> found = orders.stream()
                .filter(order -> order.brokerOrderId().equals(brokerOrderId))
                .toList();
        if (found.isEmpty()) {
            throw new BrokerFailure(BrokerFailure.Kind.UNAVAILABLE, "no such order");
        }
        return new Rows<>(found);
    }

    @Override
    public Rows<BrokerTrade> trades(String brokerOrderId) throws BrokerFailure {
        fail();
        return new Rows<>(trades.stream()
                .filter(trade -> trade.brokerOrderId().equals(brokerOrderId))
                .toList());
    }

    @Override
    public Rows<BrokerPosition> positions() throws BrokerFailure {
        fail();
        return new Rows<>(positions, oddPositions);
    }

    @Override
    public Rows<BrokerHolding> holdings() throws BrokerFailure {
        fail();
        return new Rows<>(holdings, oddHoldings);
    }

    @Override
    public Rows<BrokerInstrument> instruments(List<String> wanted) throws BrokerFailure {
        fail();
        return new Rows<>(listed.stream()
                .filter(row -> wanted.contains(Listing.key(row.exchange(), row.symbol())))
                .toList());
    }

    private void fail() throws BrokerFailure {
        BrokerFailure now = failure;
        if (now != null) {
            throw now;
        }
    }
}
