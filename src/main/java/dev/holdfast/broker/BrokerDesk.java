package dev.holdfast.broker;

import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.runtime.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps us square with the broker, on a thread of its own: session, instruments, trading day, book. Each turn does what the
 * schedule says is due.
 */
final class BrokerDesk {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerDesk.class);

    private static final Duration WAIT_FOR_SESSION = Duration.ofMillis(250);
    private static final Duration WAIT_FOR_MARKET_TIME = Duration.ofMillis(200);

    /** After the close the exchange lets day orders lapse; the final read begins a little later. */
    private static final long SETTLE_AFTER_CLOSE_NANOS = Duration.ofSeconds(2).toNanos();

    /**
     * The book was read lately if not more than this time ago: several times what a standby leaves between two reads, also of a
     * long book.
     */
    private static final long NOT_LONG_AGO_NANOS = Duration.ofSeconds(30).toNanos();

    /**
     * The instruments list is read again this often: the broker may publish the day's list after we have read the one before,
     * and tokens then mean other contracts.
     */
    private static final long LIST_AGAIN_NANOS = Duration.ofMinutes(15).toNanos();

    private final BrokerSession session;
    private final BookReader reader;
    private final InstrumentDesk instruments;
    private final GatewayModel model;
    private final Calendar calendar;
    private final List<String> configuredInstruments;
    private final ReadSchedule schedule;
    private final LongSupplier monotonicNanos;
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));

    private int instrumentsDay = -1;
    private long instrumentsNanos;
    private volatile boolean instrumentsDoubted;
    private long incarnation;
    private long sessionOverSinceNanos;
    private int sessionOverDay = -1;
    private volatile boolean reconciled;
    private volatile long lastCleanReadNanos;
    private volatile boolean closed;
    private @Nullable Thread thread;

    BrokerDesk(
            BrokerSession session,
            BookReader reader,
            InstrumentDesk instruments,
            GatewayModel model,
            Calendar calendar,
            List<String> configuredInstruments,
            ReadSchedule schedule,
            LongSupplier monotonicNanos) {
        this.session = session;
        this.reader = reader;
        this.instruments = instruments;
        this.model = model;
        this.calendar = calendar;
        this.configuredInstruments = configuredInstruments;
        this.schedule = schedule;
        this.monotonicNanos = monotonicNanos;
    }

    void start() {
        thread = Thread.ofPlatform().daemon().name("gateway-book").start(this::run);
    }

    /**
     * Something changed at the broker; many hints make one read.
     *
     * @param brokerOrderId of the order, empty when unknown
     */
    void hint(String brokerOrderId) {
        if (!model.senderElsewhere()) {
            schedule.hint(brokerOrderId);
        }
    }

    /** Nothing new is sent before the book was read once more: not now and then, but at once. */
    void urgent() {
        if (!model.senderElsewhere()) {
            schedule.urgent(monotonicNanos.getAsLong());
        }
    }

    /**
     * Has the instruments list read again at the next turn, soon: ticks under a known token look like those of another
     * contract.
     */
    void instrumentsDoubted() {
        instrumentsDoubted = true;
        schedule.hint("");
    }

    /** Whether the book was read clean at least once: before that this gateway must not be given the right to send. */
    boolean reconciled() {
        return reconciled;
    }

    /** Whether this gateway could send: the broker accepts its token and it has read the book not long ago. */
    boolean ready() {
        return reconciled
                && session.state() == BrokerSessionState.VALID
                && monotonicNanos.getAsLong() - lastCleanReadNanos < NOT_LONG_AGO_NANOS;
    }

    /** -1 before the first clean read. */
    long lastCleanReadAgeMillis() {
        return reconciled ? (monotonicNanos.getAsLong() - lastCleanReadNanos) / 1_000_000 : -1;
    }

    private void run() {
        try {
            while (!closed) {
                schedule.awaitDue(monotonicNanos);
                turn();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does what is due. Failures of the broker and of the log end the turn, never the thread. */
    void turn() {
        ReadSchedule.Due due = schedule.due(monotonicNanos.getAsLong());
        if (due == ReadSchedule.Due.NOTHING) {
            return;
        }
        try {
            work(due);
        } catch (BrokerFailure | LogUnavailable failure) {
            LOG.warn("broker desk could not finish its turn reason=\"{}\"", failure.getMessage());
            retryIn(backoff.failed());
        } catch (RuntimeException unexpected) {
            LOG.error("broker desk threw; it goes on", unexpected);
            retryIn(backoff.failed());
        }
    }

    private void retryIn(Duration wait) {
        schedule.failed(monotonicNanos.getAsLong(), wait);
    }

    private void work(ReadSchedule.Due due) throws BrokerFailure {
        if (!session.ensure()) {
            retryIn(WAIT_FOR_SESSION);
            return;
        }
        Calendar.Moment moment = calendar.now(model.marketTimeNanos());
        int today = moment == null ? 0 : moment.day();
        long now = monotonicNanos.getAsLong();
        if (instrumentsDay != today || instrumentsDoubted || now - instrumentsNanos > LIST_AGAIN_NANOS) {
            instrumentsDoubted = false;
            instrumentsNanos = now;
            define(today);
        }
        if (moment == null || !model.caughtUp()) {
            retryIn(WAIT_FOR_MARKET_TIME);
            return;
        }
        boolean sameDay = model.phase() != DayPhase.NONE && model.day() == today;
        if (due == ReadSchedule.Due.ORDERS && reconciled && sameDay) {
            boolean whole = reader.readOrders(today, schedule.takeChangedOrders());
            schedule.ordersEnded(monotonicNanos.getAsLong(), whole);
        } else {
            readBook(moment);
        }
    }

    /**
     * Reads the instruments list. Without the day's first reading nothing goes on; when a later one fails, the one before stays
     * in use.
     */
    private void define(int today) throws BrokerFailure {
        try {
            instruments.define(configuredInstruments);
            instrumentsDay = today;
        } catch (BrokerFailure failure) {
            if (instrumentsDay != today) {
                throw failure;
            }
            LOG.warn("instruments list not read again reason=\"{}\"", failure.getMessage());
        }
    }

    private void readBook(Calendar.Moment moment) throws BrokerFailure {
        if (model.incarnation() != incarnation) {
            incarnation = model.incarnation();
            reader.forgetReported();
        }
        boolean dayIsOurs = !model.senderElsewhere();
        if (dayIsOurs && (model.phase() == DayPhase.NONE || model.day() < moment.day())) {
            reader.open(moment.day());
        }
        schedule.bookBegins();
        long beganNanos = monotonicNanos.getAsLong();
        boolean finalRead = settledAfterClose(moment, beganNanos);
        BookReader.Outcome outcome = reader.read(moment.day());
        long endedNanos = monotonicNanos.getAsLong();
        if (!outcome.clean()) {
            retryIn(backoff.failed());
            return;
        }
        backoff.succeeded();
        schedule.bookEnded(beganNanos, endedNanos, betweenBooks());
        lastCleanReadNanos = endedNanos;
        if (!reconciled) {
            LOG.info("book reconciled read={}; this gateway can be given the right to send", outcome.readId());
            reconciled = true;
        }
        if (dayIsOurs && finalRead && model.phase() == DayPhase.OPEN && model.day() == moment.day()) {
            reader.close(moment.day(), outcome.readId());
        }
    }

    private Duration betweenBooks() {
        if (model.senderElsewhere()) {
            return ReadSchedule.BETWEEN_BOOKS_STANDING_BY;
        }
        return model.anythingUnsettled() ? ReadSchedule.BETWEEN_BOOKS_UNSETTLED : ReadSchedule.BETWEEN_BOOKS;
    }

    /** Whether a read that begins now is a final one. */
    private boolean settledAfterClose(Calendar.Moment moment, long nowNanos) {
        if (!moment.sessionOver()) {
            return false;
        }
        if (sessionOverDay != moment.day()) {
            sessionOverDay = moment.day();
            sessionOverSinceNanos = nowNanos;
        }
        return nowNanos - sessionOverSinceNanos >= SETTLE_AFTER_CLOSE_NANOS;
    }

    void close(Duration atMost) {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join(atMost);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
