package dev.holdfast.cluster;

import io.aeron.cluster.client.AeronCluster;
import io.aeron.cluster.client.EgressListener;
import io.aeron.cluster.codecs.EventCode;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.Header;
import java.time.Duration;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client session with the cluster that connects again whenever it is lost. Used by the connection's thread. */
final class ClusterSession implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(ClusterSession.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration NEW_LEADER_LIMIT = Duration.ofSeconds(3);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

    /** A cluster forgets a session after ten seconds without a sign of life. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);

    private final String name;
    private final Endpoints endpoints;
    private final AeronLogOptions options;
    private final Transport transport;
    private final Listener listener;
    private AeronCluster.@Nullable AsyncConnect connecting;
    private @Nullable AeronCluster cluster;
    private boolean leaderChanged;
    private boolean refusalLogged;
    private long retryNanos = System.nanoTime();
    private long keptAliveNanos;

    ClusterSession(String name, Endpoints endpoints, AeronLogOptions options, Transport transport, Listener listener) {
        this.name = name;
        this.endpoints = endpoints;
        this.options = options;
        this.transport = transport;
        this.listener = listener;
    }

    /** Connects, receives, and keeps the session alive. Never waits. */
    int work(long nowNanos) {
        AeronCluster session = cluster;
        if (session == null) {
            return nowNanos - retryNanos < 0 ? 0 : connect(nowNanos);
        }
        int work = session.pollEgress();
        if (session.isClosed()) {
            lose(nowNanos, "session closed");
            return 1;
        }
        if (leaderChanged) {
            leaderChanged = false;
            listener.onConnected(session.leaderMemberId(), session.leadershipTermId());
        }
        if (nowNanos - keptAliveNanos > KEEP_ALIVE.toNanos()) {
            keptAliveNanos = nowNanos;
            session.sendKeepAlive();
        }
        return work;
    }

    boolean connected() {
        return cluster != null;
    }

    /** @return whether the leader will be sent it */
    boolean offer(UnsafeBuffer frame) {
        AeronCluster session = cluster;
        return session != null && session.offer(frame, 0, frame.capacity()) > 0;
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(connecting, cluster);
        connecting = null;
        cluster = null;
    }

    private int connect(long nowNanos) {
        try {
            if (connecting == null) {
                connecting = AeronCluster.asyncConnect(context());
            }
            AeronCluster session = connecting.poll();
            if (session == null) {
                return 0;
            }
            connecting = null;
            cluster = session;
            leaderChanged = false;
            refusalLogged = false;
            keptAliveNanos = nowNanos;
            LOGGER.info(
                    "log connected client={} leader={} term={}",
                    name,
                    session.leaderMemberId(),
                    session.leadershipTermId());
            listener.onConnected(session.leaderMemberId(), session.leadershipTermId());
            return 1;
        } catch (AeronException refused) {
            if (!refusalLogged) {
                refusalLogged = true; // the attempts that follow are the same until one succeeds
                LOGGER.warn("log cannot be reached client={} reason=\"{}\"", name, refused.getMessage());
            }
            CloseHelper.quietClose(connecting);
            connecting = null;
            retryNanos = nowNanos + RETRY_PAUSE.toNanos();
            return 1;
        }
    }

    private void lose(long nowNanos, String reason) {
        LOGGER.info("log connection lost client={} reason={}", name, reason);
        CloseHelper.quietClose(cluster);
        cluster = null;
        retryNanos = nowNanos;
        listener.onLost();
    }

    private AeronCluster.Context context() {
        return new AeronCluster.Context()
                .aeron(transport.aeron())
                .ownsAeronClient(false)
                .agentInvoker(transport.driverInvoker())
                .clientName(name)
                .ingressEndpoints(endpoints.ingress(options.memberAddresses()))
                .ingressChannel("aeron:udp?term-length=64k")
                .egressChannel(Endpoints.anyPort(options.ownAddress()))
                .egressListener(new Egress())
                .isIngressExclusive(true)
                .credentialsSupplier(ClusterAuthentication.credentials(options.clusterSecret()))
                .messageTimeoutNs(CONNECT_LIMIT.toNanos())
                .newLeaderTimeoutNs(NEW_LEADER_LIMIT.toNanos())
                .idleStrategy(new BackoffIdleStrategy(1, 1, 1_000, 100_000));
    }

    interface Listener {
        /** A session is open, or goes on with another leader: what was sent before may be lost. */
        void onConnected(int leader, long term);

        void onLost();

        void onMessage(DirectBuffer buffer, int offset, int length);
    }

    private final class Egress implements EgressListener {
        @Override
        public void onMessage(
                long sessionId, long timestamp, DirectBuffer buffer, int offset, int length, Header header) {
            listener.onMessage(buffer, offset, length);
        }

        @Override
        public void onNewLeader(long sessionId, long term, int leader, String ingressEndpoints) {
            LOGGER.info("log has a new leader client={} leader={} term={}", name, leader, term);
            leaderChanged = true;
        }

        @Override
        public void onSessionEvent(
                long correlationId, long sessionId, long term, int leader, EventCode code, String detail) {
            if (code != EventCode.OK) {
                LOGGER.warn("log session event client={} code={} detail=\"{}\"", name, code, detail);
            }
        }
    }
}
