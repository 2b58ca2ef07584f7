package dev.holdfast.dashboard;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs people in and knows them again. Sessions are in the store. While it is down, a session it confirmed within the last
 * ten minutes goes on, and a new login is known to this process alone. Whether its user may still log in is asked of the
 * file of users each time, so that a change there ends the user's sessions whatever becomes of the store. Thread-safe.
 */
final class Authentication {

    static final Duration SESSION_LIFE = Duration.ofHours(12);
    static final Duration TRUSTED_WITHOUT_STORE = Duration.ofMinutes(10);
    static final int MAX_LOCAL_SESSIONS = 1_000;

    /** Pause that is asked of a caller whose password found no turn to be checked. */
    static final long NO_TURN_WAIT_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 24;
    private static final int IDLE_SECONDS = 10;

    /** @param local known to this process alone, and so never looked for in the store */
    private record Known(Session session, boolean local, long trustedUntilMillis) {}

    private final Users users;
    private final SessionStore store;
    private final byte[] cookieKey;
    private final LongSupplier wallMillis;
    private final FailedLogins failedLogins;
    private final PasswordTurns turns = new PasswordTurns();

    /**
     * A check computes and never waits, so that on a request's virtual thread it would keep a processor's carrier to its end, and
     * two of them would stop every other request. These threads share the processors as the operating system sees fit.
     */
    private final ThreadPoolExecutor checks = new ThreadPoolExecutor(
            PasswordTurns.PLACES,
            PasswordTurns.PLACES,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(PasswordTurns.PLACES),
            Thread.ofPlatform().name("password-check-", 0).daemon().factory());

    private final Map<String, Known> known = new LinkedHashMap<>();
    private boolean storeDown;

    Authentication(
            Users users,
            SessionStore store,
            String cookieSecret,
            LongSupplier wallMillis,
            LongSupplier monotonicMillis) {
        this.users = users;
        this.store = store;
        this.cookieKey = cookieSecret.getBytes(StandardCharsets.UTF_8);
        this.wallMillis = wallMillis;
        this.failedLogins = new FailedLogins(monotonicMillis);
        checks.allowCoreThreadTimeOut(true);
    }

    /** What became of an attempt to log in. */
    sealed interface Attempt {
        /**
         * @param cookie the cookie's value: the session's id, signed
         * @param browser by which this browser is known at its next login
         */
        record Accepted(String cookie, String browser, Session session) implements Attempt {}

        record Refused() implements Attempt {}

        record Throttled(long waitMillis) implements Attempt {}
    }

    /**
     * @param browser what the user's last login from there gave it, if any: its failures are then counted apart from those of
     *     its address, where somebody else may be guessing
     */
    Attempt login(String name, String password, String address, @Nullable String browser) throws InterruptedException {
        Optional<String> known = knownBrowser(name, browser);
        String from = known.orElse(address);
        long waitMillis = failedLogins.waitMillis(name, from, known.isPresent());
        if (waitMillis > 0) {
            return new Attempt.Throttled(waitMillis);
        }
        // A name that nobody has stands behind one that somebody has: a flood of made-up names holds up nobody.
        long weight = failedLogins.weight(name, address) + (users.knows(name) ? 0 : 1);
        if (!turns.enter(known.isPresent() ? 0 : weight)) {
            return new Attempt.Throttled(NO_TURN_WAIT_MILLIS);
        }
        Optional<Users.User> user;
        try {
            user = check(name, password);
        } finally {
            turns.leave();
        }
        if (user.isEmpty()) {
            failedLogins.failed(name, from);
            LOG.warn("login refused address={}", address);
            return new Attempt.Refused();
        }
        failedLogins.succeeded(name, from);
        users.somebodyLoggedIn();
        return accepted(user.get(), address, known.isPresent() && browser != null ? browser : newBrowser(name));
    }

    private Optional<Users.User> check(String name, String password) throws InterruptedException {
        try {
            return checks.submit(() -> users.verify(name, password)).get();
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a password could not be checked", failed.getCause());
        }
    }

