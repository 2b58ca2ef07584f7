package dev.holdfast.broker.kite;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** HTTP in Kite's manner: version and token headers, form bodies, bounded time and size. It judges nothing. */
final class KiteRest implements AutoCloseable {

    /** Below the idle time-out of the servers we meet (30 s): a POST must not go out on a connection that is just being closed. */
    private static final String IDLE_CONNECTION_SECONDS = "8";

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    static final Duration ORDER_TIMEOUT = Duration.ofSeconds(3);
    static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

    static {
        System.setProperty("jdk.httpclient.keepalive.timeout", IDLE_CONNECTION_SECONDS);
    }

    private final String root;
    private final String apiKey;
    private final HttpClient client;

    /** @param root of the interface, without a slash at the end */
    KiteRest(String root, String apiKey) {
        this.root = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
        this.apiKey = apiKey;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** One whole answer; a gzip body is unpacked. */
    record Answer(int status, String body, String location) {}

    Answer get(String pathAndQuery, String token) throws IOException {
        return exchange(request(URI.create(root + pathAndQuery), token).GET().build(), READ_TIMEOUT);
    }

    /** Reads an address outside the interface: the log-in page. */
    Answer getPage(String address) throws IOException {
        return exchange(HttpRequest.newBuilder(URI.create(address)).GET().build(), READ_TIMEOUT);
    }

    Answer post(String path, String token, Map<String, String> form) throws IOException {
        return exchange(
                request(URI.create(root + path), token)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(encode(form)))
                        .build(),
                READ_TIMEOUT);
    }

    /** Sends an order call whose body leaves only through the gate. */
    Answer sendOrder(String method, String path, String token, Map<String, String> form, WriteGate gate)
            throws IOException {
        return exchange(
                request(URI.create(root + path), token)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .method(method, new GatedBody(encode(form).getBytes(StandardCharsets.UTF_8), gate))
                        .build(),
                ORDER_TIMEOUT);
    }

    Answer delete(String path, String token) throws IOException {
        return exchange(request(URI.create(root + path), token).DELETE().build(), ORDER_TIMEOUT);
    }

    private HttpRequest.Builder request(URI address, String token) {
        return HttpRequest.newBuilder(address)
                .header("X-Kite-Version", "3")
                .header("Authorization", "token " + apiKey + ":" + token);
    }

    /** The JDK's own request time-out ends at the headers, so the whole exchange is timed here. */
    private Answer exchange(HttpRequest request, Duration timeout) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> future =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY_BYTES));
        try {
            HttpResponse<byte[]> response = future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(
                    response.statusCode(),
                    text(response.body()),
                    response.headers().firstValue("Location").orElse(""));
        } catch (TimeoutException late) {
            future.cancel(true);
            throw new IOException("no whole answer within " + timeout.toMillis() + " ms", late);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(failure.getCause());
        } catch (InterruptedException stopping) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the answer", stopping);
        }
    }

    private static String text(byte[] body) throws IOException {
        boolean gzip = body.length > 2 && body[0] == 0x1F && body[1] == (byte) 0x8B;
        if (!gzip) {
            return new String(body, StandardCharsets.UTF_8);
        }
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] whole = unpacked.readNBytes(MAX_BODY_BYTES + 1);
            if (whole.length > MAX_BODY_BYTES) {
                throw new IOException("gzip answer unpacks to more than " + MAX_BODY_BYTES + " bytes");
            }
            return new String(whole, StandardCharsets.UTF_8);
        }
    }

    static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
