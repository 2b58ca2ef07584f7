package dev.holdfast.exchange;

import static dev.holdfast.exchange.FaultShape.atOnce;
import static dev.holdfast.exchange.FaultShape.counted;
import static dev.holdfast.exchange.FaultShape.lasting;

import dev.holdfast.exchange.FaultWish.Field;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Set;

/** The kinds of fault. Each carries its own description, which docs/exchange.md repeats. */
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
            .millis(10_000)),
    ODD_ROW(lasting(
                    "One more row stands in `list` (`orders`, `trades`, `positions`, `holdings`) beside the real ones: one"
                            + " share of `symbol` bought by a person today, but with the values of `row` and without the fields"
                            + " `without`. With `match` the real rows that have these values are changed so instead.")
            .takes(Field.SYMBOL, Field.ROW, Field.MATCH, Field.WITHOUT)
            .needs(Field.LIST)),
    REFUSE_ADDRESS(lasting("Order requests from the address `source` (from any, if it is absent) are answered 403"
                    + " PermissionException; they count against the limits. Reading works.")
            .takes(Field.SOURCE)),
    PROXY_PAGE(counted(
                    "Requests whose path begins with `path`, of `method` and from `source` if given, are answered with a"
                            + " page of HTML and `status`; the broker never sees them.")
            .takes(Field.PATH, Field.METHOD, Field.SOURCE)
            .status(403)),
    UPLINK_LOST(lasting("Nothing from the address `source` (from any, if it is absent) is answered: after `millis` the"
                    + " connection is closed. Its ticker connections are cut.")
            .takes(Field.SOURCE)
            .millis(10_000)),
    MUTE_TICKER(lasting(
                    "The ticker connection with the number `connection` (`GET /control/ticker` lists them; -1 is the"
                            + " oldest), or those from `source`, or all, get heartbeats and order updates and no ticks.")
            .takes(Field.CONNECTION, Field.SOURCE)),
    WRONG_CLOCK(
            lasting("Ticks of `symbol` (of all, if it is absent) say a time `shiftSeconds` away: tomorrow unless told,"
                            + " 1970 with -2000000000.")
                    .takes(Field.SYMBOL, Field.SHIFT_SECONDS)),
    TOKEN_REUSED(
            lasting("`symbol` and `otherSymbol` have each other's token, in the instruments list and in the ticker.")
                    .needs(Field.SYMBOL, Field.OTHER_SYMBOL)),
    EDIT_INSTRUMENT(lasting("The line of `symbol` in the instruments list has the cells of `row`; without `row` it is"
                    + " missing.")
            .takes(Field.ROW)
            .needs(Field.SYMBOL)),
    NOT_TRADED_TODAY(
            lasting("Ticks of `symbol` (of all, if it is absent) have last price 0 and no volume, but bid and ask.")
                    .takes(Field.SYMBOL)),
    PRE_OPEN(lasting("Ticks of `symbol` (of all, if it is absent) have a last price `percent` above the day's high.")
            .takes(Field.SYMBOL)
            .percent(2)),
    HUGE_VOLUME(lasting("Ticks of `symbol` (of all, if it is absent) have a volume above 2,147,483,647.")
            .takes(Field.SYMBOL));

    final Bound bound;
    final String what;
    final long defaultMillis;
    final int defaultStatus;
    final BigDecimal defaultPercent;

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable, see the constructor
    final Set<Field> needs;

    @SuppressWarnings("ImmutableEnumChecker")
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

    /** The fields that a fault of this kind takes; any other is refused. */
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
