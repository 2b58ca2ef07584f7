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
import dev.holdfast.protocol.BookList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One gateway's reads of the broker's book: each takes its time, some fail, some bring an old list. */
final class Connection implements Broker {

    private final Exchange exchange;
    private final boolean steady;
    private final ClusterClient clock;
    private final Dice dice;
    private final Scheduler scheduler;
    private long failsUntilNanos;
    private long cutOffUntilNanos;
    private @Nullable List<BrokerOrder> oldOrders;

    /** @param steady no read is slow or fails by itself */
    Connection(Exchange exchange, boolean steady, ClusterClient clock, Dice dice, Scheduler scheduler) {
        this.steady = steady;
        this.exchange = exchange;
        this.clock = clock;
        this.dice = dice;
        this.scheduler = scheduler;
    }

    void failFor(long nanos) {
        failsUntilNanos = scheduler.nowNanos() + nanos;
    }

    boolean isCutOff() {
        return scheduler.nowNanos() < cutOffUntilNanos;
    }

    /** Nothing reaches the broker: neither reads nor orders. */
    void cutOffFor(long nanos) {
        failFor(nanos);
        cutOffUntilNanos = scheduler.nowNanos() + nanos;
    }

    void heal() {
        failsUntilNanos = 0;
        cutOffUntilNanos = 0;
    }

    /** The next book is one from before. */
    void showOldBook() {
        oldOrders = exchange.orders();
    }

    @Override
    public SendAnswer send(OrderCall call, SendRight right) {
        throw new IllegalStateException("order calls are made by the simulated gateway, step by step");
    }

    private <T> List<T> read(Supplier<List<T>> rows) throws BrokerFailure {
        clock.sleep(dice.micros(300, 3_000));
        if (scheduler.nowNanos() < failsUntilNanos || (!steady && dice.chance(0.002))) {
            clock.sleep(dice.millis(10, 2_000));
            throw new BrokerFailure(BrokerFailure.Kind.UNAVAILABLE, "no answer");
        }
        List<T> answer = rows.get();
        if (!steady && dice.chance(0.01)) {
            clock.sleep(dice.millis(10, 1_500)); // a slow answer is an old one
        }
        return answer;
    }

    @Override
    public Rows<BrokerOrder> orders() throws BrokerFailure {
        List<BrokerOrder> old = oldOrders;
        oldOrders = null;
        return orders(read(old == null ? exchange::orders : () -> old));
    }

    private Rows<BrokerOrder> orders(List<BrokerOrder> rows) {
        return exchange.oddRows().beside(BookList.ORDERS, rows, BrokerOrder::brokerOrderId);
    }

    @Override
    public Rows<BrokerTrade> trades() throws BrokerFailure {
        return trades(read(exchange::trades));
    }

    private Rows<BrokerTrade> trades(List<BrokerTrade> rows) {
        return exchange.oddRows().beside(BookList.TRADES, rows, trade -> trade.exchange() + "/" + trade.tradeId());
    }

    @Override
    public Rows<BrokerOrder> order(String brokerOrderId) throws BrokerFailure {
        List<BrokerOrder> found = read(() -> {
            BrokerOrder row = exchange.order(brokerOrderId);
            return row == null ? List.of() : List.of(row);
        });
        if (found.isEmpty()) {
            throw new BrokerFailure(BrokerFailure.Kind.UNAVAILABLE, "couldn't find that order_id");
        }
        return orders(found);
    }

    @Override
    public Rows<BrokerTrade> trades(String brokerOrderId) throws BrokerFailure {
        return trades(read(() -> exchange.trades(brokerOrderId)));
    }

    @Override
    public Rows<BrokerPosition> positions() throws BrokerFailure {
        return exchange.oddRows().beside(BookList.POSITIONS, read(exchange::positions), BrokerPosition::symbol);
    }

    @Override
    public Rows<BrokerHolding> holdings() throws BrokerFailure {
        return exchange.oddRows().beside(BookList.HOLDINGS, read(exchange::holdings), BrokerHolding::symbol);
    }

    @Override
    public Rows<BrokerInstrument> instruments(List<String> wanted) throws BrokerFailure {
        return new Rows<>(read(() -> {
            List<BrokerInstrument> rows = new ArrayList<>();
            for (int symbol = 0; symbol < Market.SYMBOLS.size(); symbol++) {
                if (wanted.contains("NSE:" + Market.SYMBOLS.get(symbol))) {
                    rows.add(Market.instrument(symbol));
                }
            }
            return rows;
        }));
    }
}
