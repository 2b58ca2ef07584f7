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
 * Decides which of the calls the engine asks for are made, and when: each at most once, only under the epoch it was asked under,
 * cancels first, few at a time, not too fast and not too late. Whatever happens to one is reported. It makes no call and waits
 * for nothing itself: {@link SenderThreads} does, or a simulator. Thread-safe; its monitor is notified when {@link #next()} may
 * have something new.
 */
public class OrderSender {

    static final int MAX_IN_FLIGHT = 4;
    static final int MAX_WAITING = 1_000;

    /** The first request under an epoch can be read before the answer that grants it. */
    private static final long WAIT_FOR_LEASE_NANOS = Duration.ofMillis(500).toNanos();

    /** As long as the engine gives a request: a second bound, on our own clock, should wall clocks disagree. */
    private static final long MAX_WAIT_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long PAUSE_AFTER_429_NANOS = Duration.ofSeconds(1).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(OrderSender.class);

    private final GatewayModel model;
    private final Lease lease;
    private final Reports reports;
    private final Pacer pacer;
    private final Pacer limit;
    private final Consumer<String> answered;
    private final LongSupplier monotonicNanos;
    private final LongSupplier wallNanos;
    private final MeterRegistry metrics;

    private final Deque<Request> cancels = new ArrayDeque<>();
    private final Deque<Request> others = new ArrayDeque<>();
    private long highestSendNumber;
    private int inFlight;
    private boolean closed;

    /** A request read and not yet begun. */
    private static final class Request {
        final Event.SendRequested event;
        final long readNanos;
        boolean leaseMissed;
        long leaseMissedNanos;

        Request(Event.SendRequested event, long readNanos) {
            this.event = event;
            this.readNanos = readNanos;
        }
    }

    /** A call in flight: whoever was given it makes it, and tells {@link #answered}, whatever happened. */
    public final class Sending implements SendRight {
        private final Request request;
        private final OrderCall call;

        private Sending(Request request, OrderCall call) {
            this.request = request;
            this.call = call;
        }

        public OrderCall call() {
            return call;
        }

        public Event.SendRequested request() {
            return request.event;
        }

        @Override
        public boolean mayWrite() {
            return isHeld() && !tooLate(request.event, request.readNanos) && withinLimit();
        }

        @Override
        public boolean isHeld() {
            return leaseHeld(request.event.epoch());
        }
    }

    /**
     * What a sender works with.
     *
     * @param pacer spreads what is begun
     * @param limit the broker's own, asked at the write: a process that was frozen may have begun more than may now be written
     * @param answered told after each answer that the book probably changed: the broker's order id, empty when unknown
     */
    record Parts(
            GatewayModel model,
            Lease lease,
            Reports reports,
            Pacer pacer,
            Pacer limit,
            Consumer<String> answered,
            LongSupplier monotonicNanos,
            LongSupplier wallNanos,
            MeterRegistry metrics) {}

    /** Makes the sender of a gateway; the simulator's tests make one without a safeguard. */
    @FunctionalInterface
    interface Factory {
        OrderSender make(Parts parts);
    }

    OrderSender(Parts parts) {
        this.model = parts.model;
        this.lease = parts.lease;
        this.reports = parts.reports;
        this.pacer = parts.pacer;
        this.limit = parts.limit;
        this.answered = parts.answered;
        this.monotonicNanos = parts.monotonicNanos;
        this.wallNanos = parts.wallNanos;
        this.metrics = parts.metrics;
        lease.whenChanged(this::leaseChanged);
    }

    /** Takes a request if it is ours and not a repetition. */
    synchronized void take(Event.SendRequested event) {
        if (event.epoch() == 0 || event.epoch() != model.sendEpoch() || wasTaken(event.sendNumber())) {
            return;
        }
        highestSendNumber = event.sendNumber();
        Request request = new Request(event, monotonicNanos.getAsLong());
        if (closed || cancels.size() + others.size() >= MAX_WAITING) {
            report(event, SendAnswer.notSent(closed ? "gateway is stopping" : "too many requests are waiting"));
            return;
        }
        (event.action() == SendAction.CANCEL ? cancels : others).add(request);
        notifyAll();
    }

    /**
     * The next call to make now, from here on in flight; null when there is none, no place for it, or it must still wait. What
     * must not be sent any more is reported on the way.
     */
    synchronized @Nullable Sending next() {
        while (inFlight < MAX_IN_FLIGHT) {
            Deque<Request> queue = cancels.isEmpty() ? others : cancels;
            Request first = queue.peek();
            if (first == null) {
                return null;
            }
            long now = monotonicNanos.getAsLong();
            OrderCall call = null;
            String refusal = refusal(first, now);
            if (refusal.isEmpty()) {
                if (waitNanos(first, now) > 0) {
                    return null;
                }
                try {
                    call = call(first.event);
                } catch (IllegalArgumentException impossible) {
                    refusal = String.valueOf(impossible.getMessage());
                }
            }
            queue.remove();
            if (call != null) {
                pacer.went(now);
                inFlight++;
                return new Sending(first, call);
            }
            report(first.event, SendAnswer.notSent(refusal));
        }
        return null;
    }

    /** How long {@link #next()} will have nothing unless a request, an answer or a lease comes; Long.MAX_VALUE for ever. */
    synchronized long waitNanos() {
        Request first = cancels.isEmpty() ? others.peek() : cancels.peek();
        return first == null || inFlight >= MAX_IN_FLIGHT
                ? Long.MAX_VALUE
                : waitNanos(first, monotonicNanos.getAsLong());
    }

    private long waitNanos(Request first, long now) {
        long pace = pacer.waitNanos(now);
        return leaseHeld(first.event.epoch())
                ? pace
                : Math.max(pace, first.leaseMissedNanos + WAIT_FOR_LEASE_NANOS + 1 - now);
    }

    /** Why this request will not be sent at all, or empty. */
    private String refusal(Request request, long now) {
        Event.SendRequested event = request.event;
        if (model.listing(event.instrument()) == null) {
            return "instrument " + event.instrument() + " is unknown to this gateway";
        }
        if (tooLate(event, request.readNanos)) {
            return "past its not-after time before it could be sent";
        }
        if (leaseHeld(event.epoch())) {
            request.leaseMissed = false;
            return "";
        }
        if (!request.leaseMissed) {
            request.leaseMissed = true;
            request.leaseMissedNanos = now;
        }
        return lease.isPast(event.epoch()) || now - request.leaseMissedNanos > WAIT_FOR_LEASE_NANOS
                ? "the lease of epoch " + event.epoch() + " is not held"
                : "";
    }

    private OrderCall call(Event.SendRequested event) {
        Listing listing = java.util.Objects.requireNonNull(model.listing(event.instrument()));
        return new OrderCall(
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
    }

    // The three safeguards, each a question of its own, so that the simulator's tests can take one away.

    /**
     * The engine numbers requests in the order of its events, so a number not above the highest one seen is a repetition and was
     * begun already.
     */
    boolean wasTaken(long sendNumber) {
        return sendNumber <= highestSendNumber;
    }

    boolean leaseHeld(long epoch) {
        return lease.holds(epoch);
    }

    boolean tooLate(Event.SendRequested event, long readNanos) {
        return wallNanos.getAsLong() > event.notAfterNanos() || monotonicNanos.getAsLong() - readNanos > MAX_WAIT_NANOS;
    }

    private synchronized boolean withinLimit() {
        long now = monotonicNanos.getAsLong();
        boolean within = limit.waitNanos(now) == 0;
        if (within) {
            limit.went(now);
        }
        return within;
    }

    /** The call is over. */
    void answered(Sending sending, SendAnswer answer) {
        synchronized (this) {
            inFlight--;
            if (answer.rateLimited()) {
                pacer.pause(monotonicNanos.getAsLong() + PAUSE_AFTER_429_NANOS);
            }
            notifyAll();
        }
        report(sending.request.event, answer);
        if (answer.outcome() != SendOutcome.NOT_SENT) {
            answered.accept(answer.brokerOrderId());
        }
    }

    synchronized int inFlight() {
        return inFlight;
    }

    private synchronized void leaseChanged() {
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Begins nothing more. */
    synchronized void close() {
        closed = true;
        for (Request waiting : cancels) {
            report(waiting.event, SendAnswer.notSent("gateway is stopping"));
        }
        for (Request waiting : others) {
            report(waiting.event, SendAnswer.notSent("gateway is stopping"));
        }
        cancels.clear();
        others.clear();
        notifyAll();
    }

    private void report(Event.SendRequested event, SendAnswer answer) {
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
}
