package dev.holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BrokerDeskTest {

    private static final int DAY = 17_900; // 2019-01-04
    private static final long SESSION = 77;

    private final AtomicLong now = new AtomicLong();
    private final FakeLog log = new FakeLog();
    private final FakeBroker broker = new FakeBroker();
    private final FakeSession session = new FakeSession();
    private final GatewayModel model = new GatewayModel(SESSION);
    private final InstrumentDesk instruments = new InstrumentDesk(broker, log, model, () -> 0);
    private final ReadSchedule schedule = new ReadSchedule(Duration.ofMillis(100), 2, 0);
    private final BrokerDesk desk = new BrokerDesk(
            session,
            new BookReader(broker, log, instruments, model, SESSION),
            instruments,
            model,
            new Calendar(
                    new Configuration.Broker(
                            true, "", BrokerProfile.DRILL, LocalTime.of(9, 15), LocalTime.of(15, 30), "", "", ""),
                    () -> 0),
            List.of("NSE:INFY"),
            schedule,
            now::get);

    BrokerDeskTest() {
        log.answering(command -> command instanceof Command.DefineInstrument ? 1L : 0L);
        broker.listed.add(new BrokerInstrument("NSE", "INFY", 408065, InstrumentKind.EQUITY, 5, 1, 0, 0, 0));
    }

    @Test
    void nothing_is_asked_of_the_broker_before_it_accepts_our_token() {
        session.valid = false;

        turn();

        assertThat(log.submitted).isEmpty();
        assertThat(desk.reconciled()).isFalse();
    }

    /** The simulator's seed 108: each row of such an instrument was refused until the process ended. */
    @Test
    void an_instrument_whose_number_was_lost_with_the_answer_is_known_from_its_event_only() {
        log.answering(command -> 0L);

        turn();

        assertThat(model.listing("NSE", "INFY")).isNull();
    }

    @Test
    void instruments_come_first_then_the_day_then_the_book_and_only_then_it_is_ready() {
        turn();
        assertThat(log.submitted(Command.DefineInstrument.class)).hasSize(1);
        assertThat(log.submitted(Command.BeginRead.class))
                .as("no market time yet")
                .isEmpty();

        model.apply(new Event.CheckpointEnded(), 0);
        market("2019-01-04T09:15");
        turn();

        assertThat(log.submitted(Command.OpenDay.class)).containsExactly(new Command.OpenDay(SESSION, 1, DAY));
        assertThat(log.submitted(Command.EndRead.class)).hasSize(1);
        assertThat(desk.reconciled()).isTrue();
    }

    @Test
    void a_read_that_is_not_clean_does_not_make_it_ready() {
        atOpen();
        broker.failure = new BrokerFailure(BrokerFailure.Kind.UNAVAILABLE, "no list");

        turn();

        assertThat(desk.reconciled()).isFalse();
        broker.failure = null;
        turn();
        assertThat(desk.reconciled()).isTrue();
    }

    @Test
    void a_limited_broker_is_asked_less_and_less() {
        atOpen();
        broker.failure = new BrokerFailure(BrokerFailure.Kind.RATE_LIMITED, "429");

        turn();
        assertThat(schedule.due(now.get() + 499_000_000L)).isEqualTo(ReadSchedule.Due.NOTHING);
        turn();
        assertThat(schedule.due(now.get() + 999_000_000L)).isEqualTo(ReadSchedule.Due.NOTHING);
        assertThat(schedule.due(now.get() + 1_000_000_000L)).isEqualTo(ReadSchedule.Due.BOOK);
    }

    @Test
    void a_log_that_is_away_ends_the_turn_and_not_the_desk() {
        atOpen();
        log.away = true;
        turn();
        log.away = false;

        turn();

        assertThat(desk.reconciled()).isTrue();
    }

    @Test
    void the_day_closes_on_a_clean_read_that_began_a_while_after_the_close() {
        atOpen();
        turn();
        market("2019-01-04T15:30");

        turn();
        assertThat(log.submitted(Command.CloseDay.class)).isEmpty();
        turn();

        long lastRead = log.submitted(Command.EndRead.class).getLast().readId();
        assertThat(log.submitted(Command.CloseDay.class)).containsExactly(new Command.CloseDay(SESSION, lastRead, DAY));
        model.apply(new Event.DayChanged(DAY, DayPhase.CLOSED, ""), 0);
        turn();
        assertThat(log.submitted(Command.CloseDay.class)).hasSize(1);
    }

    @Test
    void the_next_day_is_opened_with_fresh_instruments() {
        atOpen();
        turn();
        market("2019-01-07T09:14:55");

        turn();

        assertThat(log.submitted(Command.OpenDay.class).getLast().day()).isEqualTo(DAY + 3);
        assertThat(log.submitted(Command.DefineInstrument.class)).hasSize(2);
    }

    @Test
    void an_engine_that_began_anew_is_told_everything_again() {
        broker.positions.add(new BrokerPosition("NSE", "INFY", dev.holdfast.types.Product.MIS, 5, 0, 100));
        atOpen();
        turn();
        turn();
        assertThat(log.submitted(Command.ReportPosition.class)).hasSize(1);

        model.apply(
                new Event.EngineConfigured(BrokerProfile.DRILL, false, false, 0, 0, 99, 1, 1, 1, 1, 1, 1, 1, "", ""),
                0);
        turn();

        assertThat(log.submitted(Command.ReportPosition.class)).hasSize(2);
    }

    private void atOpen() {
        model.apply(new Event.CheckpointEnded(), 0);
        market("2019-01-04T09:15");
        model.apply(new Event.DayChanged(DAY, DayPhase.OPEN, ""), 0);
    }

    private void market(String time) {
        long nanos = LocalDateTime.parse(time).toEpochSecond(Calendar.INDIA) * 1_000_000_000L;
        model.apply(new Event.TickApplied(1, 100, 1, 1, 100, 100, 0, 0, 0, 0, 0, 0, 0, 0, nanos, 1), now.get());
    }

    /** Whatever is due after a long while. */
    private void turn() {
        now.addAndGet(Duration.ofSeconds(30).toNanos());
        desk.turn();
    }

    private static final class FakeSession implements BrokerSession {
        private boolean valid = true;

        @Override
        public BrokerSessionState state() {
            return valid ? BrokerSessionState.VALID : BrokerSessionState.DEAD;
        }

        @Override
        public boolean ensure() {
            return valid;
        }
    }
}
