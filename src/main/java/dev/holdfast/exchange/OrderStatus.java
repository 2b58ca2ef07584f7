package dev.holdfast.exchange;

/** The statuses of Kite's order life cycle that this exchange passes through; see {@link #text()} for the wire. */
enum OrderStatus {
    PUT_ORDER_REQ_RECEIVED,
    VALIDATION_PENDING,
    OPEN_PENDING,
    OPEN,
    MODIFY_VALIDATION_PENDING,
    MODIFY_PENDING,
    MODIFIED,
    CANCEL_PENDING,
    COMPLETE,
    CANCELLED,
    REJECTED,
    LAPSED;

    /** As the wire says it: words with spaces. */
    String text() {
        return name().replace('_', ' ');
    }

    boolean isTerminal() {
        return switch (this) {
            case COMPLETE, CANCELLED, REJECTED, LAPSED -> true;
            case PUT_ORDER_REQ_RECEIVED,
                    VALIDATION_PENDING,
                    OPEN_PENDING,
                    OPEN,
                    MODIFY_VALIDATION_PENDING,
                    MODIFY_PENDING,
                    MODIFIED,
                    CANCEL_PENDING -> false;
        };
    }
}
