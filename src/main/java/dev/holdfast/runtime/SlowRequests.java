package dev.holdfast.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Cuts off who sends a request too slowly. Jetty's own limit begins anew with each byte, so that a byte now and then holds a
 * connection for ever; this one is for the whole request, its headers and its body. What a request is answered with may take
 * as long as it likes.
 */
final class SlowRequests extends AbstractLifeCycle implements Connection.Listener {

    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** States of the parser between two requests, or after a request that has arrived whole. */
    private static final Set<HttpParser.State> NOT_READING =
            Set.of(HttpParser.State.START, HttpParser.State.END, HttpParser.State.CLOSE, HttpParser.State.CLOSED);

    /** @param requests that the connection had brought, the one that is being read among them */
    private record Reading(long requests, long sinceNanos) {}

    private final Scheduler scheduler;
    private final Map<HttpConnection, Reading> open = new ConcurrentHashMap<>();

    SlowRequests(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    protected void doStart() {
        lookLater();
    }

    private void lookLater() {
        scheduler.schedule(this::look, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (isRunning()) {
            open.keySet().forEach(this::look);
            lookLater();
        }
    }

    private void look(HttpConnection connection) {
        long now = System.nanoTime();
        long requests = connection.getMessagesIn();
        boolean reading = !NOT_READING.contains(connection.getParser().getState());
        Reading known = open.computeIfPresent(
                connection,
                (key, before) -> reading && before.requests() == requests ? before : new Reading(requests, now));
        if (reading && known != null && now - known.sinceNanos() > LIMIT.toNanos()) {
            connection.getEndPoint().close();
        }
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HttpConnection http) {
            open.put(http, new Reading(0, System.nanoTime()));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        if (connection instanceof HttpConnection http) {
            open.remove(http);
        }
    }
}
