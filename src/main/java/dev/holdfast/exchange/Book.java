package dev.holdfast.exchange;

import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything of the present day that the ledger knows: orders, trades, positions, holdings, sessions. Live or at a
 * restart it changes only by applying ledger lines, so both give the same book. Guarded by the floor's lock.
 */
final class Book {

    private static final int ORDER_ID_DIGITS = 9;

    private LocalDate day = LocalDate.EPOCH;
    private final Map<String, Order> orders = new LinkedHashMap<>();
    private final Map<String, List<Order>> openBySymbol = new TreeMap<>();
    private final List<TradeRow> trades = new ArrayList<>();
    private final Map<String, Position> positions = new TreeMap<>();
    private final Map<String, LedgerEntry.Holding> holdings = new TreeMap<>();
    private final Map<String, LedgerEntry.SessionOpened> sessions = new LinkedHashMap<>();
    private final Map<String, Long> lastPaise = new TreeMap<>();
    private long lastOrder;
    private long lastTrade;
    private int placedToday;
    private @Nullable Long lastMarketNanos;

    void apply(LedgerLine line) {
        lastMarketNanos = line.marketNanos();
        switch (line.entry()) {
            case LedgerEntry.Day begun -> begin(begun);
            case LedgerEntry.SessionOpened opened -> sessions.put(opened.tokenHash(), opened);
            case LedgerEntry.SessionsEnded ended -> end(ended);
            case LedgerEntry.Request request -> {
                if (request.method().equals("POST") && !request.source().equals(Floor.BROKER)) {
                    placedToday++;
                }
            }
            case LedgerEntry.Accepted accepted -> accept(accepted, line);
            case LedgerEntry.Amended amended -> amend(amended, line.marketNanos());
            case LedgerEntry.Ended ended -> {
                Order order = order(ended.orderId());
                order.end(ended, line.marketNanos());
                forgetUnlessOpen(order);
            }
            case LedgerEntry.Trade trade -> trade(trade, line.marketNanos());
            case LedgerEntry.Converted converted -> convert(converted);
            case LedgerEntry.Prices prices -> lastPaise.putAll(prices.lastPaise());
            case LedgerEntry.Answer _, LedgerEntry.FaultChanged _, LedgerEntry.OddRow _ -> {}
        }
    }

    private void begin(LedgerEntry.Day begun) {
        day = begun.day();
        lastOrder = begun.lastOrder();
        lastTrade = begun.lastTrade();
        placedToday = 0;
        orders.clear();
        openBySymbol.clear();
        trades.clear();
        positions.clear();
        holdings.clear();
        sessions.clear();
        begun.holdings().forEach(holding -> holdings.put(holding.symbol(), holding));
        begun.positions().forEach(carried -> position(carried.symbol(), carried.product(), carried));
        begun.sessions().forEach(session -> sessions.put(session.tokenHash(), session));
        lastPaise.putAll(begun.closesPaise());
    }

    private void end(LedgerEntry.SessionsEnded ended) {
        String hash = ended.tokenHash();
        if (hash == null) {
            sessions.clear();
        } else {
            sessions.remove(hash);
        }
    }

    private void accept(LedgerEntry.Accepted accepted, LedgerLine line) {
        Order order = new Order(accepted, line.atNanos(), line.marketNanos());
        orders.put(order.id(), order);
        openBySymbol.computeIfAbsent(accepted.symbol(), _ -> new ArrayList<>()).add(order);
        lastOrder = Math.max(lastOrder, number(accepted.orderId()));
    }

    private void amend(LedgerEntry.Amended amended, long marketNanos) {
        Order order = order(amended.orderId());
        order.amend(amended, marketNanos);
        forgetUnlessOpen(order);
    }

    private void trade(LedgerEntry.Trade trade, long marketNanos) {
        Order order = order(trade.orderId());
        order.fill(trade, marketNanos);
        trades.add(new TradeRow(trade, order, marketNanos));
        position(trade.symbol(), trade.product(), null).trade(trade);
        lastTrade = Math.max(lastTrade, Long.parseLong(trade.tradeId()));
        lastPaise.put(trade.symbol(), trade.pricePaise());
        forgetUnlessOpen(order);
    }

    private void convert(LedgerEntry.Converted converted) {
        Position from = position(converted.symbol(), converted.from(), null);
        Position to = position(converted.symbol(), converted.to(), null);
        from.move(converted.side(), converted.quantity(), converted.overnight(), to);
    }

