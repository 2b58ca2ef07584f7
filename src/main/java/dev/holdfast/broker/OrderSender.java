package dev.holdfast.broker;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.SendOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the calls the engine asks for: each at most once, only under the epoch it was asked under, cancels first, few at a time,
 * not too fast and not too late. Whatever happens to one is reported.
 */
final class OrderSender {

    static final int MAX_IN_FLIGHT = 4;
    static final int MAX_WAITING = 1_000;

    /** The first request under an epoch can be read before the answer that grants it. */
    private static final Duration WAIT_FOR_LEASE = Duration.ofMillis(500);

    /** As long as the engine gives a request: a second bound, on our own clock, should wall clocks disagree. */
    private static final long MAX_WAIT_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long PAUSE_AFTER_429_NANOS = Duration.ofSeconds(1).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(OrderSender.class);

    private final Broker broker;
    private final GatewayModel model;
    private final Lease lease;
    private final Reports reports;
    private final Pacer pacer;
    private final Consumer<String> answered;
    private final LongSupplier monotonicNanos;
    private final LongSupplier wallNanos;
    private final MeterRegistry metrics;

    private final Deque<Request> cancels = new ArrayDeque<>();
    private final Deque<Request> others = new ArrayDeque<>();
    private long highestSendNumber;
    private int inFlight;
    private boolean closed;

    private record Request(Event.SendRequested event, long readNanos) {}

    /** @param answered told after each answer that the book probably changed: the broker's order id, empty when unknown */
    OrderSender(
            Broker broker,
            GatewayModel model,
            Lease lease,
            Reports reports,
            Pacer pacer,
            Consumer<String> answered,
            LongSupplier monotonicNanos,
            LongSupplier wallNanos,
            MeterRegistry metrics) {
        this.broker = broker;
        this.model = model;
        this.lease = lease;
        this.reports = reports;
        this.pacer = pacer;
        this.answered = answered;
        this.monotonicNanos = monotonicNanos;
        this.wallNanos = wallNanos;
        this.metrics = metrics;
    }

    void start() {
        Thread.ofPlatform().daemon().name("gateway-send").start(this::dispatch);
    }

    /**
     * Takes a request if it is ours. The engine numbers requests in the order of its events, so a number not above the highest
     * one seen is a repetition and was begun already.
     */
    synchronized void take(Event.SendRequested event) {
        if (event.epoch() == 0 || event.epoch() != model.sendEpoch() || event.sendNumber() <= highestSendNumber) {
            return;
        }
        highestSendNumber = event.sendNumber();
        Request request = new Request(event, monotonicNanos.getAsLong());
        if (closed || cancels.size() + others.size() >= MAX_WAITING) {
            report(request, SendAnswer.notSent(closed ? "gateway is stopping" : "too many requests are waiting"));
            return;
        }
        (event.action() == SendAction.CANCEL ? cancels : others).add(request);
        notifyAll();
    }

    synchronized int inFlight() {
        return inFlight;
    }

    private void dispatch() {
        try {
            while (true) {
                Request request = next();
                if (request == null) {
                    return;
                }
                Thread.ofVirtual()
                        .name("gateway-call-" + request.event.sendNumber())
                        .start(() -> call(request));
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a request, a free place and the pacer; null when closed. */
    private synchronized @Nullable Request next() throws InterruptedException {
        while (!closed) {
            boolean waiting = !cancels.isEmpty() || !others.isEmpty();
            if (!waiting || inFlight >= MAX_IN_FLIGHT) {
                wait();
                continue;
            }
            long now = monotonicNanos.getAsLong();
            Request first = cancels.isEmpty() ? others.element() : cancels.element();
            long paceNanos = tooLate(first) ? 0 : pacer.waitNanos(now);
            if (paceNanos > 0) {
                wait(paceNanos / 1_000_000 + 1);
                continue;
            }
            (cancels.isEmpty() ? others : cancels).remove();
            if (!tooLate(first)) {
                pacer.went(now);
            }
            inFlight++;
            return first;
        }
        return null;
    }

    private void call(Request request) {
        SendAnswer answer;
        try {
            answer = answer(request);
        } catch (RuntimeException unexpected) {
            LOG.error("send threw sendNumber={}; counted as uncertain", request.event.sendNumber(), unexpected);
            answer = SendAnswer.uncertain("", "gateway fault: " + unexpected);
        }
        synchronized (this) {
            inFlight--;
            if (answer.rateLimited()) {
                pacer.pause(monotonicNanos.getAsLong() + PAUSE_AFTER_429_NANOS);
            }
            notifyAll();
        }
        report(request, answer);
        if (answer.outcome() != SendOutcome.NOT_SENT) {
            answered.accept(answer.brokerOrderId());
        }
    }

    private SendAnswer answer(Request request) {
        Event.SendRequested event = request.event;
        Listing listing = model.listing(event.instrument());
        if (listing == null) {
            return SendAnswer.notSent("instrument " + event.instrument() + " is unknown to this gateway");
        }
        if (tooLate(request)) {
            return SendAnswer.notSent("past its not-after time before it could be sent");
        }
        if (!lease.awaitHeld(event.epoch(), WAIT_FOR_LEASE)) {
            return SendAnswer.notSent("the lease of epoch " + event.epoch() + " is not held");
        }
        OrderCall call;
        try {
            call = new OrderCall(
                    event.action(),
                    listing.exchange(),
                    listing.symbol(),
                    event.side(),
                    event.product(),
                    event.orderType(),
                    event.quantity(),
                    event.pricePaise(),
                    event.tag(),
                    event.brokerOrderId());
        } catch (IllegalArgumentException impossible) {
            return SendAnswer.notSent(String.valueOf(impossible.getMessage()));
        }
        return broker.send(call, () -> lease.holds(event.epoch()) && !tooLate(request));
    }

    private boolean tooLate(Request request) {
        return wallNanos.getAsLong() > request.event.notAfterNanos()
                || monotonicNanos.getAsLong() - request.readNanos > MAX_WAIT_NANOS;
    }

    private void report(Request request, SendAnswer answer) {
        Event.SendRequested event = request.event;
        metrics.counter("holdfast.gateway.sends", "outcome", answer.outcome().name())
                .increment();
        LOG.info(
                "send order={} sendNumber={} action={} epoch={} outcome={} brokerOrderId={} errorType={} reason=\"{}\"",
                event.orderNumber(),
                event.sendNumber(),
                event.action(),
                event.epoch(),
                answer.outcome(),
                answer.brokerOrderId(),
                answer.errorType(),
                answer.message());
        var _ = reports.submit(new Command.ReportSend(
                event.epoch(),
                event.sendNumber(),
                event.orderNumber(),
                answer.outcome(),
                answer.brokerOrderId(),
                answer.errorType(),
                answer.message()));
    }

    /** Begins nothing more and waits for what is in flight. */
    void close(Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        synchronized (this) {
            closed = true;
            for (Request waiting : cancels) {
                report(waiting, SendAnswer.notSent("gateway is stopping"));
            }
            for (Request waiting : others) {
                report(waiting, SendAnswer.notSent("gateway is stopping"));
            }
            cancels.clear();
            others.clear();
            notifyAll();
            try {
                while (inFlight > 0 && deadlineNanos - System.nanoTime() > 0) {
                    wait(Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000));
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
            if (inFlight > 0) {
                LOG.warn("closing with calls in flight count={}; the engine will count them as uncertain", inFlight);
            }
        }
    }
}
