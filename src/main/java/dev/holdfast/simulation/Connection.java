package dev.holdfast.simulation;

import dev.holdfast.broker.Broker;
import dev.holdfast.broker.BrokerFailure;
import dev.holdfast.broker.BrokerHolding;
import dev.holdfast.broker.BrokerInstrument;
import dev.holdfast.broker.BrokerOrder;
import dev.holdfast.broker.BrokerPosition;
import dev.holdfast.broker.BrokerTrade;
import dev.holdfast.broker.OrderCall;
import dev.holdfast.broker.SendAnswer;
import dev.holdfast.broker.SendRight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One gateway's reads of the broker's book: each takes its time, some fail, some bring an old list. */
final class Connection implements Broker {

    private final Exchange exchange;
    private final ClusterClient clock;
    private final Dice dice;
    private final Scheduler scheduler;
    private long failsUntilNanos;
    private @Nullable List<BrokerOrder> oldOrders;

    Connection(Exchange exchange, ClusterClient clock, Dice dice, Scheduler scheduler) {
        this.exchange = exchange;
        this.clock = clock;
        this.dice = dice;
        this.scheduler = scheduler;
    }

    void failFor(long nanos) {
        failsUntilNanos = scheduler.nowNanos() + nanos;
    }

    /** The next book is one from before. */
    void showOldBook() {
        oldOrders = exchange.orders();
    }

    @Override
    public SendAnswer send(OrderCall call, SendRight right) {
        throw new IllegalStateException("order calls are made by the simulated gateway, step by step");
    }

    private <T> Rows<T> read(Supplier<List<T>> rows) throws BrokerFailure {
        clock.sleep(dice.micros(300, 3_000));
        if (scheduler.nowNanos() < failsUntilNanos || dice.chance(0.002)) {
            clock.sleep(dice.millis(10, 2_000));
            throw new BrokerFailure(BrokerFailure.Kind.UNAVAILABLE, "no answer");
        }
        List<T> answer = rows.get();
        if (dice.chance(0.01)) {
            clock.sleep(dice.millis(10, 1_500)); // a slow answer is an old one
        }
        return new Rows<>(answer);
    }

    @Override
    public Rows<BrokerOrder> orders() throws BrokerFailure {
        List<BrokerOrder> old = oldOrders;
        oldOrders = null;
        return read(old == null ? exchange::orders : () -> old);
    }

    @Override
    public Rows<BrokerTrade> trades() throws BrokerFailure {
        return read(exchange::trades);
    }

    @Override
    public Rows<BrokerOrder> order(String brokerOrderId) throws BrokerFailure {
        Rows<BrokerOrder> found = read(() -> {
            BrokerOrder row = exchange.order(brokerOrderId);
            return row == null ? List.of() : List.of(row);
        });
        if (found.rows().isEmpty()) {
            throw new BrokerFailure(BrokerFailure.Kind.UNAVAILABLE, "couldn't find that order_id");
        }
        return found;
    }

    @Override
    public Rows<BrokerTrade> trades(String brokerOrderId) throws BrokerFailure {
        return read(() -> exchange.trades(brokerOrderId));
    }

    @Override
    public Rows<BrokerPosition> positions() throws BrokerFailure {
        return read(exchange::positions);
    }

    @Override
    public Rows<BrokerHolding> holdings() throws BrokerFailure {
        return read(exchange::holdings);
    }

    @Override
    public Rows<BrokerInstrument> instruments(List<String> wanted) throws BrokerFailure {
        return read(() -> {
            List<BrokerInstrument> rows = new ArrayList<>();
            for (int symbol = 0; symbol < Market.SYMBOLS.size(); symbol++) {
                if (wanted.contains("NSE:" + Market.SYMBOLS.get(symbol))) {
                    rows.add(Market.instrument(symbol));
                }
            }
            return rows;
        });
    }
}
