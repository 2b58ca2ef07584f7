package dev.holdfast.broker;

import dev.holdfast.protocol.SendOutcome;
import java.util.List;
import java.util.function.LongSupplier;

/** A broker that remembers since when it has answered nothing. Thread-safe. */
final class BrokerContact implements Broker {

    private final Broker broker;
    private final LongSupplier monotonicNanos;
    private boolean waiting;
    private long askedNanos;

    BrokerContact(Broker broker, LongSupplier monotonicNanos) {
        this.broker = broker;
        this.monotonicNanos = monotonicNanos;
    }

    /** Time since the first of the questions that the broker has left unanswered; 0 when it answered the last one. */
    synchronized long silentNanos() {
        return waiting ? monotonicNanos.getAsLong() - askedNanos : 0;
    }

    private synchronized void asked() {
        if (!waiting) {
            waiting = true;
            askedNanos = monotonicNanos.getAsLong();
        }
    }

    private synchronized void heard() {
        waiting = false;
    }

    @FunctionalInterface
    private interface Question<T> {
        Rows<T> ask() throws BrokerFailure;
    }

    private <T> Rows<T> ask(Question<T> question) throws BrokerFailure {
        asked();
        try {
            Rows<T> answer = question.ask();
            heard();
            return answer;
        } catch (BrokerFailure failure) {
            if (failure.kind() != BrokerFailure.Kind.UNAVAILABLE) {
                heard();
            }
            throw failure;
        }
    }

    @Override
    public SendAnswer send(OrderCall call, SendRight right) {
        SendAnswer answer = broker.send(call, right);
        if (answer.outcome() == SendOutcome.ACCEPTED || answer.outcome() == SendOutcome.REFUSED) {
            heard();
        } else if (answer.outcome() == SendOutcome.UNCERTAIN) {
            asked();
        }
        return answer;
    }

    @Override
    public Rows<BrokerOrder> orders() throws BrokerFailure {
        return ask(broker::orders);
    }

    @Override
    public Rows<BrokerTrade> trades() throws BrokerFailure {
        return ask(broker::trades);
    }

    /**
     * Asks for one order. A failure here does not count as silence: the broker fails the call for an order that it does not
     * show.
     */
    @Override
    public Rows<BrokerOrder> order(String brokerOrderId) throws BrokerFailure {
        return broker.order(brokerOrderId);
    }

    @Override
    public Rows<BrokerTrade> trades(String brokerOrderId) throws BrokerFailure {
        return broker.trades(brokerOrderId);
    }

    @Override
    public Rows<BrokerPosition> positions() throws BrokerFailure {
        return ask(broker::positions);
    }

    @Override
    public Rows<BrokerHolding> holdings() throws BrokerFailure {
        return ask(broker::holdings);
    }

    @Override
    public Rows<BrokerInstrument> instruments(List<String> wanted) throws BrokerFailure {
        return broker.instruments(wanted);
    }
}
