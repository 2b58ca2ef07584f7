package dev.holdfast.simulation;

import dev.holdfast.broker.BrokerHolding;
import dev.holdfast.broker.BrokerOrder;
import dev.holdfast.broker.BrokerPosition;
import dev.holdfast.broker.BrokerTrade;
import dev.holdfast.broker.OrderCall;
import dev.holdfast.broker.SendAnswer;
import dev.holdfast.protocol.BookList;
import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A model of the broker and the exchange behind it: takes orders, fills them, forgets at the day's end. Its ledger is the witness. */
final class Exchange {

    private static final long SECOND_NANOS = 1_000_000_000L;

    /** Further than a MARKET order's cap. */
    private static final int LEAP_PERCENT = 3;

    private final Scheduler scheduler;
    private final Dice dice;
    private final Market market;
    private final Invariants invariants;
    private final Diary diary;
    private final int perSecond;
    private final Map<String, Order> today = new LinkedHashMap<>();
    private final List<BrokerTrade> tradesToday = new ArrayList<>();
    private final Map<Place, Long> traded = new TreeMap<>();
    private final Map<Integer, Long> holdings = new TreeMap<>();

    /** Signed quantity that today's conversions moved into each position. */
    private final Map<Place, Long> converted = new TreeMap<>();

    private final OddRows oddRows;
    private final List<Runnable> standingOddRows = new ArrayList<>();
    private final ArrayDeque<Long> requests = new ArrayDeque<>();
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private List<BrokerOrder> listed = List.of();
    private boolean listChanged = true;
    private long nextOrder = 1;
    private long nextTrade = 1;

    /** How long the book hides the next orders: longer than anybody waits. */
    private long hideNanos;

    private int hideOrders;

    /** Number of our next MARKET orders that meet a market that leapt beyond their cap. */
    private int restOrders;