    private void forgetUnlessOpen(Order order) {
        if (!order.isOpen()) {
            openBySymbol
                    .getOrDefault(order.accepted.symbol(), new ArrayList<>())
                    .remove(order);
        }
    }

    private Position position(String symbol, Product product, LedgerEntry.@Nullable Carried carried) {
        return positions.computeIfAbsent(
                symbol + " " + product,
                _ -> new Position(carried != null ? carried : new LedgerEntry.Carried(symbol, product, 0, 0)));
    }

    /** The entry with which the next day begins: delivered shares move to the holdings, other positions carry over. */
    LedgerEntry.Day nextDay(LocalDate next, String market, Map<String, Long> closesPaise) {
        Map<String, LedgerEntry.Holding> delivered = new TreeMap<>(holdings);
        List<LedgerEntry.Carried> carried = new ArrayList<>();
        for (Position position : positions.values()) {
            if (position.product == Product.CNC) {
                deliver(position, delivered);
            } else if (position.quantity() != 0) {
                carried.add(position.carry());
            }
        }
        return new LedgerEntry.Day(
                next,
                market,
                lastOrder,
                lastTrade,
                List.copyOf(delivered.values()),
                carried,
                List.copyOf(sessions.values()),
                closesPaise);
    }

    private static void deliver(Position position, Map<String, LedgerEntry.Holding> delivered) {
        LedgerEntry.Holding before =
                delivered.getOrDefault(position.symbol, new LedgerEntry.Holding(position.symbol, 0, 0));
        long quantity = before.quantity() + position.quantity();
        if (quantity <= 0) {
            delivered.remove(position.symbol);
            return;
        }
        long cost = position.quantity() > 0
                ? before.costPaise() + position.carry().valuePaise()
                : Rupees.share(before.costPaise(), quantity, before.quantity());
        delivered.put(position.symbol, new LedgerEntry.Holding(position.symbol, quantity, cost));
    }

    /** What a CNC sale may still sell: holdings and today's purchases less open sales. */
    long sellable(String symbol) {
        long open = openOrders(symbol).stream()
                .filter(order -> order.accepted.side() == Side.SELL && order.accepted.product() == Product.CNC)
                .mapToLong(Order::pending)
                .sum();
        LedgerEntry.Holding holding = holdings.get(symbol);
        Position today = positions.get(symbol + " " + Product.CNC);
        return (holding == null ? 0 : holding.quantity()) + (today == null ? 0 : today.quantity()) - open;
    }

    /** The next order id: the day, then a number that is never given out twice, whatever the day. */
    String nextOrderId() {
        return "%02d%02d%02d%0"
                .concat(ORDER_ID_DIGITS + "d")
                .formatted(day.getYear() % 100, day.getMonthValue(), day.getDayOfMonth(), lastOrder + 1);
    }

    private static long number(String orderId) {
        return Long.parseLong(orderId.substring(6));
    }

    /** The position of one product; null if there never was one today. */
    @Nullable
    Position position(String symbol, Product product) {
        return positions.get(symbol + " " + product);
    }

    String nextTradeId() {
        return Long.toString(lastTrade + 1);
    }

    /** Leaves a gap in the ids, for those that a cut-off line may have given out before a crash. */
    void skipIds(int count) {
        lastOrder += count;
        lastTrade += count;
    }

    LocalDate day() {
        return day;
    }

    /** @throws KiteError if today's book has no such order */
    Order order(String orderId) {
        Order order = orders.get(orderId);
        if (order == null) {
            throw KiteError.order("Order not found: today's book has no order " + orderId);
        }
        return order;
    }

    Collection<Order> orders() {
        return orders.values();
    }

    /** A copy: filling changes the list. */
    List<Order> openOrders(String symbol) {
        return List.copyOf(openBySymbol.getOrDefault(symbol, List.of()));
    }

    List<Order> openOrders() {
        return openBySymbol.values().stream().flatMap(List::stream).toList();
    }

    List<TradeRow> trades() {
        return trades;
    }

    Collection<Position> positions() {
        return positions.values();
    }

    Collection<LedgerEntry.Holding> holdings() {
        return holdings.values();
    }

    Collection<LedgerEntry.SessionOpened> sessions() {
        return sessions.values();
    }

    Map<String, Long> lastPaise() {
        return lastPaise;
    }

    int placedToday() {
        return placedToday;
    }

    @Nullable
    Long lastMarketNanos() {
        return lastMarketNanos;
    }
}
