package dev.holdfast.exchange;

/** A refusal in Kite's terms: the HTTP status and the {@code error_type} of the envelope. */
final class KiteError extends RuntimeException {

    final int status;
    final String errorType;

    private KiteError(int status, String errorType, String message) {
        super(message);
        this.status = status;
        this.errorType = errorType;
    }

    static KiteError input(String message) {
        return new KiteError(400, "InputException", message);
    }

    static KiteError order(String message) {
        return new KiteError(400, "OrderException", message);
    }

    static KiteError token(String message) {
        return new KiteError(403, "TokenException", message);
    }

    static KiteError permission(String message) {
        return new KiteError(403, "PermissionException", message);
    }

    static KiteError tooMany(String message) {
        return new KiteError(429, "NetworkException", message);
    }

    static KiteError notFound(String message) {
        return new KiteError(404, "GeneralException", message);
    }

    static KiteError general(int status, String message) {
        return new KiteError(status, "GeneralException", message);
    }
}
