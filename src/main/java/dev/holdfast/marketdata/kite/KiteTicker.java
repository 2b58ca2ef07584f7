package dev.holdfast.marketdata.kite;

import dev.holdfast.marketdata.MalformedTick;
import dev.holdfast.marketdata.TickSink;
import dev.holdfast.runtime.Backoff;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Kite ticker: one WebSocket, subscribed to every token in full mode, reconnected with back-off when it breaks or falls
 * silent. Driven by one thread calling {@link #tend}; frames arrive on the client's.
 */
public final class KiteTicker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KiteTicker.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The server beats every couple of seconds when idle. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_FRAME_BYTES = 1024 * 1024;
    private static final int MAX_TEXT_CHARS = 256 * 1024;

    private final String url;
    private final String apiKey;
    private final Supplier<String> accessToken;
    private final TickSink sink;
    private final Backoff backoff = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5));
    private final HttpClient client;

    private @Nullable WebSocket socket;
    private @Nullable Connection connection;
    private Set<Long> subscribed = Set.of();
    private String lastToken = "";
    private long nextAttemptNanos = System.nanoTime();

    /**
     * @param local address that connections begin at; null where the routes decide
     * @param accessToken read anew before each connection; empty when there is none yet
     */
    public KiteTicker(
            String url, @Nullable InetAddress local, String apiKey, Supplier<String> accessToken, TickSink sink) {
        this.url = url;
        this.apiKey = apiKey;
        this.accessToken = accessToken;
        this.sink = sink;
        HttpClient.Builder connections = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT);
        this.client = (local == null ? connections : connections.localAddress(local)).build();
    }

    /** Connects, subscribes, notices silence: whatever is due. Called a few times a second by one thread. */
    public void tend(Collection<Long> tokens) {
        WebSocket open = socket;
        Connection current = connection;
        if (open != null && current != null) {
            if (current.brokenReason != null) {
                disconnect(open, current.brokenReason);
            } else if (System.nanoTime() - current.lastFrameNanos > SILENCE.toNanos()) {
                disconnect(open, "no frame for " + SILENCE.toSeconds() + " s");
            } else {
                if (current.delivered) {
                    backoff.succeeded();
                }
                subscribe(open, tokens);
            }
        } else if (!tokens.isEmpty()) {
            String token = accessToken.get();
            boolean attemptDue = nextAttemptNanos - System.nanoTime() <= 0;
            if (!token.isEmpty() && (attemptDue || !token.equals(lastToken))) {
                lastToken = token;
                connect(token, tokens);
            }
        }
    }

    private void connect(String token, Collection<Long> tokens) {
        Connection fresh = new Connection();
        CompletableFuture<WebSocket> opening = client.newWebSocketBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .buildAsync(URI.create(url + "?api_key=" + encode(apiKey) + "&access_token=" + encode(token)), fresh);
        try {
            WebSocket opened = opening.get(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            socket = opened;
            connection = fresh;
            subscribed = Set.of();
            LOG.info("ticker connected tokens={}", tokens.size());
            sink.connected();
            subscribe(opened, tokens);
        } catch (ExecutionException | TimeoutException failure) {
            opening.cancel(true);
            Duration wait = backoff.failed();
            nextAttemptNanos = System.nanoTime() + wait.toNanos();
            // The exception's own text could carry the address, and with it the token.
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            if (cause instanceof WebSocketHandshakeException refused
                    && refused.getResponse().statusCode() == 403) {
                sink.tokenRefused();
            }
            LOG.warn(
                    "ticker cannot connect reason={} nextAttemptMillis={}",
                    cause.getClass().getSimpleName(),
                    wait.toMillis());
        } catch (InterruptedException stopping) {
            opening.cancel(true);
            Thread.currentThread().interrupt();
        }
    }

    private void subscribe(WebSocket open, Collection<Long> tokens) {
        if (subscribed.containsAll(tokens)) {
            return;
        }
        Set<Long> wanted = new TreeSet<>(tokens);
        String list = wanted.stream().map(String::valueOf).collect(Collectors.joining(","));
        try {
            send(open, "{\"a\":\"subscribe\",\"v\":[" + list + "]}");
            send(open, "{\"a\":\"mode\",\"v\":[\"full\",[" + list + "]]}");
            subscribed = wanted;
        } catch (IOException failure) {
            disconnect(open, "cannot subscribe: " + failure.getMessage());
        }
    }

    private static void send(WebSocket open, String text) throws IOException {
        try {
            open.sendText(text, true).get(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IOException(failure.getClass().getSimpleName(), failure);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", stopping);
        }
    }

    private void disconnect(WebSocket open, String reason) {
        open.abort();
        socket = null;
        connection = null;
        Duration wait = backoff.failed();
        nextAttemptNanos = System.nanoTime() + wait.toNanos();
        LOG.warn("ticker disconnected reason=\"{}\" nextAttemptMillis={}", reason, wait.toMillis());
        sink.disconnected(reason);
    }

    /**
     * Closes a connection that lives and brings no ticks, so that a new one is made. Called by the thread that tends
     * connections.
     */
    public void renew(String reason) {
        WebSocket open = socket;
        if (open != null) {
            disconnect(open, reason);
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
        client.shutdownNow();
    }

    /** Receives one connection's frames; whole frames only leave it. */
    private final class Connection implements WebSocket.Listener {

        private ByteBuffer binary = ByteBuffer.allocate(8 * 1024);
        private final StringBuilder text = new StringBuilder();
        private volatile long lastFrameNanos = System.nanoTime();
        private volatile boolean delivered;
        private volatile @Nullable String brokenReason;

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            lastFrameNanos = System.nanoTime();
            if (binary.position() + data.remaining() > MAX_FRAME_BYTES) {
                brokenReason = "frame of more than " + MAX_FRAME_BYTES + " bytes";
                return null;
            }
            if (binary.remaining() < data.remaining()) {
                ByteBuffer larger =
                        ByteBuffer.allocate(Math.max(binary.capacity() * 2, binary.position() + data.remaining()));
                larger.put(binary.flip());
                binary = larger;
            }
            binary.put(data);
            if (last) {
                binary.flip();
                sink.raw(binary.duplicate());
                KitePacketParser.readFrame(binary, sink);
                binary.clear();
                delivered = true;
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            lastFrameNanos = System.nanoTime();
            if (text.length() + data.length() > MAX_TEXT_CHARS) {
                brokenReason = "text of more than " + MAX_TEXT_CHARS + " characters";
                return null;
            }
            text.append(data);
            if (last) {
                readText(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            brokenReason = "closed by the server, code " + statusCode;
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            brokenReason = "broken: " + error.getClass().getSimpleName();
        }
    }

    private void readText(String message) {
        try {
            JsonNode document = JSON.readTree(message);
            if (document.path("type").asString("").equals("order")) {
                sink.orderChanged(document.path("data").path("order_id").asString(""));
            }
        } catch (JacksonException garbage) {
            sink.dropped(MalformedTick.Kind.TEXT, 0);
        }
    }
}
