package dev.holdfast.projection;

import dev.holdfast.projection.Table.Conflict;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.RowDigest;
import java.time.LocalDate;
import java.util.List;

/** The recorder's tables, column by column; they say what the migrations say. */
final class Tables {

    static final Table<Event.InstrumentDefined> INSTRUMENTS = Table.<Event.InstrumentDefined>of(
                    "instruments", 1, Conflict.REPLACE)
            .with("instrument", "integer", (_, e) -> e.instrument())
            .with("exchange", "text", (_, e) -> text(e.exchange()))
            .with("symbol", "text", (_, e) -> text(e.symbol()))
            .with("token", "bigint", (_, e) -> e.token())
            .with("kind", "text", (_, e) -> e.kind().name())
            .with("tick_size_paise", "bigint", (_, e) -> e.tickSizePaise())
            .with("lot_size", "bigint", (_, e) -> e.lotSize())
            .with("freeze_quantity", "bigint", (_, e) -> e.freezeQuantity())
            .with("lower_band_paise", "bigint", (_, e) -> e.lowerBandPaise())
            .with("upper_band_paise", "bigint", (_, e) -> e.upperBandPaise())
            .with("sequence", "bigint", (header, _) -> header.sequence());

    static final Table<Event.OrderChanged> ORDERS = Table.<Event.OrderChanged>of("orders", 1, Conflict.REPLACE)
            .with("order_number", "bigint", (_, e) -> e.orderNumber())
            .with("origin", "text", (_, e) -> e.origin().name())
            .with("instrument", "integer", (_, e) -> e.instrument())
            .with("side", "text", (_, e) -> e.side().name())
            .with("product", "text", (_, e) -> e.product().name())
            .with("order_type", "text", (_, e) -> e.orderType().name())
            .with("quantity", "bigint", (_, e) -> e.quantity())
            .with("price_paise", "bigint", (_, e) -> e.pricePaise())
            .with("state", "text", (_, e) -> e.state().name())
            .with("filled_quantity", "bigint", (_, e) -> e.filledQuantity())
            .with("filled_value_paise", "bigint", (_, e) -> e.filledValuePaise())
            .with("amendment", "text", (_, e) -> e.amendment().name())
            .with("pending_quantity", "bigint", (_, e) -> e.pendingQuantity())
            .with("pending_price_paise", "bigint", (_, e) -> e.pendingPricePaise())
            .with("cancel_wanted", "boolean", (_, e) -> e.cancelWanted())
            .with("day", "date", (_, e) -> day(e.day()))
            .with("wished_nanos", "bigint", (_, e) -> e.wishedNanos())
            .with("epoch", "bigint", (_, e) -> e.epoch())
            .with("sends", "integer", (_, e) -> e.sends())
            .with("tag", "text", (_, e) -> text(e.tag()))
            .with("broker_order_id", "text", (_, e) -> text(e.brokerOrderId()))
            .with("strategy", "text", (_, e) -> text(e.strategy()))
            .with("user_name", "text", (_, e) -> text(e.user()))
            .with("reason", "text", (_, e) -> text(e.reason()))
            .with("changed_nanos", "bigint", (header, _) -> header.logTimeNanos())
            .with("sequence", "bigint", (header, _) -> header.sequence());

    static final Table<Event.OrderChanged> ORDER_HISTORY = Table.<Event.OrderChanged>of(
                    "order_history", 1, Conflict.FAIL)
            .with("sequence", "bigint", (header, _) -> header.sequence())
            .with("order_number", "bigint", (_, e) -> e.orderNumber())
            .with("changed_nanos", "bigint", (header, _) -> header.logTimeNanos())
            .with("previous_state", "text", (_, e) -> e.previousState().name())
            .with("state", "text", (_, e) -> e.state().name())
            .with("quantity", "bigint", (_, e) -> e.quantity())
            .with("price_paise", "bigint", (_, e) -> e.pricePaise())
            .with("filled_quantity", "bigint", (_, e) -> e.filledQuantity())
            .with("filled_value_paise", "bigint", (_, e) -> e.filledValuePaise())
            .with("amendment", "text", (_, e) -> e.amendment().name())
            .with("epoch", "bigint", (_, e) -> e.epoch())
            .with("broker_order_id", "text", (_, e) -> text(e.brokerOrderId()))
            .with("user_name", "text", (_, e) -> text(e.user()))
            .with("reason", "text", (_, e) -> text(e.reason()));

