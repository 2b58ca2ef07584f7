package dev.holdfast.broker.kite;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * HTTP in Kite's manner: version and token headers, form bodies, bounded time and size. It judges nothing. A call that ends
 * without its answer resets its connection, so that the kernel delivers nothing of it later (ADR 19).
 */
final class KiteRest implements AutoCloseable {

    static final Duration ORDER_TIMEOUT = Duration.ofSeconds(3);
    static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

    /** How often a call that waits for its answer asks whether it still may. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final ContentType FORM = ContentType.create("application/x-www-form-urlencoded");

    private final String root;
    private final String apiKey;
    private final CloseableHttpClient client;

    /** Not virtual ones: a look-up of a name would hold what carries those that wait for an answer and must end it in time. */
    private final ExecutorService calls = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("kite-call-", 0).factory());

    /** @param root of the interface, without a slash at the end */
    KiteRest(String root, String apiKey) {
        this(root, apiKey, null);
    }

    /** @param local address that connections begin at; null where the routes decide */
    KiteRest(String root, String apiKey, @Nullable InetAddress local) {
        this.client = KiteConnections.open(local);
        this.root = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
        this.apiKey = apiKey;
    }

    /** One whole answer; a gzip body is unpacked. */
    record Answer(int status, String body, String location) {}

    Answer get(String pathAndQuery, String token) throws IOException {
        return read(request("GET", pathAndQuery, token));
    }

    /** Reads an address outside the interface: the log-in page. */
    Answer getPage(String address) throws IOException {
        return read(new HttpUriRequestBase("GET", URI.create(address)));
    }

    Answer post(String path, String token, Map<String, String> form) throws IOException {
        HttpUriRequestBase request = request("POST", path, token);
        request.setEntity(entity(form));
        return read(request);
    }

    /**
     * Sends an order call.
     *
     * @param form empty for a request without a body
     * @param gate through which it leaves
     * @param held when it says no the call ends, and its connection is reset
     */
    Answer sendOrder(
            String method, String path, String token, Map<String, String> form, WriteGate gate, BooleanSupplier held)
            throws IOException {
        HttpUriRequestBase request = request(method, path, token);
        if (!form.isEmpty()) {
            request.setEntity(entity(form));
        }
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(KiteConnections.GATE, gate);
        return exchange(request, context, ORDER_TIMEOUT, held);
    }

    private HttpUriRequestBase request(String method, String pathAndQuery, String token) {
        HttpUriRequestBase request = new HttpUriRequestBase(method, URI.create(root + pathAndQuery));
        request.setHeader("X-Kite-Version", "3");
        request.setHeader("Authorization", "token " + apiKey + ":" + token);
        return request;
    }

    private static HttpEntity entity(Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return new ByteArrayEntity(body.getBytes(StandardCharsets.UTF_8), FORM);
    }

    private Answer read(HttpUriRequestBase request) throws IOException {
        return exchange(request, HttpClientContext.create(), READ_TIMEOUT, () -> true);
    }

    /** The client's own time-outs are each for one step, so the whole exchange is timed here. */
    private Answer exchange(
            HttpUriRequestBase request, HttpClientContext context, Duration timeout, BooleanSupplier held)
            throws IOException {
        Future<Answer> future;
        try {
            future = calls.submit(() -> client.execute(request, context, KiteRest::whole));
        } catch (RejectedExecutionException closed) {
            throw new IOException("the connections to the broker are closed", closed);
        }
        long begunNanos = System.nanoTime();
        try {
            while (true) {
                try {
                    return future.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException notYet) {
                    if (!held.getAsBoolean()) {
                        throw new IOException("the right to send ended before the answer came", notYet);
                    }
                    if (System.nanoTime() - begunNanos > timeout.toNanos()) {
                        throw new IOException("no whole answer within " + timeout.toMillis() + " ms", notYet);
                    }
                }
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(failure.getCause());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the answer", stopping);
        } finally {
            if (!future.isDone()) {
                request.abort();
            }
        }
    }

    private static Answer whole(ClassicHttpResponse response) throws IOException {
        Header location = response.getFirstHeader("Location");
        return new Answer(response.getCode(), text(response.getEntity()), location == null ? "" : location.getValue());
    }

    private static String text(@Nullable HttpEntity entity) throws IOException {
        if (entity == null) {
            return "";
        }
        byte[] body = bounded(entity.getContent(), "answer has");
        boolean gzip = body.length > 2 && body[0] == 0x1F && body[1] == (byte) 0x8B;
        if (gzip) {
            body = bounded(new GZIPInputStream(new ByteArrayInputStream(body)), "gzip answer unpacks to");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private static byte[] bounded(InputStream stream, String what) throws IOException {
        try (stream) {
            byte[] whole = stream.readNBytes(MAX_BODY_BYTES + 1);
            if (whole.length > MAX_BODY_BYTES) {
                throw new IOException(what + " more than " + MAX_BODY_BYTES + " bytes");
            }
            return whole;
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
        calls.shutdownNow();
    }
}
