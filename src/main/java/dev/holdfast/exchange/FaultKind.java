package dev.holdfast.exchange;

import static dev.holdfast.exchange.FaultShape.atOnce;
import static dev.holdfast.exchange.FaultShape.counted;
import static dev.holdfast.exchange.FaultShape.lasting;

import dev.holdfast.exchange.FaultWish.Field;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Set;

/** What can be made to go wrong; each says what it does. docs/exchange.md lists them. */
enum FaultKind {
    LATENCY(counted("Holds an order request for `millis` before handling it: it may arrive after its client gave up.")
            .millis(1_000)),
    TIMEOUT_BEFORE_ACCEPT(
            counted("Does nothing with an order request; closes the connection after `millis` without an answer.")
                    .millis(10_000)),
    TIMEOUT_AFTER_ACCEPT(
            counted("Carries an order request out; closes the connection after `millis` without an answer.")
                    .millis(10_000)),
    ERROR_BEFORE_ACCEPT(
            counted("Does nothing with an order request; answers `status` as a proxy would, without Kite's envelope.")
                    .status(502)),
    ERROR_AFTER_ACCEPT(counted("Carries an order request out; answers `status` without Kite's envelope.")
            .status(502)),
    TOO_MANY_REQUESTS(counted("Answers an order request with 429, as if a rate limit were spent.")),
    REJECT_ORDERS(counted("The next orders enter the book and are rejected there.")),
    PARTIAL_FILLS(counted("The next orders fill by half at first; the rest may fill `millis` later.")
            .millis(1_000)),
    POSTBACK_DUPLICATE(counted("The next order updates are sent twice.")),
    POSTBACK_LATE(counted("The next order updates are sent `millis` late.").millis(3_000)),
    POSTBACK_MISSING(counted("The next order updates are not sent.")),
    BOOK_DELAY(lasting("New orders and their trades appear in the lists only `millis` after they were accepted.")
            .millis(3_000)),
    STOP_TICKS(lasting("Sends no ticks to anybody; connections and heartbeats live on, and so does the market.")),
    DROP_TICKER(atOnce("Closes every ticker connection; with `durationMillis` refuses new ones that long.")
            .takes(Field.DURATION_MILLIS)),
    TOKEN_DEATH(atOnce("Ends every session: each call answers 403 TokenException until a new log-in.")),
    FOREIGN_ORDER(atOnce(
                    "Places `order` as a person in the broker's own screens would, with any tag, product and"
                            + " `variety` (`regular`, `amo`, `co`, `iceberg`); an `amo` order shows an `order_timestamp` of yesterday.")
            .needs(Field.ORDER)),
    SQUARE_OFF(atOnce("The broker cancels open MIS orders and trades MIS positions back to nothing.")),
    FOREIGN_CANCEL(atOnce("A person cancels the order that `order` names by `order_id`, whoever placed it.")
            .needs(Field.ORDER)),
    FOREIGN_MODIFY(atOnce("A person modifies the order that `order` names by `order_id`, whoever placed it.")
            .needs(Field.ORDER)),
    CONVERT_POSITION(atOnce("A person converts a position as `order` says: `tradingsymbol`, `transaction_type`,"
                    + " `quantity`, `old_product`, `new_product`, `position_type`.")
            .needs(Field.ORDER)),
    TAG_IN_TAGS_ONLY(lasting(
            "Rows and updates say `tag` null; what it was stands in `tags` alone, behind the broker's" + " own.")),
    PRICE_GAP(lasting("Prices of `symbol` (of all, if it is absent) stand `percent` away.")
            .takes(Field.SYMBOL)
            .needs(Field.PERCENT)),
    GAP_BEFORE_ORDER(counted("When the cap of the next order of the API in `symbol` has been computed, the price moves"
                    + " `percent` against it and stays there for `millis`: the order meets nobody within its cap.")
            .takes(Field.SYMBOL)
            .percent(4)
            .millis(10_000));

    final Bound bound;
    final String what;
    final long defaultMillis;
    final int defaultStatus;
    final BigDecimal defaultPercent;
    final Set<Field> needs;
    private final Set<Field> fields;

    FaultKind(FaultShape shape) {
        this.bound = shape.bound;
        this.what = shape.what;
        this.defaultMillis = shape.millis;
        this.defaultStatus = shape.status;
        this.defaultPercent = shape.percent;
        this.needs = Collections.unmodifiableSet(shape.needs);
        this.fields = Collections.unmodifiableSet(shape.takes);
    }

    /** What it can be told; another field is refused. */
    Set<Field> fields() {
        return fields;
    }

    /** How a fault ends. */
    enum Bound {
        COUNT,
        DURATION,
        AT_ONCE
    }
}
