package dev.holdfast.broker.kite;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.SealedSecrets;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a log-in at the broker into an access token that all gateways share. Used by {@code ./holdfast login} for a real
 * account, and by the gateway itself on the simulated exchange.
 */
public final class KiteLogin implements AutoCloseable {

    private static final Pattern REQUEST_TOKEN = Pattern.compile("[?&]request_token=([A-Za-z0-9_-]+)");
    private static final Pattern TOKEN_ON_PAGE = Pattern.compile("id=\"request_token\">([A-Za-z0-9_-]+)<");
    private static final Pattern BARE_TOKEN = Pattern.compile("[A-Za-z0-9_-]{8,64}");

    private final KiteRest rest;
    private final SealedSecrets sealed;
    private final String loginUrl;
    private final String apiKey;
    private final String apiSecret;

    public KiteLogin(Configuration configuration, Secrets secrets) {
        this(
                new KiteRest(configuration.broker().restUrl(), secrets.read("broker-api-key")),
                secrets,
                configuration.broker().loginUrl());
    }

    KiteLogin(KiteRest rest, Secrets secrets, String loginUrl) {
        this.rest = rest;
        this.sealed = new SealedSecrets(secrets);
        this.loginUrl = loginUrl;
        this.apiKey = secrets.read("broker-api-key");
        this.apiSecret = secrets.read("broker-api-secret");
    }

    /** The page to open in a browser; it leads back to an address that carries the request token. */
    public String url() {
        return loginUrl + (loginUrl.contains("?") ? "&" : "?") + "v=3&api_key="
                + URLEncoder.encode(apiKey, StandardCharsets.UTF_8);
    }

    /**
     * Exchanges the request token for an access token and shares it, sealed.
     *
     * @param typed the request token, or the whole address the browser was sent to
     * @return whom the broker logged in
     */
    public String complete(String typed) throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        String requestToken = requestToken(typed);
        form.put("api_key", apiKey);
        form.put("request_token", requestToken);
        form.put("checksum", Checksum.sha256Hex(apiKey + requestToken + apiSecret));
        KiteRest.Answer answer = rest.post("/session/token", "", form);
        var data =
                Json.parse(answer.body()).map(envelope -> envelope.path("data")).orElse(null);
        String accessToken = data == null ? "" : Json.text(data, "access_token");
        if (answer.status() != 200 || data == null || accessToken.isEmpty()) {
            throw new IOException("the broker gave no access token (HTTP " + answer.status()
                    + "); request tokens live minutes and work once: open the log-in page again");
        }
        sealed.write(KiteSession.TOKEN_SECRET, accessToken);
        return Json.text(data, "user_id");
    }

    /** The simulated exchange asks no person: its log-in page redirects at once, or shows the token when it knows no address. */
    String byItself() throws IOException {
        KiteRest.Answer page = rest.getPage(url());
        Matcher shown = TOKEN_ON_PAGE.matcher(page.body());
        if (!page.location().isEmpty()) {
            complete(page.location());
        } else if (shown.find()) {
            complete(shown.group(1));
        } else {
            throw new IOException(
                    "the log-in page answered HTTP " + page.status() + " with neither a redirect nor a token");
        }
        return sealed.read(KiteSession.TOKEN_SECRET)
                .orElseThrow(() -> new IOException("the shared token vanished while logging in"));
    }

    private static String requestToken(String typed) throws IOException {
        String stripped = typed.strip();
        Matcher inAddress = REQUEST_TOKEN.matcher(stripped);
        if (inAddress.find()) {
            return inAddress.group(1);
        }
        if (BARE_TOKEN.matcher(stripped).matches()) {
            return stripped;
        }
        throw new IOException("this is neither a request token nor an address that carries one");
    }

    @Override
    public void close() {
        rest.close();
    }
}
