package dev.holdfast.exchange;

import org.jspecify.annotations.Nullable;

/**
 * Whom a fault meets; what is null or 0 narrows nothing.
 *
 * @param symbol an instrument
 * @param source a client's address
 * @param connection number of a ticker connection, as {@code GET /control/ticker} lists it; {@link #OLDEST} for the one that
 *     has been open longest
 * @param method of a request, in capitals
 * @param path how the request's path begins
 */
record FaultTarget(
        @Nullable String symbol,
        @Nullable String source,
        int connection,
        @Nullable String method,
        String path) {

    static final int OLDEST = -1;

    boolean hasSymbol(String candidate) {
        return symbol == null || symbol.equals(candidate);
    }

    boolean hasSource(String candidate) {
        return source == null || source.equals(candidate);
    }

    boolean hasRequest(String requestMethod, String requestPath, String requestSource) {
        return hasSource(requestSource)
                && (method == null || method.equals(requestMethod))
                && requestPath.startsWith(path);
    }
}
