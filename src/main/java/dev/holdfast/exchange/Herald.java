package dev.holdfast.exchange;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** Tells clients of order changes, in order, once they are on disk: by ticker frame and by HTTP postback. */
final class Herald implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Herald.class);
    private static final int MAX_WAITING_NOTICES = 20_000;
    private static final int MAX_POSTBACKS_IN_FLIGHT = 32;
    private static final Duration POSTBACK_TIMEOUT = Duration.ofSeconds(3);

    private final Ticker ticker;
    private final Witness witness;
    private final Faults faults;
    private final String apiSecret;
    private final List<URI> postbackUrls;
    private final HttpClient http;
    private final Semaphore postbacks = new Semaphore(MAX_POSTBACKS_IN_FLIGHT);
    private final AtomicLong dropped = new AtomicLong();
    private final ThreadPoolExecutor thread;

    Herald(Ticker ticker, Witness witness, Faults faults, String apiSecret, List<String> postbackUrls) {
        this.ticker = ticker;
        this.witness = witness;
        this.faults = faults;
        this.apiSecret = apiSecret;
        this.postbackUrls = postbackUrls.stream().map(URI::create).toList();
        this.http = HttpClient.newBuilder()
                .connectTimeout(POSTBACK_TIMEOUT)
                .executor(task -> Thread.ofVirtual().start(task))
                .build();
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_WAITING_NOTICES),
                Thread.ofVirtual().name("exchange-herald").factory(),
                (_, _) -> dropped.incrementAndGet());
    }

    /** Queues a notice; never waits. */
    void tell(OrderNotice notice) {
        thread.execute(() -> announce(notice));
    }

    long dropped() {
        return dropped.get();
    }

    private void announce(OrderNotice notice) {
        try {
            witness.sync();
        } catch (Ledger.LedgerFailed failure) {
            dropped.incrementAndGet();
            return;
        }
        if (faults.take(FaultKind.POSTBACK_MISSING).isPresent()) {
            return;
        }
        int times = faults.take(FaultKind.POSTBACK_DUPLICATE).isPresent() ? 2 : 1;
        faults.take(FaultKind.POSTBACK_LATE)
                .ifPresentOrElse(
                        fault -> Thread.ofVirtual().name("exchange-late-notice").start(() -> {
                            if (Pause.millis(fault.millis())) {
                                send(notice, times);
                            }
                        }),
                        () -> send(notice, times));
    }

    private void send(OrderNotice notice, int times) {
        String frame = "{\"type\":\"order\",\"data\":" + Rows.JSON.writeValueAsString(notice.row()) + "}";
        for (int i = 0; i < times; i++) {
            ticker.publishOrder(frame);
            if (!notice.status().equals(OrderStatus.OPEN.text())) {
                String body = Rows.JSON.writeValueAsString(postback(notice, apiSecret));
                postbackUrls.forEach(url -> post(url, body));
            }
        }
    }

    /** The order row with the postback's own status and its checksum. */
    static ObjectNode postback(OrderNotice notice, String apiSecret) {
        ObjectNode body = notice.row().deepCopy();
        body.put("status", notice.status());
        body.put("unfilled_quantity", body.path("pending_quantity").longValue());
        body.put(
                "checksum",
                Digest.sha256(
                        body.path("order_id").stringValue(),
                        body.path("order_timestamp").stringValue(),
                        apiSecret));
        return body;
    }

    private void post(URI url, String body) {
        if (!postbacks.tryAcquire()) {
            dropped.incrementAndGet();
            return;
        }
        Thread.ofVirtual().name("exchange-postback").start(() -> {
            try {
                HttpRequest request = HttpRequest.newBuilder(url)
                        .timeout(POSTBACK_TIMEOUT)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
                http.send(request, HttpResponse.BodyHandlers.discarding());
            } catch (IOException unreachable) {
                // The broker does not try again either.
                LOG.debug("postback to {} failed: {}", url, unreachable.getMessage());
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            } finally {
                postbacks.release();
            }
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
        http.shutdownNow();
    }
}
