package dev.holdfast.drill;

import java.util.List;
import java.util.Locale;

/**
 * Troubles that chaos and drills ask of the simulated exchange. Each ends by itself within its time and leaves the account as
 * sound as it was.
 */
public enum BrokerTrouble {
    LATE_ANSWERS("{'kind':'LATENCY','count':20,'millis':1500,'durationMillis':LENGTH}"),
    LOST_ANSWERS("{'kind':'TIMEOUT_AFTER_ACCEPT','count':2,'millis':2000,'durationMillis':LENGTH}"),
    BROKEN_ANSWERS("{'kind':'ERROR_AFTER_ACCEPT','count':3,'durationMillis':LENGTH}"),
    MISSING_POSTBACKS("{'kind':'POSTBACK_MISSING','count':20,'durationMillis':LENGTH}"),
    DROPPED_TICKER("{'kind':'DROP_TICKER','durationMillis':LENGTH}"),
    /** A person's orders carry tags: one of our form, one that nobody of us would give. */
    STRAY_TAGS(order("LAST", "BUY", "HF0stray1"), order("LAST", "SELL", "mine")),
    /** A person closes what a strategy may hold, and opens the same for himself. */
    TRADES_BY_HAND(order("FIRST", "SELL", ""), order("FIRST", "BUY", "")),
    SQUARE_OFF("{'kind':'SQUARE_OFF'}"),
    CONVERSION(
            order("LAST", "BUY", ""),
            "{'kind':'CONVERT_POSITION','order':{'tradingsymbol':'LAST','transaction_type':'BUY','quantity':'1',"
                    + "'old_product':'MIS','new_product':'CNC'}}"),
    ODD_ROWS(
            "{'kind':'ODD_ROW','list':'orders','symbol':'LAST','row':{'product':'CO','price':83.2525},"
                    + "'durationMillis':LENGTH}",
            "{'kind':'ODD_ROW','list':'trades','symbol':'LAST','row':{'tradingsymbol':'NOSUCH26DEC',"
                    + "'order_timestamp':'0000-12-31 00:00:00'},'durationMillis':LENGTH}",
            "{'kind':'ODD_ROW','list':'positions','symbol':'LAST','row':{'tradingsymbol':'NOSUCH26DEC'},"
                    + "'durationMillis':LENGTH}",
            "{'kind':'ODD_ROW','list':'holdings','symbol':'LAST','row':{'quantity':null,'opening_quantity':null},"
                    + "'durationMillis':LENGTH}"),
    /** An order's tag stands in another field of its row, and MARKET orders rest at their caps. */
    CHANGED_TERMS(
            "{'kind':'TAG_IN_TAGS_ONLY','durationMillis':LENGTH}",
            "{'kind':'GAP_BEFORE_ORDER','count':3,'percent':4,'millis':LENGTH,'durationMillis':LENGTH}"),
    PRICE_GAP("{'kind':'PRICE_GAP','percent':-3,'durationMillis':LENGTH}"),
    MUTE_FEED("{'kind':'MUTE_TICKER','connection':-1,'durationMillis':LENGTH}"),
    WRONG_CLOCK("{'kind':'WRONG_CLOCK','symbol':'LAST','durationMillis':LENGTH}"),
    ODD_TICKS(
            "{'kind':'NOT_TRADED_TODAY','symbol':'LAST','durationMillis':LENGTH}",
            "{'kind':'PRE_OPEN','symbol':'FIRST','durationMillis':LENGTH}",
            "{'kind':'HUGE_VOLUME','durationMillis':LENGTH}"),
    REFUSED_ADDRESS("{'kind':'REFUSE_ADDRESS','durationMillis':LENGTH}"),
    PROXY_PAGES(
            "{'kind':'PROXY_PAGE','path':'/orders','method':'GET','count':3,'durationMillis':LENGTH}",
            "{'kind':'PROXY_PAGE','path':'/portfolio','count':3,'durationMillis':LENGTH}"),
    LOST_LINE("{'kind':'UPLINK_LOST','millis':1000,'durationMillis':LENGTH}");

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes one that cannot be changed
    private final List<String> faults;

    BrokerTrouble(String... faults) {
        this.faults = List.of(faults);
    }

    private static String order(String symbol, String side, String tag) {
        return "{'kind':'FOREIGN_ORDER','order':{'exchange':'NSE','tradingsymbol':'" + symbol
                + "','transaction_type':'" + side + "','quantity':'1','product':'MIS','order_type':'MARKET'"
                + (tag.isEmpty() ? "" : ",'tag':'" + tag + "'") + "}}";
    }

    /** The trouble for a plan's random number. */
    static BrokerTrouble of(int pick) {
        return values()[pick % values().length];
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The bodies of the requests that make it, in this order.
     *
     * @param symbols of the instruments that the system trades, at least one
     */
    public List<String> faults(long lengthMillis, List<String> symbols) {
        return faults.stream()
                .map(fault -> fault.replace('\'', '"')
                        .replace("LENGTH", Long.toString(lengthMillis))
                        .replace("FIRST", symbols.getFirst())
                        .replace("LAST", symbols.getLast()))
                .toList();
    }
}
