package dev.holdfast.exchange;

import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
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
    private final Map<Integer, Quote> quotesByToken;
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();

    Ticker(Floor floor, Sessions sessions, Faults faults) {
        this.floor = floor;
        this.sessions = sessions;
        this.faults = faults;
        this.quotesByToken = floor.quotes().values().stream()
                .collect(Collectors.toUnmodifiableMap(quote -> quote.instrument.token(), quote -> quote));
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
            Quote quote = quotesByToken.get(token);
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
        Map<Quote, Map<Packets.Mode, byte[]>> encoded = new HashMap<>();
        for (Connection connection : receivers) {
            List<byte[]> packets = new ArrayList<>();
            for (Quote quote : changed) {
                Packets.Mode mode = connection.modes.get(quote.instrument.token());
                if (mode != null && packets.size() < Packets.MAX_PACKETS) {
                    packets.add(encoded.computeIfAbsent(quote, _ -> new EnumMap<>(Packets.Mode.class))
                            .computeIfAbsent(mode, _ -> floor.read(() -> Packets.packet(quote, mode))));
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
        connections.values().forEach(connection -> connection.context.session.disconnect());
        connections.clear();
    }

    /** Tells every client that its session is over. */
    void closeAll(String reason) {
        connections.values().forEach(connection -> connection.context.closeSession(POLICY_VIOLATION, reason));
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
        private volatile long lastHeartbeatNanos;

        private Connection(WsContext context) {
            this.context = context;
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
