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

    /** {@link Sessions#NEIGHBOUR} if the call says that it is another application of the account, else null. */
    static @Nullable String app(Context context) {
        String[] parts = keyAndToken(context);
        return parts.length == 2 && parts[0].equals(Sessions.NEIGHBOUR_KEY) ? Sessions.NEIGHBOUR : null;
    }

    private static String[] keyAndToken(Context context) {
        String header = context.header("Authorization");
        return header != null && header.startsWith(SCHEME)
                ? header.substring(SCHEME.length()).split(":", 2)
                : new String[0];
    }

    /** @throws KiteError TokenException unless the call comes from a live session */
    void require(Context context) {
        String[] parts = keyAndToken(context);
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
