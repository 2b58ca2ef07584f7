package dev.holdfast.exchange;

import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** Who is calling: {@code Authorization: token api_key:access_token}. */
final class Access {

    private static final String SCHEME = "token ";

    private final Sessions sessions;

    Access(Sessions sessions) {
        this.sessions = sessions;
    }

    /** @throws KiteError TokenException unless the call comes from a live session */
    void require(Context context) {
        String header = context.header("Authorization");
        String[] parts = header != null && header.startsWith(SCHEME)
                ? header.substring(SCHEME.length()).split(":", 2)
                : new String[0];
        if (parts.length != 2) {
            throw KiteError.token("Missing or malformed `Authorization` header; expected `token api_key:access_token`");
        }
        sessions.require(parts[0], parts[1]);
    }

    static String query(Context context, String name) {
        return orEmpty(context.queryParam(name));
    }

    static String form(Context context, String name) {
        return orEmpty(context.formParam(name));
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
