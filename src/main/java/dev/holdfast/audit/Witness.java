package dev.holdfast.audit;

import dev.holdfast.types.Product;
import java.util.List;

/** The independent record of what really reached the exchange. */
public interface Witness {

    /** Everything so far, in order. @throws WitnessUnavailable if it cannot be read */
    List<Entry> read();

    /** Who asked. */
    enum Hand {
        /** Our application, through the API. */
        OURS,
        /** Another application of the account, through the API. */
        NEIGHBOUR,
        /** A person in the broker's own screens. */
        PERSON,
        /** The broker's risk desk. */
        BROKER
    }

    /**
     * One line that matters to the audit. Tag, symbol and order id are empty where there is none; numbers are the
     * line's own in the record; quantities are above 0 for a purchase or a long position, below 0 for the opposite.
     */
    sealed interface Entry {}

    /** A request to place an order arrived from our side, whatever became of it. */
    record PlaceRequested(long number, long atNanos, String tag) implements Entry {}

    /** Any request that counts against the order budget arrived from our side. */
    record Requested(long atNanos) implements Entry {}

    /** A request to modify or cancel an order arrived, whatever became of it. */
    record ChangeRequested(long atNanos, Hand by, boolean cancel, String orderId) implements Entry {}

    /**
     * An order entered the book.
     *
     * @param request number of the request that asked for it
     */
    record Accepted(
            long atNanos,
            long request,
            String orderId,
            String tag,
            Hand by,
            String symbol,
            Product product,
            long signedQuantity)
            implements Entry {

        /** As a difference names it. */
        String text() {
            return orderId + " (tag '" + tag + "', "
                    + (signedQuantity > 0 ? "BUY " : "SELL ") + Math.abs(signedQuantity) + " " + symbol + " " + product
                    + ", by " + by + ")";
        }
    }

    /** A fill, keyed as the engine keys it: by the exchange's trade id. */
    record Traded(
            long number,
            long atNanos,
            String tradeId,
            String orderId,
            String symbol,
            Product product,
            long signedQuantity,
            long pricePaise)
            implements Entry {}

    /** A part of a position changed its product. */
    record Converted(
            long number, long atNanos, String symbol, long signedQuantity, Product from, Product to, boolean overnight)
            implements Entry {}

    /** A trading day began; orders and conversions of the one before are over. */
    record DayBegan(List<Carried> positions) implements Entry {
        public DayBegan {
            positions = List.copyOf(positions);
        }
    }

    /** A position kept over night. */
    record Carried(String symbol, Product product, long signedQuantity) {}

    /** A row that was made up for a list of orders: the exchange shows an order that it never had. */
    record MadeUp(String orderId) implements Entry {}

    /** The witness gave no answer. */
    final class WitnessUnavailable extends RuntimeException {
        public WitnessUnavailable(String message) {
            super(message);
        }
    }
}