    private Attempt accepted(Users.User user, String address, String browser) {
        String id = random();
        Session session = new Session(
                user.name(), user.role(), random(), wallMillis.getAsLong() + SESSION_LIFE.toMillis(), user.stamp());
        boolean stored = tell(() -> store.put(id, session, SESSION_LIFE));
        remember(id, session, !stored);
        LOG.info("login user={} role={} address={} shared={}", session.user(), session.role(), address, stored);
        return new Attempt.Accepted(id + "." + signature(id), browser, session);
    }

    /** Names this browser for this user alone; who copies it gains a count of failures of his own, no login. */
    private String newBrowser(String name) {
        String id = random();
        return id + "." + signature(id + " of " + name);
    }

    private Optional<String> knownBrowser(String name, @Nullable String browser) {
        int dot = browser == null ? -1 : browser.indexOf('.');
        if (browser == null || dot < 0) {
            return Optional.empty();
        }
        String id = browser.substring(0, dot);
        return sameText(signature(id + " of " + name), browser.substring(dot + 1))
                ? Optional.of("browser " + id)
                : Optional.empty();
    }

    /** Who sent this cookie; empty when it is missing, forged, unknown, too old, or its user was changed since. */
    Optional<Session> session(@Nullable String cookie) {
        return verifiedId(cookie)
                .flatMap(this::lookUp)
                .filter(session -> session.expiresMillis() > wallMillis.getAsLong())
                .filter(this::mayGoOn);
    }

    /** Whether the session's user is still as at its login; asks nobody but the file of users. */
    boolean mayGoOn(Session session) {
        return users.unchanged(session.user(), session.userStamp());
    }

    private Optional<Session> lookUp(String id) {
        Known here = recall(id);
        if (here != null && here.local()) {
            return Optional.of(here.session());
        }
        try {
            Optional<Session> stored = store.get(id);
            storeAnswered();
            stored.ifPresentOrElse(session -> remember(id, session, false), () -> forget(id));
            return stored;
        } catch (SessionStore.Down down) {
            storeFailed(down);
            return here != null && here.trustedUntilMillis() > wallMillis.getAsLong()
                    ? Optional.of(here.session())
                    : Optional.empty();
        }
    }

    void logout(@Nullable String cookie) {
        verifiedId(cookie).ifPresent(id -> {
            forget(id);
            if (!tell(() -> store.remove(id))) {
                LOG.warn("a session was logged out here, but stays in the store until it expires");
            }
        });
    }

    /** Whether the store failed the last time it was asked. */
    synchronized boolean storeDown() {
        return storeDown;
    }

    private boolean tell(Runnable call) {
        try {
            call.run();
            storeAnswered();
            return true;
        } catch (SessionStore.Down down) {
            storeFailed(down);
            return false;
        }
    }

    private synchronized void storeAnswered() {
        if (storeDown) {
            LOG.info("the session store answers again");
        }
        storeDown = false;
    }

    private synchronized void storeFailed(SessionStore.Down down) {
        if (!storeDown) {
            LOG.warn("the session store is down, sessions continue in this process: {}", down.getMessage());
        }
        storeDown = true;
    }

    private synchronized void remember(String id, Session session, boolean local) {
        known.remove(id);
        known.put(id, new Known(session, local, wallMillis.getAsLong() + TRUSTED_WITHOUT_STORE.toMillis()));
        if (known.size() > MAX_LOCAL_SESSIONS) {
            known.remove(known.keySet().iterator().next());
        }
    }

    private synchronized @Nullable Known recall(String id) {
        return known.get(id);
    }

    private synchronized void forget(String id) {
        known.remove(id);
    }

    /** The signature is looked at first: a made-up id never costs a question to the store. */
    private Optional<String> verifiedId(@Nullable String cookie) {
        int dot = cookie == null ? -1 : cookie.indexOf('.');
        if (cookie == null || dot < 0) {
            return Optional.empty();
        }
        String id = cookie.substring(0, dot);
        return sameText(signature(id), cookie.substring(dot + 1)) ? Optional.of(id) : Optional.empty();
    }

    /** Compares in a time that does not depend on where they differ. */
    static boolean sameText(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private String signature(String id) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(cookieKey, "HmacSHA256"));
            return base64(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }

    private static String random() {
        byte[] bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return base64(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