    static final Table<TradeOnExchange> TRADES = Table.<TradeOnExchange>of("trades", 3, Conflict.KEEP)
            .with("day", "date", (_, e) -> day(e.trade().day()))
            .with("exchange", "text", (_, e) -> text(e.exchange()))
            .with("trade_id", "text", (_, e) -> text(e.trade().tradeId()))
            .with("order_number", "bigint", (_, e) -> e.trade().orderNumber())
            .with("instrument", "integer", (_, e) -> e.trade().instrument())
            .with("side", "text", (_, e) -> e.trade().side().name())
            .with("product", "text", (_, e) -> e.trade().product().name())
            .with("quantity", "bigint", (_, e) -> e.trade().quantity())
            .with("price_paise", "bigint", (_, e) -> e.trade().pricePaise())
            .with("fill_time_nanos", "bigint", (_, e) -> e.trade().fillTimeNanos())
            .with("broker_order_id", "text", (_, e) -> text(e.trade().brokerOrderId()))
            .with("strategy", "text", (_, e) -> text(e.trade().strategy()))
            .with("booked_nanos", "bigint", (header, _) -> header.logTimeNanos())
            .with("sequence", "bigint", (header, _) -> header.sequence());

    static final Table<Event.PositionChanged> POSITIONS = Table.<Event.PositionChanged>of(
                    "positions", 2, Conflict.REPLACE)
            .with("instrument", "integer", (_, e) -> e.instrument())
            .with("product", "text", (_, e) -> e.product().name())
            .with("day", "date", (_, e) -> day(e.day()))
            .with("quantity", "bigint", (_, e) -> e.quantity())
            .with("opening_quantity", "bigint", (_, e) -> e.openingQuantity())
            .with("cost_paise", "bigint", (_, e) -> e.costPaise())
            .with("realised_paise", "bigint", (_, e) -> e.realisedPaise())
            .with("bought_quantity", "bigint", (_, e) -> e.boughtQuantity())
            .with("sold_quantity", "bigint", (_, e) -> e.soldQuantity())
            .with("sequence", "bigint", (header, _) -> header.sequence());

    static final Table<Event.ProfitChanged> PROFIT = Table.<Event.ProfitChanged>of("profit", 4, Conflict.REPLACE)
            .with("day", "date", (_, e) -> day(e.day()))
            .with("strategy", "text", (_, e) -> text(e.strategy()))
            .with("instrument", "integer", (_, e) -> e.instrument())
            .with("product", "text", (_, e) -> e.product().name())
            .with("quantity", "bigint", (_, e) -> e.quantity())
            .with("cost_paise", "bigint", (_, e) -> e.costPaise())
            .with("realised_paise", "bigint", (_, e) -> e.realisedPaise())
            .with("trades", "integer", (_, e) -> e.trades())
            .with("sequence", "bigint", (header, _) -> header.sequence());

    static final Table<Event.BarApplied> CANDLES = Table.<Event.BarApplied>of("candles", 2, Conflict.REPLACE)
            .with("instrument", "integer", (_, e) -> e.instrument())
            .with("start_nanos", "bigint", (_, e) -> e.startNanos())
            .with("open_paise", "bigint", (_, e) -> e.openPaise())
            .with("high_paise", "bigint", (_, e) -> e.highPaise())
            .with("low_paise", "bigint", (_, e) -> e.lowPaise())
            .with("close_paise", "bigint", (_, e) -> e.closePaise())
            .with("volume", "bigint", (_, e) -> e.volume())
            .with("ticks", "integer", (_, e) -> e.ticks())
            .with("sequence", "bigint", (header, _) -> header.sequence());

    static final Table<AuditEntry> AUDIT = Table.<AuditEntry>of("audit", 1, Conflict.FAIL)
            .with("sequence", "bigint", (header, _) -> header.sequence())
            .with("at_nanos", "bigint", (header, _) -> header.logTimeNanos())
            .with("kind", "text", (_, e) -> e.kind().name())
            .with("user_name", "text", (_, e) -> text(e.user()))
            .with("action", "text", (_, e) -> text(e.action()))
            .with("target", "text", (_, e) -> text(e.target()))
            .with("reason", "text", (_, e) -> text(e.reason()))
            .with("result", "text", (_, e) -> text(e.result()));

    /** In the order of their references. */
    static final List<Table<?>> ALL =
            List.of(INSTRUMENTS, ORDERS, ORDER_HISTORY, TRADES, POSITIONS, PROFIT, CANDLES, AUDIT);

    /** Those the engine's Digest event sums up. */
    static final List<Table<?>> DIGESTED = List.of(ORDERS, TRADES, POSITIONS);

    private Tables() {}

    /** The key of a row of {@link #ORDERS}. */
    static long orderNumber(Object[] row) {
        return (Long) row[0];
    }

    /** Trade ids are unique within day and exchange; the event names the instrument only. */
    record TradeOnExchange(Event.TradeBooked trade, String exchange) {}

    /** A line of the audit trail. */
    record AuditEntry(Kind kind, String user, String action, String target, String reason, String result) {
        enum Kind {
            ACTION,
            SWITCH,
            STRATEGY,
            ALARM
        }
    }

    private static String text(String value) {
        return RowDigest.storable(value);
    }

    private static String day(int epochDay) {
        return LocalDate.ofEpochDay(epochDay).toString();
    }
}
