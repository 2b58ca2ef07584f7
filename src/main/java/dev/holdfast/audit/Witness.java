package dev.holdfast.audit;

import java.util.List;

/** The independent record of what really reached the exchange. */
public interface Witness {

    /** Everything so far, in order. @throws WitnessUnavailable if it cannot be read */
    List<Entry> read();

    /** One line that matters to the audit. Tag and order id are empty where there is none. */
    sealed interface Entry {}

    /** A request to place an order arrived, whatever became of it. */
    record PlaceRequested(long atNanos, String tag) implements Entry {}

    /** Any request that counts against the order budget arrived from our side. */
    record Requested(long atNanos) implements Entry {}

    /** An order entered the book. */
    record Accepted(long atNanos, String orderId, String tag) implements Entry {}

    /** A fill, keyed as the engine keys it: by the exchange's trade id. */
    record Traded(long atNanos, String tradeId, String orderId, String symbol, long signedQuantity, long pricePaise)
            implements Entry {}

    /** The witness gave no answer. */
    final class WitnessUnavailable extends RuntimeException {
        public WitnessUnavailable(String message) {
            super(message);
        }
    }
}
