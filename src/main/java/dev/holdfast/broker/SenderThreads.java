package dev.holdfast.broker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the calls an {@link OrderSender} decides on: one thread waits for the next, each call has a thread of its own. */
final class SenderThreads {

    private static final Logger LOG = LoggerFactory.getLogger(SenderThreads.class);

    private final Broker broker;
    private final OrderSender sender;

    SenderThreads(Broker broker, OrderSender sender) {
        this.broker = broker;
        this.sender = sender;
    }

    void start() {
        Thread.ofPlatform().daemon().name("gateway-send").start(this::dispatch);
    }

    private void dispatch() {
        try {
            OrderSender.Sending sending = next();
            while (sending != null) {
                OrderSender.Sending begun = sending;
                Thread.ofPlatform()
                        .daemon()
                        .name("gateway-call-" + begun.request().sendNumber())
                        .start(() -> call(begun));
                sending = next();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to send; null when closed. */
    private OrderSender.@Nullable Sending next() throws InterruptedException {
        synchronized (sender) {
            while (!sender.isClosed()) {
                OrderSender.Sending sending = sender.next();
                if (sending != null) {
                    return sending;
                }
                long nanos = sender.waitNanos();
                sender.wait(nanos == Long.MAX_VALUE ? 0 : nanos / 1_000_000 + 1);
            }
            return null;
        }
    }

    private void call(OrderSender.Sending sending) {
        SendAnswer answer;
        try {
            answer = broker.send(sending.call(), sending);
        } catch (RuntimeException unexpected) {
            LOG.error(
                    "send threw sendNumber={}; counted as uncertain",
                    sending.request().sendNumber(),
                    unexpected);
            answer = SendAnswer.uncertain("", "gateway fault: " + unexpected);
        }
        sender.answered(sending, answer);
    }

    /** Begins nothing more and waits for what is in flight. */
    void close(Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        synchronized (sender) {
            sender.close();
            try {
                while (sender.inFlight() > 0 && deadlineNanos - System.nanoTime() > 0) {
                    sender.wait(Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000));
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
            if (sender.inFlight() > 0) {
                LOG.warn(
                        "closing with calls in flight count={}; the engine will count them as uncertain",
                        sender.inFlight());
            }
        }
    }
}
