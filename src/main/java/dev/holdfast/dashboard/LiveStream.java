package dev.holdfast.dashboard;

import dev.holdfast.log.Log;
import io.javalin.http.sse.SseClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends the live page what it needs: all of it once, then what changed, at most four times a second. Each client's thread
 * takes the newest state when it is ready for it, so a slow client misses steps, never the result, and holds up nobody.
 */
final class LiveStream implements AutoCloseable {

    static final int MAX_CLIENTS = 50;
    static final long MIN_GAP_MILLIS = 250;

    /**
     * Silence is news too: ages and the state of the log are sent again after this time. With the least gap it stays below the
     * second within which a changed user's page must end.
     */
    private static final Duration MAX_GAP = Duration.ofMillis(600);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration STOP_POLL = Duration.ofMillis(5);
    private static final int UPDATES_BETWEEN_SESSION_CHECKS = 60;

    private final LiveModel model;
    private final Log log;
    private final Stores stores;
    private final RecoveryWatch recovery;
    private final DrillWatch drills;
    private final Authentication authentication;
    private final JsonMapper json;
    private final AtomicInteger clients = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    LiveStream(
            LiveModel model,
            Log log,
            Stores stores,
            RecoveryWatch recovery,
            DrillWatch drills,
            Authentication authentication,
            JsonMapper json) {
        this.model = model;
        this.log = log;
        this.stores = stores;
        this.recovery = recovery;
        this.drills = drills;
        this.authentication = authentication;
        this.json = json;
    }

    /**
     * @param recovery null where no host votes
     * @param hosts null when nothing changed there since the last update
     * @param drills null when nothing changed there since the last update
     * @param work the drill or chaos at work, null when there is none
     */
    record Update(
            LiveView live,
            List<Stores.Store> stores,
            @Nullable RecoveryView recovery,
            @Nullable List<Agents.Seen> hosts,
            @Nullable DrillView drills,
            DrillView.@Nullable Work work) {}

    /** Serves one client until it goes, its session ends or the dashboard closes. Called on a thread of its own. */
    void serve(SseClient client) {
        if (clients.incrementAndGet() > MAX_CLIENTS) {
            client.sendEvent("full", "more than " + MAX_CLIENTS + " pages are open; close one");
        } else {
            try {
                send(client);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        client.close();
        clients.decrementAndGet();
    }

    private void send(SseClient client) throws InterruptedException {
        Session session = Access.session(client.ctx());
        long version = 0;
        long decisions = 0;
        long hosts = -1;
        long reports = -1;
        for (int updates = 1; !client.terminated(); updates++) {
            if (!authentication.mayGoOn(session)
                    || (updates % UPDATES_BETWEEN_SESSION_CHECKS == 0 && !loggedIn(client))) {
                client.sendEvent("ended", "the session ended; log in again");
                return;
            }
            LiveView view = model.since(version, log.status());
            version = view.version();
            RecoveryView recovered = recovery.since(decisions);
            if (recovered != null && !recovered.decisions().isEmpty()) {
                decisions = recovered.decisions().getLast().sequence();
            }
            long hostsNow = recovery.agents().version();
            DrillWatch.Seen drilled = drills.seen();
            Update update = new Update(
                    view,
                    stores.view(),
                    recovered,
                    hostsNow == hosts ? null : recovery.agents().view(),
                    drilled.drills().version() == reports ? null : drilled.drills(),
                    drilled.work());
            hosts = hostsNow;
            reports = drilled.drills().version();
            client.sendEvent("live", json.writeValueAsString(update));
            if (closed.await(MIN_GAP_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
            model.awaitChange(version, MAX_GAP);
        }
    }

    private boolean loggedIn(SseClient client) {
        return authentication.session(client.ctx().cookie(Access.COOKIE)).isPresent();
    }

    int clients() {
        return clients.get();
    }

    /** Lets the clients' threads end; a server that stops under them would fail in the middle of a write. */
    @Override
    public void close() {
        closed.countDown();
        model.releaseWaiters();
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        while (clients.get() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(STOP_POLL.toNanos());
        }
    }
}
