package dev.holdfast.projection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Sessions with the primary, whichever host it is on. All hosts are asked side by side, and again, until one says that it is the
 * primary: the driver's own list asks one after another, and a host that is frozen or cut off takes all the time there is.
 * Thread-safe.
 */
public final class PrimarySessions {

    /** Before a host that answered is asked again: a log-in costs each side some milliseconds of a processor. */
    private static final long ASK_AGAIN_NANOS = Duration.ofMillis(200).toNanos();

    /** For the host of the last session, so that on a good day the others are left alone. */
    private static final long HEAD_START_NANOS = Duration.ofMillis(50).toNanos();

    private final Map<String, PGSimpleDataSource> hosts;
    private final Duration limit;
    private volatile String last = "";

    /**
     * @param hosts each with a source for its own server, which refuses one that is not the primary
     * @param limit after which no session is had
     */
    PrimarySessions(Map<String, PGSimpleDataSource> hosts, Duration limit) {
        this.hosts = Map.copyOf(hosts);
        this.limit = limit;
    }

    /** @throws SQLException if there is no primary within the limit, with what each host said last */
    public Connection open() throws SQLException {
        CompletableFuture<Connection> first = new CompletableFuture<>();
        Map<String, String> answers = new ConcurrentSkipListMap<>();
        hosts.forEach((host, source) -> {
            answers.put(host, "no answer");
            Thread.ofVirtual().name("primary-on-" + host).start(() -> ask(host, source, first, answers));
        });
        try {
            return first.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException none) {
            if (first.cancel(true)) {
                throw new NoPrimary(
                        "no host says within " + limit.toSeconds() + " s that its PostgreSQL is the primary: "
                                + answers,
                        answers.entrySet().stream()
                                .filter(answer -> answer.getValue().contains("targetServerType"))
                                .map(Map.Entry::getKey)
                                .toList());
            }
            return first.join(); // at the last moment
        } catch (InterruptedException interrupted) {
            if (!first.cancel(true)) {
                first.join().close();
            }
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while looking for the primary", interrupted);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("nobody ends it with a failure", impossible);
        }
    }

    private void ask(
            String host, PGSimpleDataSource source, CompletableFuture<Connection> first, Map<String, String> answers) {
        if (!last.isEmpty() && !last.equals(host)) {
            LockSupport.parkNanos(HEAD_START_NANOS);
        }
        while (!first.isDone()) {
            try {
                Connection session = source.getConnection();
                if (first.complete(session)) {
                    last = host;
                } else {
                    session.close();
                }
            } catch (SQLException no) {
                answers.put(host, String.valueOf(no.getMessage()));
                LockSupport.parkNanos(ASK_AGAIN_NANOS);
            }
        }
    }

    /** No host was the primary. */
    static final class NoPrimary extends SQLException {

        /** SQLSTATE of a client that found no server. */
        private static final String UNABLE_TO_CONNECT = "08001";

        private final transient List<String> answered;

        NoPrimary(String message, List<String> answered) {
            super(message, UNABLE_TO_CONNECT);
            this.answered = answered;
        }

        /** Hosts whose server took the log-in, and said that it takes no writes. */
        List<String> answered() {
            return answered;
        }
    }
}
