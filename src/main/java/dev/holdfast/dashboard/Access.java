package dev.holdfast.dashboard;

import dev.holdfast.runtime.HostHeader;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.SameSite;
import io.javalin.http.UnauthorizedResponse;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Guards every route: who may use it, that the page itself sent the call, and what a browser may do with the answer. */
final class Access {

    static final String COOKIE = "holdfast_session";
    static final String BROWSER_COOKIE = "holdfast_browser";
    static final String CSRF_HEADER = "X-CSRF-Token";
    private static final String SESSION = "session";
    private static final int BROWSER_SECONDS = 180 * 24 * 60 * 60;
    private static final int MISDIRECTED = 421;
    private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);

    private final Authentication authentication;
    private final HostHeader names;
    private final Map<String, String> headers;

    /** @param inlineScriptHash of the import map, the one inline script there is */
    Access(Authentication authentication, HostHeader names, String inlineScriptHash) {
        this.authentication = authentication;
        this.names = names;
        this.headers = Map.of(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self' '" + inlineScriptHash
                        + "'; style-src 'self'; img-src 'self' data:; "
                        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                "X-Content-Type-Options",
                "nosniff",
                "X-Frame-Options",
                "DENY",
                "Referrer-Policy",
                "no-referrer",
                "Cross-Origin-Opener-Policy",
                "same-origin",
                "Cross-Origin-Resource-Policy",
                "same-origin");
    }

    /** @throws HttpResponseException if the request calls this server by a name that is not its own */
    void secure(Context context) {
        headers.forEach(context::header);
        String fault = names.fault(context.header("Host"));
        if (!fault.isEmpty()) {
            throw new HttpResponseException(MISDIRECTED, fault);
        }
    }

    /**
     * Lets the request pass, or refuses it. A route without a role is open to nobody.
     *
     * @throws UnauthorizedResponse without a valid session
     * @throws ForbiddenResponse for a role that may not, another site's page, or a wrong token
     */
    void check(Context context) {
        boolean changing = !READING.contains(context.method());
        if (changing) {
            requireOwnOrigin(context);
        }
        if (context.routeRoles().contains(Role.ANYONE)) {
            return;
        }
        Session session = authentication
                .session(context.cookie(COOKIE))
                .orElseThrow(() -> new UnauthorizedResponse("not logged in, or the session ended; log in"));
        if (context.routeRoles().stream().noneMatch(session.role()::mayUse)) {
            throw new ForbiddenResponse(
                    "user '" + session.user() + "' is a " + session.role() + "; this needs " + context.routeRoles());
        }
        String token = context.header(CSRF_HEADER);
        if (changing && (token == null || !Authentication.sameText(session.csrf(), token))) {
            throw new ForbiddenResponse("the header " + CSRF_HEADER + " is missing or wrong; reload the page");
        }
        context.attribute(SESSION, session);
    }

    /** Browsers name the page's origin with each change; programs that send none hold no cookie by accident. */
    private static void requireOwnOrigin(Context context) {
        String origin = context.header("Origin");
        if (origin != null && !authority(origin).equals(context.header("Host"))) {
            throw new ForbiddenResponse("this call came from a page of " + origin + ", not from this dashboard");
        }
    }

    private static String authority(String origin) {
        try {
            return String.valueOf(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    /** The session of a checked request. */
    static Session session(Context context) {
        Session session = context.attribute(SESSION);
        if (session == null) {
            throw new UnauthorizedResponse("not logged in");
        }
        return session;
    }

    static void setCookie(Context context, String value) {
        context.cookie(cookie(COOKIE, value, (int) Authentication.SESSION_LIFE.toSeconds()));
    }

    static void setBrowserCookie(Context context, String value) {
        context.cookie(cookie(BROWSER_COOKIE, value, BROWSER_SECONDS));
    }

    static void removeCookie(Context context) {
        context.cookie(cookie(COOKIE, "", 0));
    }

    /** Not marked Secure: the dashboard listens on loopback or private addresses without TLS. */
    private static Cookie cookie(String name, String value, int maxAgeSeconds) {
        return new Cookie(name, value, "/", maxAgeSeconds, false, true, null, SameSite.STRICT);
    }

    boolean loggedIn(@Nullable String cookie) {
        return authentication.session(cookie).isPresent();
    }
}
