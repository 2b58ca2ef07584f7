package dev.holdfast.exchange;

import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The WebSocket ticker: each connection chooses its instruments and modes; order updates go to all. */
final class Ticker {

    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final int MAX_CONNECTIONS = 3;
    private static final int MAX_TOKENS = 3_000;

    /** A client this far behind is cut off, as it would otherwise fill our memory. */
    private static final int MAX_UNSENT_FRAMES = 500;

    private static final long HEARTBEAT_NANOS = Ist.NANOS_PER_SECOND;
    private static final int POLICY_VIOLATION = 1008;

    private final Floor floor;
    private final Sessions sessions;
    private final Faults faults;
    private final Tokens tokens;
    private final AtomicInteger lastConnection = new AtomicInteger();
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();

    Ticker(Floor floor, Sessions sessions, Faults faults, Tokens tokens) {
        this.floor = floor;
        this.sessions = sessions;
        this.faults = faults;
        this.tokens = tokens;
    }

    /** Refuses the upgrade as the broker does: 403 without a live session. */
    void admit(String apiKey, String accessToken) {
        if (faults.lasting(FaultKind.DROP_TICKER).isPresent()) {
            throw KiteError.general(503, "The ticker is down by a fault that was asked for");
        }
        sessions.require(apiKey, accessToken);
        if (connections.size() >= MAX_CONNECTIONS) {
            throw KiteError.tooMany("Too many ticker connections: at most " + MAX_CONNECTIONS);
        }
    }

    void configure(WsConfig ws) {
        ws.onConnect(context -> {
            connections.put(context.sessionId(), new Connection(context));
            LOG.info("ticker connected id={} connections={}", context.sessionId(), connections.size());
        });
        ws.onMessage(context -> {
            Connection connection = connections.get(context.sessionId());
            if (connection != null) {
                handle(connection, context.message());
            }
        });
        ws.onClose(context -> {
            connections.remove(context.sessionId());
            LOG.info("ticker closed id={} status={}", context.sessionId(), context.status());
        });
        ws.onError(context -> connections.remove(context.sessionId()));
    }

    private void handle(Connection connection, String message) {
        try {
            JsonNode request = Rows.JSON.readTree(message);
            JsonNode value = request.path("v");
            switch (request.path("a").asString("")) {
                case "subscribe" -> subscribe(connection, value, Packets.Mode.QUOTE, false);
                case "unsubscribe" -> tokens(value).forEach(connection.modes::remove);
                case "mode" -> {
                    String name = value.path(0).asString("").toUpperCase(Locale.ROOT);
                    subscribe(connection, value.path(1), Packets.Mode.valueOf(name), true);
                }
                default -> connection.text("{\"type\":\"error\",\"data\":\"Unknown action\"}");
            }
        } catch (JacksonException | IllegalArgumentException malformed) {
            connection.text("{\"type\":\"error\",\"data\":\"Invalid message\"}");
        }
    }

    private static List<Integer> tokens(JsonNode value) {
        List<Integer> tokens = new ArrayList<>();
        value.forEach(token -> tokens.add(token.asInt(0)));
        return tokens;
    }

    /** Answers with the present market at once, as the broker does. */
    private void subscribe(Connection connection, JsonNode value, Packets.Mode mode, boolean replace) {
        List<Quote> subscribed = new ArrayList<>();
        for (int token : tokens(value)) {
            Quote quote = tokens.quote(token);
            if (quote != null && connection.modes.size() < MAX_TOKENS) {
                if (replace) {
                    connection.modes.put(token, mode);
                } else {
                    connection.modes.putIfAbsent(token, mode);
                }
                subscribed.add(quote);
            }
        }
        publish(List.of(connection), subscribed);
    }

    /** Sends the present state of these instruments to whoever subscribed to them. */
    void publish(List<Quote> changed) {
        publish(connections.values(), changed);
    }

