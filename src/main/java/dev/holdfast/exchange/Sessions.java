package dev.holdfast.exchange;

import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log-ins: request tokens that live minutes and serve once, access tokens that die at 06:00 of the next market day. */
final class Sessions {

    /** Another application of the same account, so that a client of its own can trade beside ours. */
    static final String NEIGHBOUR_KEY = "neighbour";

    static final String NEIGHBOUR = "NEIGHBOUR";

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final LocalTime EXPIRY = LocalTime.of(6, 0);
    private static final int MAX_REQUEST_TOKENS = 1_000;
    private static final long REQUEST_TOKEN_NANOS = 300 * Ist.NANOS_PER_SECOND;

    private final Floor floor;
    private final LongSupplier wallNanos;
    private final String apiKey;
    private final String apiSecret;
    private final String neighbourSecret;
    private final Map<String, Long> requestTokens = new LinkedHashMap<>();

    /** @param neighbourSecret API secret of the neighbour's application */
    Sessions(Floor floor, LongSupplier wallNanos, String apiKey, String apiSecret, String neighbourSecret) {
        this.floor = floor;
        this.wallNanos = wallNanos;
        this.apiKey = apiKey;
        this.apiSecret = apiSecret;
        this.neighbourSecret = neighbourSecret;
    }

    /** The person at the log-in page said yes. */
    synchronized String requestToken(String givenApiKey) {
        requireApiKey(givenApiKey);
        long now = wallNanos.getAsLong();
        requestTokens.values().removeIf(expires -> expires <= now);
        if (requestTokens.size() >= MAX_REQUEST_TOKENS) {
            throw KiteError.tooMany("Too many log-ins are under way");
        }
        String token = randomToken();
        requestTokens.put(token, now + REQUEST_TOKEN_NANOS);
        return token;
    }

    private void requireApiKey(String given) {
        if (!Digest.same(apiKey, given) && !given.equals(NEIGHBOUR_KEY)) {
            throw KiteError.input("Invalid `api_key`");
        }
    }

    private static @Nullable String app(String givenApiKey) {
        return givenApiKey.equals(NEIGHBOUR_KEY) ? NEIGHBOUR : null;
    }

    /** @return the access token */
    String open(String givenApiKey, String requestToken, String checksum) {
        requireApiKey(givenApiKey);
        String app = app(givenApiKey);
        String secret = app == null ? apiSecret : neighbourSecret;
        if (!Digest.same(Digest.sha256(givenApiKey, requestToken, secret), checksum)) {
            throw KiteError.token("Invalid `checksum`");
        }
        synchronized (this) {
            Long expires = requestTokens.remove(requestToken);
            if (expires == null || expires <= wallNanos.getAsLong()) {
                throw KiteError.token("Token is invalid or has expired");
            }
        }
        String token = randomToken();
        LocalDate nextDay = floor.followTime().day().plusDays(1);
        floor.record(new LedgerEntry.SessionOpened(Digest.sha256(token), Ist.nanos(nextDay, EXPIRY), app));
        LOG.info("session opened, expires {} 06:00", nextDay);
        return token;
    }

    /** @throws KiteError TokenException unless this is a live session of this application */
    void require(String givenApiKey, String accessToken) {
        if (!isLive(givenApiKey, accessToken)) {
            throw KiteError.token("Incorrect `api_key` or `access_token`.");
        }
    }

    boolean isLive(String givenApiKey, String accessToken) {
        String hash = Digest.sha256(accessToken);
        long market = floor.now().nanos();
        String app = app(givenApiKey);
        return (app != null || Digest.same(apiKey, givenApiKey))
                && floor.read(() -> floor.book().sessions().stream()
                        .anyMatch(session -> session.tokenHash().equals(hash)
                                && Objects.equals(session.app(), app)
                                && session.expiresMarketNanos() > market));
    }

    void end(String accessToken) {
        floor.record(new LedgerEntry.SessionsEnded(Digest.sha256(accessToken), "logged out"));
    }

    /** Every session dies, as at a master log-out. */
    void endAll(String reason) {
        floor.record(new LedgerEntry.SessionsEnded(null, reason));
        LOG.info("all sessions ended: {}", reason);
    }

    /** The session of a log-in as Kite describes it. */
    Map<String, Object> describe(String givenApiKey, String accessToken) {
        Map<String, Object> data = new LinkedHashMap<>(profile());
        data.put("api_key", givenApiKey);
        data.put("access_token", accessToken);
        data.put("public_token", randomToken());
        data.put("refresh_token", "");
        data.put("enctoken", randomToken());
        data.put("login_time", Ist.text(floor.now().nanos()));
        return data;
    }

    static Map<String, Object> profile() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("user_id", Rows.USER_ID);
        data.put("user_name", "Holdfast Simulated");
        data.put("user_shortname", "Holdfast");
        data.put("email", "simulated@example.invalid");
        data.put("user_type", "individual");
        data.put("broker", "ZERODHA");
        data.put("exchanges", List.of("NSE"));
        data.put("products", List.of("CNC", "NRML", "MIS"));
        data.put("order_types", List.of("MARKET", "LIMIT"));
        data.put("meta", Map.of("demat_consent", "consent"));
        data.put("avatar_url", "");
        return data;
    }

    private static String randomToken() {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
