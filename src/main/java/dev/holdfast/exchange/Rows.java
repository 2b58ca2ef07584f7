package dev.holdfast.exchange;

import dev.holdfast.types.OrderType;
import dev.holdfast.types.Side;
import java.math.RoundingMode;
import java.time.LocalTime;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Renders the broker's rows, field by field as Kite Connect v3 documents them. */
final class Rows {

    static final JsonMapper JSON = JsonMapper.builder().build();
    static final String USER_ID = "HF0001";
    private static final String VARIETY = "regular";
    private static final String RISK_DESK = "RMS";
    private static final String MARKET_TAG = "mktp";
    private static final LocalTime AFTER_MARKET = LocalTime.of(19, 40);

    private Rows() {}

    /** Where an order's tag stands. */
    enum TagPlace {
        /** In the fields {@code tag} and {@code tags}. */
        BOTH,
        /** In {@code tags} alone. */
        TAGS
    }

    /** The order in its newest state. */
    static ObjectNode order(Order order, Instrument instrument, TagPlace tagPlace) {
        return order(order, instrument, order.history().getLast(), tagPlace);
    }

    /** The order as it was after one step of its history. */
    private static ObjectNode order(Order order, Instrument instrument, Order.Step step, TagPlace tagPlace) {
        LedgerEntry.Accepted accepted = order.accepted;
        boolean atExchange = step.status() != OrderStatus.REJECTED
                && step.status() != OrderStatus.PUT_ORDER_REQ_RECEIVED
                && step.status() != OrderStatus.VALIDATION_PENDING;
        ObjectNode row = JSON.createObjectNode();
        row.put("placed_by", accepted.placedBy().equals(Floor.BROKER) ? RISK_DESK : USER_ID);
        row.put("order_id", accepted.orderId());
        row.put("exchange_order_id", atExchange ? accepted.exchangeOrderId() : null);
        row.putNull("parent_order_id");
        row.put("status", step.status().text());
        row.put("status_message", step.message());
        row.put("status_message_raw", step.message());
        row.put("order_timestamp", Ist.text(placedNanos(order)));
        row.put("exchange_update_timestamp", atExchange ? Ist.text(step.marketNanos()) : null);
        row.put("exchange_timestamp", atExchange ? Ist.text(step.marketNanos()) : null);
        row.put("variety", accepted.variety() == null ? VARIETY : accepted.variety());
        row.put("modified", order.modifications > 0);
        row.put("exchange", Instrument.EXCHANGE);
        row.put("tradingsymbol", accepted.symbol());
        row.put("instrument_token", instrument.token());
        row.put("order_type", OrderType.LIMIT.name());
        row.put("transaction_type", accepted.side().name());
        row.put("validity", step.validity().name());
        row.put("validity_ttl", 0);
        row.put("product", accepted.product().name());
        row.put("quantity", step.quantity());
        row.put("disclosed_quantity", 0);
        row.put("price", Rupees.of(step.pricePaise()));
        row.put("trigger_price", 0);
        row.put("average_price", Rupees.average(step.filledValuePaise(), step.filled()));
        row.put("filled_quantity", step.filled());
        row.put("pending_quantity", step.status().isTerminal() ? 0 : step.quantity() - step.filled());
        row.put("cancelled_quantity", step.cancelled());
        row.put("market_protection", 0);
        row.putObject("meta");
        row.put("tag", tagPlace == TagPlace.BOTH ? accepted.tag() : null);
        ArrayNode tags = row.putArray("tags");
        if (accepted.orderType() == OrderType.MARKET) {
            // The broker has made a LIMIT order of it, and notes how.
            tags.add(MARKET_TAG);
            tags.add(MARKET_TAG + ":"
                    + OrderForm.protection(accepted.marketProtection(), OrderType.MARKET)
                            .setScale(2, RoundingMode.HALF_UP));
        }
        if (accepted.tag() != null) {
            tags.add(accepted.tag());
        }
        row.put("guid", "01X" + accepted.orderId());
        return row;
    }

    /** An after-market order was placed the evening before. */
    private static long placedNanos(Order order) {
        long placed = order.history().getFirst().marketNanos();
        return "amo".equals(order.accepted.variety())
                ? Ist.nanos(Ist.day(placed).minusDays(1), AFTER_MARKET)
                : placed;
    }

    static List<ObjectNode> history(Order order, Instrument instrument, TagPlace tagPlace) {
        return order.history().stream()
                .map(step -> order(order, instrument, step, tagPlace))
                .toList();
    }

