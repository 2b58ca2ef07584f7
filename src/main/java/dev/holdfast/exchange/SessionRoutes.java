package dev.holdfast.exchange;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** Log-in. The simulated person behind the log-in page always says yes. */
final class SessionRoutes {

    private final Sessions sessions;
    private final Witness witness;
    private final RateLimits limits;
    private final String redirectUrl;

    SessionRoutes(Sessions sessions, Witness witness, RateLimits limits, String redirectUrl) {
        this.sessions = sessions;
        this.witness = witness;
        this.limits = limits;
        this.redirectUrl = redirectUrl;
    }

    void add(RoutesConfig routes) {
        routes.get("/connect/login", this::login);
        routes.post("/session/token", this::open);
        routes.delete("/session/token", this::close);
    }

    private void login(Context context) {
        String token = sessions.requestToken(Access.query(context, "api_key"));
        if (redirectUrl.isEmpty()) {
            context.html("<html><body><h1>Logged in</h1><p>No redirect URL is configured. Request token, good for"
                    + " five minutes and one use:</p><code id=\"request_token\">" + token + "</code></body></html>");
            return;
        }
        String separator = redirectUrl.contains("?") ? "&" : "?";
        String more = context.queryParam("redirect_params");
        context.redirect(redirectUrl + separator + "action=login&type=login&status=success&request_token=" + token
                + (more == null || more.contains("\n") || more.contains("\r") ? "" : "&" + more));
    }

    private void open(Context context) {
        limits.other();
        String token = sessions.open(
                Access.form(context, "api_key"),
                Access.form(context, "request_token"),
                Access.form(context, "checksum"));
        witness.sync();
        Envelope.success(context, sessions.describe(Access.form(context, "api_key"), token));
    }

    private void close(Context context) {
        limits.other();
        String token = Access.query(context, "access_token");
        sessions.require(Access.query(context, "api_key"), token);
        sessions.end(token);
        witness.sync();
        Envelope.success(context, true);
    }
}