    private void publish(Iterable<Connection> receivers, List<Quote> changed) {
        if (changed.isEmpty() || faults.lasting(FaultKind.STOP_TICKS).isPresent()) {
            return;
        }
        List<Fault> mutes = faults.all(FaultKind.MUTE_TICKER);
        Map<Quote, Map<Packets.Mode, byte[]>> encoded = new HashMap<>();
        for (Connection connection : receivers) {
            if (mutes.stream().anyMatch(mute -> connection.is(mute.target()))) {
                continue;
            }
            List<byte[]> packets = new ArrayList<>();
            for (Quote quote : changed) {
                int token = tokens.token(quote);
                Packets.Mode mode = connection.modes.get(token);
                if (mode != null && packets.size() < Packets.MAX_PACKETS) {
                    packets.add(encoded.computeIfAbsent(quote, _ -> new EnumMap<>(Packets.Mode.class))
                            .computeIfAbsent(
                                    mode, _ -> floor.read(() -> Packets.packet(Shown.of(quote, token, faults), mode))));
                }
            }
            if (!packets.isEmpty()) {
                connection.binary(Packets.frame(packets));
            }
        }
    }

    void publishOrder(String frame) {
        connections.values().forEach(connection -> connection.text(frame));
    }

    /** Shows idle connections that they live. */
    void heartbeat(long wallNanos) {
        for (Connection connection : connections.values()) {
            if (connection.framesSinceHeartbeat.getAndSet(0) == 0
                    || wallNanos - connection.lastHeartbeatNanos >= HEARTBEAT_NANOS) {
                connection.lastHeartbeatNanos = wallNanos;
                connection.binary(ByteBuffer.wrap(Packets.HEARTBEAT));
            }
        }
    }

    void dropAll() {
        drop(new FaultTarget(null, null, 0, null, ""));
    }

    /** Cuts the connections that this target means. */
    void drop(FaultTarget target) {
        connections.values().removeIf(connection -> {
            boolean meant = connection.is(target);
            if (meant) {
                connection.context.session.disconnect();
            }
            return meant;
        });
    }

    /**
     * A connection as the control endpoint lists it.
     *
     * @param source the client's address
     */
    record View(int connection, String source, int tokens) {}

    List<View> views() {
        return connections.values().stream()
                .map(connection -> new View(connection.number, connection.source, connection.modes.size()))
                .sorted(Comparator.comparingLong(View::connection))
                .toList();
    }

    /** Tells every client that its session is over. */
    void closeAll(String reason) {
        connections.values().forEach(connection -> connection.context.closeSession(POLICY_VIOLATION, reason));
    }

    private int oldest() {
        return connections.values().stream()
                .mapToInt(connection -> connection.number)
                .min()
                .orElse(0);
    }

    int connections() {
        return connections.size();
    }

    private final class Connection {
        private final WsContext context;
        private final Map<Integer, Packets.Mode> modes = new ConcurrentHashMap<>();
        private final AtomicInteger unsent = new AtomicInteger();
        private final AtomicInteger framesSinceHeartbeat = new AtomicInteger();
        private final Callback sent = Callback.from(unsent::decrementAndGet, _ -> unsent.decrementAndGet());
        private final int number = lastConnection.incrementAndGet();
        private final String source;
        private volatile long lastHeartbeatNanos;

        private Connection(WsContext context) {
            this.context = context;
            this.source = context.session.getRemoteSocketAddress() instanceof InetSocketAddress address
                    ? address.getAddress().getHostAddress()
                    : "";
        }

        private boolean is(FaultTarget target) {
            int wanted = target.connection() == FaultTarget.OLDEST ? oldest() : target.connection();
            return target.hasSource(source) && (wanted == 0 || wanted == number);
        }

        private void binary(ByteBuffer frame) {
            if (hasRoom()) {
                context.session.sendBinary(frame, sent);
            }
        }

        private void text(String frame) {
            if (hasRoom()) {
                context.session.sendText(frame, sent);
            }
        }

        private boolean hasRoom() {
            framesSinceHeartbeat.incrementAndGet();
            if (unsent.incrementAndGet() <= MAX_UNSENT_FRAMES) {
                return context.session.isOpen() || unsent.decrementAndGet() < 0;
            }
            LOG.warn("ticker cuts off a slow client id={} unsentFrames={}", context.sessionId(), unsent.get());
            connections.remove(context.sessionId());
            context.session.disconnect();
            return false;
        }
    }
}
