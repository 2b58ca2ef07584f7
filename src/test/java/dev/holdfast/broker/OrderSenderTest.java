package dev.holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.Command.ReportSend;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrderSenderTest {

    private static final long SESSION = 77;
    private static final long EPOCH = 5;
    private static final long NOT_AFTER = 1_000;

    private final AtomicLong wall = new AtomicLong(0);
    private final AtomicLong monotonic = new AtomicLong(0);
    private final FakeLog log = new FakeLog();
    private final FakeBroker broker = new FakeBroker();
    private final GatewayModel model = new GatewayModel(SESSION);
    private final Lease lease = new Lease(monotonic::get);
    private final AtomicInteger hints = new AtomicInteger();
    private final OrderSender sender = sender(Pacer.of(BrokerProfile.DRILL));
    private final SenderThreads threads = new SenderThreads(broker, sender);

    OrderSenderTest() {
        model.defined(new Listing(1, "NSE", "INFY", 408065, InstrumentKind.EQUITY));
    }

    @AfterEach
    void stop() {
        threads.close(Duration.ofSeconds(5));
    }

    @Test
    void a_request_under_our_epoch_is_made_once_and_its_answer_reported() {
        granted(EPOCH);
        threads.start();

        sender.take(place(1, EPOCH));

        assertThat(report(1).outcome()).isEqualTo(SendOutcome.ACCEPTED);
        assertThat(report(1).brokerOrderId()).isEqualTo("B-T1");
        assertThat(broker.written).extracting(OrderCall::tag).containsExactly("T1");
        Await.until("a hint to read the book", () -> hints.get() == 1);
    }

    @Test
    void the_same_request_read_again_is_not_made_again() {
        granted(EPOCH);
        threads.start();

        sender.take(place(1, EPOCH));
        sender.take(place(2, EPOCH));
        sender.take(place(1, EPOCH));
        sender.take(place(2, EPOCH));
        sender.take(place(3, EPOCH));
        report(3);

        assertThat(broker.written).extracting(OrderCall::tag).containsExactlyInAnyOrder("T1", "T2", "T3");
    }

    @Test
    void a_request_of_another_session_or_an_older_epoch_is_not_ours() {
        granted(EPOCH);
        threads.start();

        sender.take(place(1, EPOCH - 1));
        sender.take(place(2, EPOCH + 1));
        sender.take(place(3, EPOCH));
        report(3);

        assertThat(broker.written).extracting(OrderCall::tag).containsExactly("T3");
        assertThat(log.submitted(ReportSend.class)).hasSize(1);
    }

    @Test
    void a_request_read_before_the_answer_that_grants_its_epoch_waits_for_it() {
        model.apply(new Event.GrantChanged(GrantKind.SENDER, SESSION, EPOCH, "a", ""), 0);
        threads.start();
        sender.take(place(1, EPOCH));

        lease.renewed(0, EPOCH);

        assertThat(report(1).outcome()).isEqualTo(SendOutcome.ACCEPTED);
    }

    @Test
    void a_process_frozen_until_its_lease_ended_writes_nothing() {
        granted(EPOCH);
        broker.beforeWrite = () -> monotonic.addAndGet(Lease.LENGTH.toNanos()); // frozen while connecting
        threads.start();

        sender.take(place(1, EPOCH));

        assertThat(report(1).outcome()).isEqualTo(SendOutcome.NOT_SENT);
        assertThat(broker.written).isEmpty();
    }

    @Test
    void what_was_begun_before_a_freeze_is_not_written_beyond_the_brokers_limit_after_it() {
        granted(EPOCH);
        for (int number = 1; number <= 12; number++) {
            sender.take(place(number, EPOCH));
        }
        List<Boolean> written = new ArrayList<>();
        while (written.size() < 12) {
            OrderSender.Sending sending = java.util.Objects.requireNonNull(sender.next());
            written.add(sending.mayWrite());
            sender.answered(sending, SendAnswer.notSent("as the test says"));
        }

        assertThat(written.subList(0, 10)).containsOnly(true);
        assertThat(written.subList(10, 12)).as("the eleventh within a second").containsOnly(false);
    }

    @Test
    void a_request_past_its_time_is_reported_as_not_sent() {
        granted(EPOCH);
        wall.set(NOT_AFTER + 1);
        threads.start();

        sender.take(place(1, EPOCH));

        assertThat(report(1).outcome()).isEqualTo(SendOutcome.NOT_SENT);
        assertThat(broker.written).isEmpty();
    }

    @Test
    void cancels_go_first() {
        granted(EPOCH);
        OrderSender oneASecond = sender(new Pacer(1, 100)); // and time stands still, so exactly one goes
        oneASecond.take(place(1, EPOCH));
        oneASecond.take(place(2, EPOCH));
        oneASecond.take(cancel(3, EPOCH));

        SenderThreads others = new SenderThreads(broker, oneASecond);
        others.start();

        assertThat(report(3).outcome()).isEqualTo(SendOutcome.ACCEPTED);
        assertThat(broker.written).extracting(OrderCall::action).containsExactly(SendAction.CANCEL);
        others.close(Duration.ofSeconds(5));
    }

    @Test
    void at_most_four_calls_are_in_flight() {
        granted(EPOCH);
        CountDownLatch hold = new CountDownLatch(1);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        broker.answer = call -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            await(hold);
            now.decrementAndGet();
            return SendAnswer.accepted("B");
        };
        for (int send = 1; send <= 10; send++) {
            sender.take(place(send, EPOCH));
        }

        threads.start();
        Await.until("four in flight", () -> now.get() == OrderSender.MAX_IN_FLIGHT);
        hold.countDown();
        report(10);

        assertThat(most).hasValue(OrderSender.MAX_IN_FLIGHT);
    }

    @Test
    void an_answer_lost_after_the_write_is_uncertain_and_a_fault_of_ours_too() {
        granted(EPOCH);
        broker.answer = call -> {
            if (call.tag().equals("T1")) {
                return SendAnswer.uncertain("", "no whole answer within 3000 ms");
            }
            throw new IllegalStateException("a fault in the adapter");
        };
        threads.start();

        sender.take(place(1, EPOCH));
        sender.take(place(2, EPOCH));

        assertThat(report(1).outcome()).isEqualTo(SendOutcome.UNCERTAIN);
        assertThat(report(2).outcome()).isEqualTo(SendOutcome.UNCERTAIN);
    }

    @Test
    void an_answer_is_reported_when_the_log_comes_back() {
        granted(EPOCH);
        log.away = true;
        threads.start();
        sender.take(place(1, EPOCH));
        Await.until("written", () -> !broker.written.isEmpty());

        log.away = false;

        assertThat(report(1).outcome()).isEqualTo(SendOutcome.ACCEPTED);
    }

    @Test
    void closing_waits_for_what_is_in_flight_and_sends_nothing_more() {
        granted(EPOCH);
        sender.take(place(1, EPOCH));

        threads.close(Duration.ofSeconds(5));
        sender.take(place(2, EPOCH));

        assertThat(report(1).outcome()).isEqualTo(SendOutcome.NOT_SENT);
        assertThat(report(2).outcome()).isEqualTo(SendOutcome.NOT_SENT);
        assertThat(broker.written).isEmpty();
    }

    @Test
    void a_request_that_cannot_be_a_call_is_not_sent() {
        granted(EPOCH);
        threads.start();

        sender.take(request(1, EPOCH, SendAction.CANCEL, ""));
        sender.take(new Event.SendRequested(
                2, SendAction.PLACE, 2, EPOCH, NOT_AFTER, 99, Side.BUY, Product.MIS, OrderType.MARKET, 1, 0, "T2", ""));

        assertThat(report(1).outcome()).isEqualTo(SendOutcome.NOT_SENT);
        assertThat(report(2).message()).contains("instrument 99");
    }

    private OrderSender sender(Pacer pacer) {
        return new OrderSender(new OrderSender.Parts(
                model,
                lease,
                new Reports(log),
                pacer,
                Pacer.limitOf(BrokerProfile.KITE),
                _ -> hints.incrementAndGet(),
                monotonic::get,
                wall::get,
                new SimpleMeterRegistry()));
    }

    private void granted(long epoch) {
        model.apply(new Event.GrantChanged(GrantKind.SENDER, SESSION, epoch, "a", ""), 0);
        lease.renewed(monotonic.get(), epoch);
    }

    private static Event.SendRequested place(long number, long epoch) {
        return request(number, epoch, SendAction.PLACE, "");
    }

    private static Event.SendRequested cancel(long number, long epoch) {
        return request(number, epoch, SendAction.CANCEL, "B-9");
    }

    private static Event.SendRequested request(long number, long epoch, SendAction action, String brokerOrderId) {
        return new Event.SendRequested(
                number,
                action,
                number,
                epoch,
                NOT_AFTER,
                1,
                Side.BUY,
                Product.MIS,
                OrderType.LIMIT,
                10,
                150_000,
                "T" + number,
                brokerOrderId);
    }

    private ReportSend report(long sendNumber) {
        Await.until("report of " + sendNumber, () -> !reports(sendNumber).isEmpty());
        return reports(sendNumber).getFirst();
    }

    private List<ReportSend> reports(long sendNumber) {
        return log.submitted(ReportSend.class).stream()
                .filter(report -> report.sendNumber() == sendNumber)
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
