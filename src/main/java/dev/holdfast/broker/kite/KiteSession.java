package dev.holdfast.broker.kite;

import dev.holdfast.broker.BrokerSession;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.runtime.Backoff;
import dev.holdfast.runtime.SealedSecrets;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our access token: shared sealed between the gateways, proved by a call, given up when the broker refuses it. On the simulated
 * exchange it logs in by itself; a real account waits for a person and {@code ./holdfast login}. Thread-safe.
 */
public final class KiteSession implements BrokerSession {

    /** The sealed secret that all gateways share. */
    public static final String TOKEN_SECRET = "broker-access-token";

    private static final Logger LOG = LoggerFactory.getLogger(KiteSession.class);

    private final KiteRest rest;
    private final KiteLogin login;
    private final SealedSecrets sealed;
    private final boolean logsInByItself;
    private final Listener listener;
    private final Backoff backoff = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(15));

    /** One attempt at a time; nobody who only needs the token waits for it. */
    private final ReentrantLock attempting = new ReentrantLock();

    private volatile BrokerSessionState state = BrokerSessionState.NONE;
    private volatile String token = "";
    private volatile String refusedToken = "";
    private volatile String userId = "";
    private volatile long nextAttemptNanos = System.nanoTime();

    KiteSession(KiteRest rest, KiteLogin login, SealedSecrets sealed, boolean logsInByItself, Listener listener) {
        this.rest = rest;
        this.login = login;
        this.sealed = sealed;
        this.logsInByItself = logsInByItself;
        this.listener = listener;
    }

    @Override
    public BrokerSessionState state() {
        return state;
    }

    /** The token for the next call; the last known one when it is dead, which the broker will refuse again. */
    String token() {
        return token;
    }

    /** Who we are at the broker, empty before the first proof. */
    String userId() {
        return userId;
    }

    /** The broker answered TokenException to a call made with this token. */
    synchronized void refused(String usedToken) {
        if (state == BrokerSessionState.VALID && usedToken.equals(token)) {
            refusedToken = usedToken;
            nextAttemptNanos = System.nanoTime();
            change(
                    BrokerSessionState.DEAD,
                    logsInByItself ? "token refused; logging in anew" : "token refused; run './holdfast login'");
        }
    }

    @Override
    public boolean ensure() {
        if (state == BrokerSessionState.VALID) {
            return true;
        }
        if (nextAttemptNanos - System.nanoTime() > 0 || !attempting.tryLock()) {
            return false;
        }
        try {
            return attempt();
        } finally {
            attempting.unlock();
        }
    }

    private boolean attempt() {
        try {
            // Another gateway may have logged in already, and a second log-in could kill its token.
            Optional<String> shared = sharedToken().filter(candidate -> !candidate.equals(refusedToken));
            if (shared.isPresent() && proves(shared.get())) {
                backoff.succeeded();
                return true;
            }
            if (logsInByItself && proves(login.byItself())) {
                backoff.succeeded();
                return true;
            }
            if (!logsInByItself && state != BrokerSessionState.DEAD) {
                change(BrokerSessionState.DEAD, "no valid token; run './holdfast login'");
            }
        } catch (IOException failure) {
            LOG.warn("broker session attempt failed reason=\"{}\"", failure.getMessage());
        }
        nextAttemptNanos = System.nanoTime() + backoff.failed().toNanos();
        return false;
    }

    private Optional<String> sharedToken() throws IOException {
        try {
            return sealed.read(TOKEN_SECRET);
        } catch (SealedSecrets.BrokenSeal broken) {
            if (logsInByItself) {
                LOG.warn("shared token ignored reason=\"{}\"", broken.getMessage());
                return Optional.empty();
            }
            throw new IOException(broken.getMessage(), broken);
        }
    }

    private boolean proves(String candidate) throws IOException {
        KiteRest.Answer answer = rest.get("/user/profile", candidate);
        if (answer.status() == 200) {
            userId = Json.parse(answer.body())
                    .map(profile -> Json.text(profile.path("data"), "user_id"))
                    .orElse("");
            token = candidate;
            change(BrokerSessionState.VALID, "logged in as " + userId);
            return true;
        }
        // What a proxy says, or what is not permitted, tells nothing about the token.
        if (KiteAnswer.refusesToken(answer)) {
            refusedToken = candidate;
            return false;
        }
        throw new IOException("GET /user/profile answered HTTP " + answer.status());
    }

    private synchronized void change(BrokerSessionState next, String detail) {
        state = next;
        LOG.info("broker session state={} detail=\"{}\"", next, detail);
        listener.changed(next, detail);
    }
}