    static ObjectNode trade(TradeRow traded, Instrument instrument) {
        LedgerEntry.Trade trade = traded.trade();
        ObjectNode row = JSON.createObjectNode();
        row.put("trade_id", trade.tradeId());
        row.put("order_id", trade.orderId());
        row.put("exchange", Instrument.EXCHANGE);
        row.put("tradingsymbol", trade.symbol());
        row.put("instrument_token", instrument.token());
        row.put("product", trade.product().name());
        row.put("average_price", Rupees.of(trade.pricePaise()));
        row.put("quantity", trade.quantity());
        row.put("exchange_order_id", traded.order().accepted.exchangeOrderId());
        row.put("transaction_type", trade.side().name());
        row.put("fill_timestamp", Ist.text(traded.marketNanos()));
        row.put("order_timestamp", Ist.text(traded.marketNanos()).substring(11));
        row.put("exchange_timestamp", Ist.text(traded.marketNanos()));
        return row;
    }

    /** @param net false for the day's own trading alone */
    static ObjectNode position(Position position, Quote quote, boolean net) {
        Position shown = net ? position : dayOnly(position);
        long quantity = shown.quantity();
        long last = quote.lastPaise;
        Side open = quantity >= 0 ? Side.BUY : Side.SELL;
        long overnightAtClose = Math.multiplyExact(shown.overnightQuantity, quote.closePaise);
        long buyToday = shown.dayBuyValuePaise + Math.max(0, overnightAtClose);
        long sellToday = shown.daySellValuePaise + Math.max(0, -overnightAtClose);
        long pnl = shown.netValuePaise() + quantity * last;
        ObjectNode row = JSON.createObjectNode();
        row.put("tradingsymbol", shown.symbol);
        row.put("exchange", Instrument.EXCHANGE);
        row.put("instrument_token", quote.instrument.token());
        row.put("product", shown.product.name());
        row.put("quantity", quantity);
        row.put("overnight_quantity", shown.overnightQuantity);
        row.put("multiplier", 1);
        row.put(
                "average_price",
                quantity == 0 ? Rupees.of(0) : Rupees.average(shown.valuePaise(open), shown.quantity(open)));
        row.put("close_price", Rupees.of(quote.closePaise));
        row.put("last_price", Rupees.of(last));
        row.put("value", Rupees.of(shown.netValuePaise()));
        row.put("pnl", Rupees.of(pnl));
        row.put("m2m", Rupees.of(sellToday - buyToday + quantity * last));
        row.put("unrealised", Rupees.of(pnl - shown.realisedPaise()));
        row.put("realised", Rupees.of(shown.realisedPaise()));
        side(row, "buy", shown.quantity(Side.BUY), shown.valuePaise(Side.BUY));
        row.put("buy_m2m", Rupees.of(buyToday));
        side(row, "sell", shown.quantity(Side.SELL), shown.valuePaise(Side.SELL));
        row.put("sell_m2m", Rupees.of(sellToday));
        side(row, "day_buy", shown.dayBuyQuantity, shown.dayBuyValuePaise);
        side(row, "day_sell", shown.daySellQuantity, shown.daySellValuePaise);
        return row;
    }

    private static void side(ObjectNode row, String prefix, long quantity, long valuePaise) {
        row.put(prefix + "_quantity", quantity);
        row.put(prefix + "_price", Rupees.average(valuePaise, quantity));
        row.put(prefix + "_value", Rupees.of(valuePaise));
    }

    private static Position dayOnly(Position position) {
        Position day = new Position(new LedgerEntry.Carried(position.symbol, position.product, 0, 0));
        day.dayBuyQuantity = position.dayBuyQuantity;
        day.dayBuyValuePaise = position.dayBuyValuePaise;
        day.daySellQuantity = position.daySellQuantity;
        day.daySellValuePaise = position.daySellValuePaise;
        return day;
    }

    /** @param usedQuantity what of it was sold today */
    static ObjectNode holding(LedgerEntry.Holding holding, Quote quote, long usedQuantity) {
        long quantity = holding.quantity() - usedQuantity;
        long cost = Rupees.share(holding.costPaise(), quantity, holding.quantity());
        ObjectNode row = JSON.createObjectNode();
        row.put("tradingsymbol", holding.symbol());
        row.put("exchange", Instrument.EXCHANGE);
        row.put("instrument_token", quote.instrument.token());
        row.put("product", "CNC");
        row.put("price", 0);
        row.put("quantity", quantity);
        row.put("used_quantity", usedQuantity);
        row.put("t1_quantity", 0);
        row.put("realised_quantity", quantity);
        row.put("authorised_quantity", 0);
        row.put("opening_quantity", holding.quantity());
        row.put("collateral_quantity", 0);
        row.put("collateral_type", "");
        row.put("discrepancy", false);
        row.put("average_price", Rupees.average(holding.costPaise(), holding.quantity()));
        row.put("last_price", Rupees.of(quote.lastPaise));
        row.put("close_price", Rupees.of(quote.closePaise));
        row.put("pnl", Rupees.of(quantity * quote.lastPaise - cost));
        row.put("day_change", Rupees.of(quote.lastPaise - quote.closePaise));
        return row;
    }
}