    /** An instrument by its place in {@link Market#SYMBOLS}, and a product. */
    record Place(int symbol, Product product) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int bySymbol = Integer.compare(symbol, other.symbol);
            return bySymbol != 0 ? bySymbol : product.compareTo(other.product);
        }
    }

    /** One order at the exchange. */
    static final class Order {
        final String id;
        final String tag;
        final int symbol;
        final Side side;
        final Product product;
        final OrderType type;
        final Origin placedBy;
        final int day;

        /** Placed by a request of ours; a stranger's order may bear a tag of ours too. */
        final boolean ours;

        /** A MARKET order becomes a LIMIT at this cap. */
        final boolean capped;

        /** The market is beyond the cap, so what is open stays open until its price is changed. */
        boolean rests;

        long quantity;
        long pricePaise;
        long filled;
        BrokerOrderState state = BrokerOrderState.LIVE;
        String message = "";
        boolean visible;

        /** Whether the order's row is not understood at present. */
        boolean odd;

        /** Log time from which a read of the book shows it. */
        long visibleLogNanos = Long.MAX_VALUE;

        @Nullable
        BrokerOrder row;

        Order(
                String id,
                String tag,
                int symbol,
                Side side,
                Product product,
                OrderType type,
                Origin placedBy,
                int day,
                boolean ours,
                boolean capped,
                long quantity,
                long pricePaise) {
            this.ours = ours;
            this.capped = capped;
            this.id = id;
            this.tag = tag;
            this.symbol = symbol;
            this.side = side;
            this.product = product;
            this.type = type;
            this.placedBy = placedBy;
            this.day = day;
            this.quantity = quantity;
            this.pricePaise = pricePaise;
        }
    }

    Exchange(Scheduler scheduler, Dice dice, Market market, Invariants invariants, Diary diary, int perSecond) {
        this.scheduler = scheduler;
        this.dice = dice;
        this.market = market;
        this.invariants = invariants;
        this.diary = diary;
        this.perSecond = perSecond;
        this.oddRows = new OddRows();
        holdings.put(1, 50L);
    }

    /** Hears of each change of an order, as the broker's postbacks and updates tell it. */
    void listen(Consumer<String> listener) {
        listeners.add(listener);
    }

    OddRows oddRows() {
        return oddRows;
    }

    /** A row in one of the lists is not understood for a while: of an order that is there, or one more of this symbol. */
    void showOddRow(BookList list, int symbol, long nanos) {
        Order order = list == BookList.ORDERS && dice.chance(0.5) ? anyOrder(symbol) : null;
        if (order == null) {
            String name = dice.chance(0.2) ? "NOBODY" : Market.SYMBOLS.get(symbol);
            oddUntil(nanos, oddRows.more(list, "X" + nextOrder++, name));
        } else {
            order.odd = true;
            order.visibleLogNanos = Long.MAX_VALUE;
            Runnable end = oddRows.order(order, dice.chance(0.5) ? order.tag : "");
            oddUntil(nanos, () -> {
                end.run();
                order.odd = false;
                order.visibleLogNanos = order.visible ? invariants.logNanos() : Long.MAX_VALUE;
                changed(order, "understood again");
            });
        }
    }

    private @Nullable Order anyOrder(int symbol) {
        List<Order> there = today.values().stream()
                .filter(order -> order.symbol == symbol && !order.odd)
                .toList();
        return there.isEmpty() ? null : dice.any(there);
    }

    private void oddUntil(long nanos, Runnable end) {
        standingOddRows.add(end);
        scheduler.after(nanos, () -> {
            if (standingOddRows.remove(end)) {
                end.run();
            }
        });
    }

    /** The next orders enter the book, and can be seen in it only after this. */
    void hide(int orders, long nanos) {
        hideOrders = orders;
        hideNanos = nanos;
    }

    /** The market leaps away from the next MARKET orders before they arrive: they rest at their caps. */
    void leapAway(int orders) {
        restOrders = orders;
    }

    // What the broker's interface does

    SendAnswer receive(OrderCall call) {
        long now = scheduler.nowNanos();
        while (!requests.isEmpty() && requests.getFirst() <= now - SECOND_NANOS) {
            requests.removeFirst();
        }
        requests.addLast(now);
        if (call.action() == SendAction.PLACE) {
            invariants.placeArrived(call.tag());
        }
        if (requests.size() > perSecond) {
            return SendAnswer.refused("NetworkException", "Too many requests", true);
        }
        return switch (call.action()) {
            case PLACE -> place(call);
            case MODIFY -> modify(call);
            case CANCEL -> {
                invariants.touched(today.get(call.brokerOrderId()), call);
                yield cancel(call.brokerOrderId());
            }
        };
    }

    private SendAnswer place(OrderCall call) {
        if (!market.isOpen()) {
            return SendAnswer.refused("InputException", "markets are closed", false);
        }
        if (dice.chance(0.01)) {
            return SendAnswer.refused("MarginException", "insufficient funds", false);
        }
        Order order = enter(
                call.tag(),
                true,
                Market.SYMBOLS.indexOf(call.symbol()),
                call.side(),
                call.product(),
                call.orderType(),
                Origin.INTENT,
                call.quantity(),
                call.pricePaise());
        invariants.accepted(order);
        return SendAnswer.accepted(order.id);
    }

    private SendAnswer modify(OrderCall call) {
        Order order = today.get(call.brokerOrderId());
        invariants.touched(order, call);
        if (order == null || order.state != BrokerOrderState.LIVE || call.quantity() <= order.filled) {
            return SendAnswer.refused("OrderException", "order cannot be modified", false);
        }
        order.quantity = call.quantity();
        order.pricePaise = call.pricePaise();
        changed(order, "modified");
        if (order.rests && dice.chance(0.6)) {
            order.rests = false;
            scheduleFill(order);
        }
        return SendAnswer.accepted(order.id);
    }

    private SendAnswer cancel(String id) {
        Order order = today.get(id);
        if (order == null || order.state != BrokerOrderState.LIVE) {
            return SendAnswer.refused("OrderException", "order cannot be cancelled", false);
        }
        if (dice.chance(0.1)) {
            scheduler.after(dice.millis(100, 4_000), () -> end(order, BrokerOrderState.CANCELLED, "cancelled"));
        } else {
            end(order, BrokerOrderState.CANCELLED, "cancelled");
        }
        return SendAnswer.accepted(id);
    }

    /** An order by hand in the broker's own screens, or by the broker itself. */
    Order placeForeign(Origin who, int symbol, Side side, Product product, long quantity) {
        return enter("", false, symbol, side, product, OrderType.MARKET, who, quantity, 0);
    }

    /** An order of somebody else's program that bears this tag; a price of 0 is MARKET. */
    Order placeStranger(String tag, int symbol, Side side, Product product, long quantity, long pricePaise) {
        Order order = enter(
                tag,
                false,
                symbol,
                side,
                product,
                pricePaise == 0 ? OrderType.MARKET : OrderType.LIMIT,
                Origin.INTENT,
                quantity,
                pricePaise);
        invariants.account().stranger(order);
        return order;
    }

    /** Shares change their product, without a trade. */
    void convert(int symbol, Product from, Product to, long quantity) {
        diary.note(() ->
                "exchange converts " + quantity + " " + Market.SYMBOLS.get(symbol) + " from " + from + " to " + to);
        traded.merge(new Place(symbol, from), -quantity, Math::addExact);
        traded.merge(new Place(symbol, to), quantity, Math::addExact);
        converted.merge(new Place(symbol, from), -quantity, Math::addExact);
        converted.merge(new Place(symbol, to), quantity, Math::addExact);
        invariants.converted(new Place(symbol, quantity > 0 ? from : to));
    }

    private Order enter(
            String tag,
            boolean ours,
            int symbol,
            Side side,
            Product product,
            OrderType type,
            Origin who,
            long quantity,
            long pricePaise) {
        Order order = new Order(
                "E" + market.day() + "-" + nextOrder++,
                tag,
                symbol,
                side,
                product,
                OrderType.LIMIT,
                who,
                market.day(),
                ours,
                type == OrderType.MARKET,
                quantity,
                type == OrderType.MARKET ? market.cap(symbol, side) : pricePaise);
        if (order.ours && order.capped && (restOrders > 0 || dice.chance(0.01))) {
            restOrders = Math.max(0, restOrders - 1);
            rest(order);
        }
        diary.note(() -> "exchange takes " + order.id + " tag '" + tag + "' " + side + " " + quantity);
        today.put(order.id, order);
        boolean hidden = ours && hideOrders > 0;
        if (hidden) {
            hideOrders--;
            invariants.account().hidden(order);
            scheduler.after(hideNanos, () -> show(order));
        } else if (dice.chance(0.1)) {
            scheduler.after(dice.millis(1, 1_500), () -> show(order));
        } else {
            show(order);
        }
        if (dice.chance(0.02)) {
            scheduler.after(dice.millis(1, 200), () -> end(order, BrokerOrderState.REJECTED, "RMS: not allowed"));
        } else {
            scheduleFill(order);
        }
        return order;
    }

    /** Everything there is can be seen from now on. */
    void showAll() {
        hideOrders = 0;
        standingOddRows.forEach(Runnable::run);
        standingOddRows.clear();
        List.copyOf(today.values()).forEach(this::show);
    }

    private void show(Order order) {
        if (order.visible) {
            return;
        }
        order.visible = true;
        order.visibleLogNanos = order.odd ? Long.MAX_VALUE : invariants.logNanos();
        changed(order, "visible");
    }

    private void scheduleFill(Order order) {
        if (order.capped) {
            scheduler.after(dice.millis(1, 400), () -> fill(order));
        } else if (dice.chance(0.6)) {
            scheduler.after(dice.millis(100, 15_000), () -> fill(order));
        }
    }

    /** The market leaps beyond the order's cap. */
    private void rest(Order order) {
        order.rests = true;
        boolean back = today.values().stream()
                .anyMatch(other -> other.rests && other.symbol == order.symbol && other.side != order.side);
        if (back) {
            invariants.continuity().concern(order.symbol, 0); // the other needs no new price any more
        }
        market.gap(order.symbol, order.side == Side.BUY ? LEAP_PERCENT : -LEAP_PERCENT);
    }

    private void fill(Order order) {
        if (order.state != BrokerOrderState.LIVE || order.day != market.day() || order.rests) {
            return;
        }
        long open = order.quantity - order.filled;
        long quantity = open > 1 && dice.chance(0.4) ? dice.positive(open) : open;
        long price = order.capped ? market.price(order.symbol) : order.pricePaise;
        BrokerTrade trade = new BrokerTrade(
                "NSE",
                Market.SYMBOLS.get(order.symbol),
                order.side,
                order.product,
                quantity,
                price,
                order.day,
                market.timeNanos(),
                "T" + nextTrade++,
                order.id);
        order.filled += quantity;
        tradesToday.add(trade);
        Place place = new Place(order.symbol, order.product);
        traded.merge(place, order.side == Side.BUY ? quantity : -quantity, Math::addExact);
        diary.note(() -> "exchange fills " + order.id + " " + trade.quantity() + " as " + trade.tradeId());
        if (order.filled == order.quantity) {
            order.state = BrokerOrderState.COMPLETE;
        } else {
            if (order.capped && order.ours && dice.chance(0.03)) {
                rest(order);
            }
            scheduleFill(order);
        }
        invariants.account().filled(order, trade, position(place));
        changed(order, "filled");
    }

    private void end(Order order, BrokerOrderState state, String message) {
        if (order.state == BrokerOrderState.LIVE) {
            order.state = state;
            order.message = message;
            changed(order, message);
        }
    }

    private void changed(Order order, String what) {
        order.row = null;
        listChanged = true;
        if (order.visible) {
            diary.note(() -> "exchange " + order.id + " " + what + ": " + order.state + " " + order.filled + "/"
                    + order.quantity);
            listeners.forEach(listener -> listener.accept(order.id));
        }
    }

    // What can be read

    List<BrokerOrder> orders() {
        if (listChanged) {
            List<BrokerOrder> rows = new ArrayList<>(today.size());
            for (Order order : today.values()) {
                if (order.visible) {
                    rows.add(row(order));
                }
            }
            listed = List.copyOf(rows);
            listChanged = false;
        }
        return listed;
    }

    /** Null when the book does not show it. */
    @Nullable
    BrokerOrder order(String id) {
        Order order = today.get(id);
        return order == null || !order.visible ? null : row(order);
    }

    private BrokerOrder row(Order order) {
        BrokerOrder row = order.row;
        if (row == null) {
            row = new BrokerOrder(
                    "NSE",
                    Market.SYMBOLS.get(order.symbol),
                    order.side,
                    order.product,
                    order.type,
                    order.quantity,
                    order.pricePaise,
                    order.filled,
                    order.state,
                    order.placedBy,
                    order.day,
                    market.timeNanos(),
                    order.id,
                    order.tag,
                    order.state.name(),
                    order.message);
            order.row = row;
        }
        return row;
    }

    /** A fill is shown only when its order is. */
    List<BrokerTrade> trades() {
        return tradesToday.stream()
                .filter(trade -> isVisible(trade.brokerOrderId()))
                .toList();
    }

    private boolean isVisible(String id) {
        Order order = today.get(id);
        return order != null && order.visible;
    }

    List<BrokerTrade> trades(String id) {
        return tradesToday.stream()
                .filter(trade -> trade.brokerOrderId().equals(id) && isVisible(id))
                .toList();
    }

    List<BrokerPosition> positions() {
        List<BrokerPosition> rows = new ArrayList<>();
        traded.forEach((place, quantity) -> rows.add(new BrokerPosition(
                "NSE", Market.SYMBOLS.get(place.symbol), place.product, quantity, 0, market.price(place.symbol))));
        return rows;
    }

    List<BrokerHolding> holdings() {
        List<BrokerHolding> rows = new ArrayList<>();
        holdings.forEach((symbol, quantity) -> {
            if (quantity != 0) {
                rows.add(new BrokerHolding("NSE", Market.SYMBOLS.get(symbol), quantity, market.price(symbol)));
            }
        });
        return rows;
    }

    // What the witness says

    /** Opening and today's trades, without conversions. */
    long tradedPosition(Place place) {
        return position(place) - converted.getOrDefault(place, 0L);
    }

    /** Opening, today's trades and conversions. */
    long position(Place place) {
        long opening = place.product == Product.CNC ? holdings.getOrDefault(place.symbol, 0L) : 0;
        return opening + traded.getOrDefault(place, 0L);
    }

    long tradedQuantity(Place place) {
        return traded.getOrDefault(place, 0L);
    }

    Iterable<Order> ordersToday() {
        return today.values();
    }

    List<BrokerTrade> ledgerToday() {
        return tradesToday;
    }

    // The day

    /** Day orders lapse; what was to be closed within the day the broker closes. */
    void close() {
        for (Order order : List.copyOf(today.values())) {
            end(order, BrokerOrderState.CANCELLED, "lapsed at the close");
        }
        for (Place place : List.copyOf(traded.keySet())) {
            long quantity = traded.getOrDefault(place, 0L);
            if (place.product == Product.MIS && quantity != 0) {
                Order squareOff = placeForeign(
                        Origin.BROKER,
                        place.symbol,
                        quantity > 0 ? Side.SELL : Side.BUY,
                        Product.MIS,
                        Math.abs(quantity));
                while (squareOff.state == BrokerOrderState.LIVE) {
                    fill(squareOff);
                }
            }
        }
    }

    /** The broker forgets yesterday; delivery shares are holdings now. */
    void nextDay() {
        traded.forEach((place, quantity) -> {
            if (place.product == Product.CNC) {
                holdings.merge(place.symbol, quantity, Math::addExact);
            }
        });
        traded.clear();
        converted.clear();
        today.clear();
        tradesToday.clear();
        listChanged = true;
        market.nextDay();
    }
}
