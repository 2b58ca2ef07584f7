package dev.holdfast.simulation;

import dev.holdfast.broker.Broker;
import dev.holdfast.broker.BrokerFailure;
import dev.holdfast.broker.BrokerHolding;
import dev.holdfast.broker.BrokerInstrument;
import dev.holdfast.broker.BrokerOrder;
import dev.holdfast.broker.BrokerPosition;
import dev.holdfast.broker.BrokerTrade;
import dev.holdfast.broker.GatewayCore;
import dev.holdfast.broker.OrderCall;
import dev.holdfast.broker.SendAnswer;
import dev.holdfast.broker.SendRight;
import dev.holdfast.types.OrderType;
import java.util.List;

/** The broker as a gateway would see it without one of the safeguards in the reading of rows. */
final class UnsafeBroker implements Broker {

    private final Broker broker;
    private final Without without;

    enum Without {
        /** A row that is not understood spoils the list it stands in. */
        ODD_ROWS,
        /** Our tag is looked for in one field only, and of an order that the broker changed it stands in the other. */
        SECOND_TAG
    }

    private UnsafeBroker(Broker broker, Without without) {
        this.broker = broker;
        this.without = without;
    }

    static SimulatedGateway.Cores gateways(Without without) {
        return (identity, world) -> new GatewayCore(
                identity,
                new GatewayCore.World(
                        world.log(),
                        new UnsafeBroker(world.broker(), without),
                        world.brokerSession(),
                        world.monotonicNanos(),
                        world.wallNanos(),
                        world.later(),
                        world.metrics()));
    }

    private <T> Rows<T> whole(Rows<T> rows) throws BrokerFailure {
        if (without == Without.ODD_ROWS && !rows.odd().isEmpty()) {
            throw new BrokerFailure(BrokerFailure.Kind.UNAVAILABLE, rows.odd().size() + " rows are not understood");
        }
        return rows;
    }

    private Rows<BrokerOrder> tagged(Rows<BrokerOrder> rows) throws BrokerFailure {
        if (without != Without.SECOND_TAG) {
            return whole(rows);
        }
        List<BrokerOrder> seen = rows.rows().stream()
                .map(row -> row.orderType() == OrderType.LIMIT && row.tag().hashCode() % 2 == 0 ? untagged(row) : row)
                .toList();
        return new Rows<>(seen, rows.odd());
    }

    private static BrokerOrder untagged(BrokerOrder row) {
        return new BrokerOrder(
                row.exchange(),
                row.symbol(),
                row.side(),
                row.product(),
                row.orderType(),
                row.quantity(),
                row.pricePaise(),
                row.filledQuantity(),
                row.state(),
                row.placedBy(),
                row.day(),
                row.timeNanos(),
                row.brokerOrderId(),
                "",
                row.status(),
                row.message());
    }

    @Override
    public SendAnswer send(OrderCall call, SendRight right) {
        return broker.send(call, right);
    }

    @Override
    public Rows<BrokerOrder> orders() throws BrokerFailure {
        return tagged(broker.orders());
    }

    @Override
    public Rows<BrokerOrder> order(String brokerOrderId) throws BrokerFailure {
        return tagged(broker.order(brokerOrderId));
    }

    @Override
    public Rows<BrokerTrade> trades() throws BrokerFailure {
        return whole(broker.trades());
    }

    @Override
    public Rows<BrokerTrade> trades(String brokerOrderId) throws BrokerFailure {
        return whole(broker.trades(brokerOrderId));
    }

    @Override
    public Rows<BrokerPosition> positions() throws BrokerFailure {
        return whole(broker.positions());
    }

    @Override
    public Rows<BrokerHolding> holdings() throws BrokerFailure {
        return whole(broker.holdings());
    }

    @Override
    public Rows<BrokerInstrument> instruments(List<String> wanted) throws BrokerFailure {
        return broker.instruments(wanted);
    }
}
