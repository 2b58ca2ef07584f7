package dev.holdfast.broker;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.OrderState;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gateway's parts, wired: what it knows of the engine, its grants, its sender, its desk. It has no thread and no clock of
 * its own: {@link Gateway} runs it on real ones, the simulator on virtual ones. Only {@link #deskTurn()} waits, inside the ports
 * {@link Log} and {@link Broker}.
 */
public final class GatewayCore {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayCore.class);

    /** How often {@link #renewGrants()} is to be called. */
    public static final Duration RENEWAL = Duration.ofMillis(200);

    /** A broker that has answered nothing for so long, or does not accept our token, is of no use to a sender. */
    private static final Duration BROKER_SILENCE = Duration.ofSeconds(5);

    /** The engine's pulse comes each second. */
    private static final Duration LOG_SILENCE = Duration.ofSeconds(4);

    private final long session;
    private final BrokerSession brokerSession;
    private final LongSupplier monotonicNanos;
    private final GatewayModel model;
    private final Lease sendLease;
    private final Lease feedLease;
    private final GrantRenewal sendRenewal;
    private final GrantRenewal feedRenewal;
    private final Reports reports;
    private final OrderSender sender;
    private final ReadSchedule schedule;
    private final BrokerDesk desk;
    private final BrokerContact broker;
    private final FitnessReport sendFitness;
    private final FitnessReport feedFitness;
    private volatile boolean feedReady;
    private volatile String feedUnfitBecause = "no tick has come yet";
    private boolean sessionLost;
    private long sessionLostNanos;

    /**
     * The world a gateway lives in.
     *
     * @param monotonicNanos of the process; never goes back
     * @param wallNanos epoch nanoseconds; may leap
     * @param later runs something again after a pause
     */
    public record World(
            Log log,
            Broker broker,
            BrokerSession brokerSession,
            LongSupplier monotonicNanos,
            LongSupplier wallNanos,
            Executor later,
            MeterRegistry metrics) {}

    /**
     * Who a gateway is and what it is to do.
     *
     * @param session never used by a gateway before
     */
    public record Identity(
            long session, String host, BrokerProfile profile, Calendar calendar, List<String> instruments) {}

    public GatewayCore(Identity identity, World world) {
        this(identity, world, OrderSender::new);
    }

    GatewayCore(Identity identity, World world, OrderSender.Factory senders) {
        this.brokerSession = world.brokerSession;
        this.monotonicNanos = world.monotonicNanos;
        this.session = identity.session;
        Log log = world.log;
        this.reports = new Reports(log, world.later);
        this.model = new GatewayModel(session);
        this.sendLease = new Lease(monotonicNanos);
        this.feedLease = new Lease(monotonicNanos);
        this.broker = new BrokerContact(world.broker, monotonicNanos);
        InstrumentDesk instruments = new InstrumentDesk(broker, log, model, monotonicNanos);
        this.schedule = schedule(identity.profile, monotonicNanos.getAsLong());
        this.desk = new BrokerDesk(
                world.brokerSession,
                new BookReader(broker, log, instruments, model, session),
                instruments,
                model,
                identity.calendar,
                identity.instruments,
                schedule,
                monotonicNanos);
        this.sender = senders.make(new OrderSender.Parts(
                model,
                sendLease,
                reports,
                Pacer.of(identity.profile),
                Pacer.limitOf(identity.profile),
                desk::hint,
                monotonicNanos,
                world.wallNanos,
                world.metrics));
        this.sendRenewal =
                new GrantRenewal(log, session, GrantKind.SENDER, identity.host, sendLease, desk::ready, monotonicNanos);
        this.feedRenewal = new GrantRenewal(
                log, session, GrantKind.FEED, identity.host, feedLease, () -> feedReady, monotonicNanos);
        this.sendFitness = new FitnessReport(log, session, GrantKind.SENDER, this::senderUnfitBecause, monotonicNanos);
        this.feedFitness = new FitnessReport(log, session, GrantKind.FEED, () -> feedUnfitBecause, monotonicNanos);
    }

    /**
     * Why this gateway cannot work as the sender; empty when it can. A sender needs the log's events, a token that the broker
     * accepts, and a broker that answers.
     */
    private synchronized String senderUnfitBecause() {
        long now = monotonicNanos.getAsLong();
        boolean lost = brokerSession.state() != BrokerSessionState.VALID;
        if (lost && !sessionLost) {
            sessionLostNanos = now;
        }
        sessionLost = lost;
        if (model.silentNanos(now) > LOG_SILENCE.toNanos()) {
            return "no event of the log for " + LOG_SILENCE.toSeconds() + " s";
        }
        if (lost && now - sessionLostNanos > BROKER_SILENCE.toNanos()) {
            return "the broker has not accepted its token for " + BROKER_SILENCE.toSeconds() + " s";
        }
        return broker.silentNanos() > BROKER_SILENCE.toNanos()
                ? "the broker has answered nothing for " + BROKER_SILENCE.toSeconds() + " s"
                : "";
    }

    /** A book is three calls, an order two, and Kite allows ten a second for all but placing. */
    private static ReadSchedule schedule(BrokerProfile profile, long nowNanos) {
        return switch (profile) {
            case KITE -> new ReadSchedule(Duration.ofMillis(500), 2, nowNanos);
            case DRILL -> new ReadSchedule(Duration.ofMillis(100), 4, nowNanos);
        };
    }

    /** Takes in one event, in sequence. Applying one again changes nothing. */
    public void onEvent(Event event) {
        model.apply(event, monotonicNanos.getAsLong());
        if (event instanceof Event.SendRequested request) {
            sender.take(request);
        } else if (event instanceof Event.GrantChanged grant) {
            grantMoved(grant);
        } else if (event instanceof Event.OrderChanged order && order.state() == OrderState.UNCERTAIN) {
            desk.urgent();
        }
    }

    /** The lease begins with a renewal of ours; and before the first new order of ours the book must be read. */
    private void grantMoved(Event.GrantChanged grant) {
        boolean ours = grant.session() == session;
        if (ours || grant.session() == 0) {
            (grant.kind() == GrantKind.SENDER ? sendRenewal : feedRenewal).renewNow();
        }
        if (ours && grant.kind() == GrantKind.SENDER) {
            brokerSessionChanged(brokerSession.state(), "now with the sender on host " + grant.host());
            desk.urgent();
        }
    }

    /** Another gateway's process is known to have ended: what it held can move at once. */
    public void sessionEnded(long ended) {
        LOG.info("gateway process ended session={}", ended);
        var _ = sendRenewal.giveUpFor(ended);
        var _ = feedRenewal.giveUpFor(ended);
    }

    public void renewGrants() {
        sendRenewal.renew();
        feedRenewal.renew();
        sendFitness.look();
        feedFitness.look();
    }

    /** The broker through which this gateway must make its calls, so that the broker's silence is noticed. */
    public Broker broker() {
        return broker;
    }

    /** The next call to make now; null when there is none. See {@link OrderSender#next()}. */
    public OrderSender.@Nullable Sending nextSend() {
        return sender.next();
    }

    /** How long {@link #nextSend()} will have nothing new by the passing of time alone. */
    public long sendWaitNanos() {
        return sender.waitNanos();
    }

    public void answered(OrderSender.Sending sending, SendAnswer answer) {
        sender.answered(sending, answer);
    }

    /** How long nothing is to be read at the broker; 0 or less when something is due. */
    public long deskWaitNanos() {
        return schedule.waitNanos(monotonicNanos.getAsLong());
    }

    /** Does what is due at the broker; waits for it. */
    public void deskTurn() {
        desk.turn();
    }

    /** The broker began or ceased to accept our token. */
    public void brokerSessionChanged(BrokerSessionState state, String detail) {
        var _ = reports.submit(new Command.ReportBrokerSession(session, state, detail));
    }

    /** See {@link Gateway#hint}. */
    public void hint(String brokerOrderId) {
        desk.hint(brokerOrderId);
    }

    /** See {@link Gateway#feedReady}. */
    public void feedReady(boolean ready) {
        feedReady = ready;
    }

    /** See {@link Gateway#feedFit}. */
    public void feedFit(String unfitBecause) {
        feedUnfitBecause = unfitBecause;
    }

    /** The epoch under which this process may report the market, 0 when it may not. */
    public long feedEpoch() {
        return feedLease.held();
    }

    /** The epoch under which this process may send, 0 when it may not. */
    public long sendEpoch() {
        return sendLease.held();
    }

    public long session() {
        return session;
    }

    GatewayModel model() {
        return model;
    }

    OrderSender sender() {
        return sender;
    }

    BrokerDesk desk() {
        return desk;
    }

    /** Nothing begins under our grants any more. */
    void stopGrants() {
        sendRenewal.stop();
        feedRenewal.stop();
    }

    /** Tells the engine that our grants are free. */
    CompletableFuture<Void> giveUpGrants() {
        return CompletableFuture.allOf(sendRenewal.giveUp(), feedRenewal.giveUp());
    }

    void stopReports() {
        reports.close();
    }
}
