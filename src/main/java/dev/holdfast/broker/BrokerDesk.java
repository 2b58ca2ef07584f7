package dev.holdfast.broker;

import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.runtime.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps us square with the broker, on a thread of its own: session, instruments, trading day, book. Each turn does what is due and
 * says when the next one is; a hint makes it come sooner.
 */
final class BrokerDesk {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerDesk.class);

    private static final Duration BETWEEN_READS = Duration.ofSeconds(5);
    private static final Duration BETWEEN_READS_UNSETTLED = Duration.ofSeconds(2);
    private static final Duration WAIT_FOR_MARKET_TIME = Duration.ofMillis(200);

    /** After the close the exchange lets day orders lapse; the final read begins a little later. */
    private static final long SETTLE_AFTER_CLOSE_NANOS = Duration.ofSeconds(2).toNanos();

    /** A read may use at most a tenth of the time, however long the book has grown. */
    private static final int REST_PER_READ_TIME = 9;

    private final BrokerSession session;
    private final BookReader reader;
    private final InstrumentDesk instruments;
    private final GatewayModel model;
    private final Calendar calendar;
    private final List<String> configuredInstruments;
    private final Duration leastBetweenReads;
    private final LongSupplier monotonicNanos;
    private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition hintGiven = lock.newCondition();
    private boolean hinted;

    private int instrumentsDay = -1;
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
            Duration leastBetweenReads,
            LongSupplier monotonicNanos) {
        this.session = session;
        this.reader = reader;
        this.instruments = instruments;
        this.model = model;
        this.calendar = calendar;
        this.configuredInstruments = configuredInstruments;
        this.leastBetweenReads = leastBetweenReads;
        this.monotonicNanos = monotonicNanos;
    }

    void start() {
        thread = Thread.ofPlatform().daemon().name("gateway-book").start(this::run);
    }

    /** Something changed at the broker; many hints make one read. */
    void hint() {
        lock.lock();
        try {
            hinted = true;
            hintGiven.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the book was read clean at least once: before that this gateway must not be given the right to send. */
    boolean reconciled() {
        return reconciled;
    }

    /** -1 before the first clean read. */
    long lastCleanReadAgeMillis() {
        return reconciled ? (monotonicNanos.getAsLong() - lastCleanReadNanos) / 1_000_000 : -1;
    }

    private void run() {
        try {
            while (!closed) {
                Pause pause = turn();
                TimeUnit.NANOSECONDS.sleep(pause.atLeast.toNanos());
                awaitHint(pause.atMost.minus(pause.atLeast));
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** How long to rest whatever happens, and how long if nothing happens. */
    record Pause(Duration atLeast, Duration atMost) {
        static Pause of(Duration duration) {
            return new Pause(duration, duration);
        }
    }

    /** Does what is due. Failures of the broker and of the log end the turn, never the thread. */
    Pause turn() {
        try {
            return work();
        } catch (BrokerFailure | LogUnavailable failure) {
            LOG.warn("broker desk could not finish its turn reason=\"{}\"", failure.getMessage());
            return Pause.of(backoff.failed());
        } catch (RuntimeException unexpected) {
            LOG.error("broker desk threw; it goes on", unexpected);
            return Pause.of(backoff.failed());
        }
    }

    private Pause work() throws BrokerFailure {
        if (!session.ensure()) {
            return Pause.of(Duration.ofMillis(250));
        }
        Calendar.Moment moment = calendar.now(model.marketTimeNanos());
        int today = moment == null ? 0 : moment.day();
        if (instrumentsDay != today) {
            instruments.define(configuredInstruments);
            instrumentsDay = today;
        }
        if (moment == null || !model.caughtUp()) {
            return Pause.of(WAIT_FOR_MARKET_TIME);
        }
        if (model.incarnation() != incarnation) {
            incarnation = model.incarnation();
            reader.forgetReported();
        }
        if (model.phase() == DayPhase.NONE || model.day() < moment.day()) {
            reader.open(moment.day());
        }
        long beganNanos = monotonicNanos.getAsLong();
        boolean finalRead = settledAfterClose(moment, beganNanos);
        BookReader.Outcome outcome = reader.read(moment.day());
        long endedNanos = monotonicNanos.getAsLong();
        if (!outcome.clean()) {
            return Pause.of(backoff.failed());
        }
        backoff.succeeded();
        lastCleanReadNanos = endedNanos;
        if (!reconciled) {
            LOG.info("book reconciled read={}; this gateway can be given the right to send", outcome.readId());
            reconciled = true;
        }
        if (finalRead && model.phase() == DayPhase.OPEN && model.day() == moment.day()) {
            reader.close(moment.day(), outcome.readId());
        }
        return pauseAfter(Duration.ofNanos(endedNanos - beganNanos));
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

    private Pause pauseAfter(Duration read) {
        Duration rest = read.multipliedBy(REST_PER_READ_TIME);
        Duration atLeast = rest.compareTo(leastBetweenReads) > 0 ? rest : leastBetweenReads;
        Duration usual = model.anythingUnsettled() ? BETWEEN_READS_UNSETTLED : BETWEEN_READS;
        return new Pause(atLeast, atLeast.compareTo(usual) > 0 ? atLeast : usual);
    }

    private void awaitHint(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (!hinted && !closed && left > 0) {
                left = hintGiven.awaitNanos(left);
            }
            hinted = false;
        } finally {
            lock.unlock();
        }
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
