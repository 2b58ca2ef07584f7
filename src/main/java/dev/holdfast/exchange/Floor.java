package dev.holdfast.exchange;

import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.math.BigDecimal;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trading floor: takes orders, matches them against the market, keeps the day. Each decision is written to the
 * ledger and then applied to the book; callers must {@link Witness#sync} before they tell anyone.
 */
final class Floor {

    static final String HAND = "HAND";
    static final String BROKER = "BROKER";
    static final int MAX_MODIFICATIONS = 25;

    private static final Logger LOG = LoggerFactory.getLogger(Floor.class);
    static final int BAND_PERCENT = 20;
    private static final BigDecimal BROKER_PROTECTION = BigDecimal.valueOf(50);

    private final ReentrantLock lock = new ReentrantLock();
    private final Market market;
    private final Witness witness;
    private final Faults faults;
    private final LongSupplier wallNanos;
    private final Consumer<OrderNotice> notices;
    private final String marketName;
    private final Book book;
    private final Map<String, Quote> quotes = new TreeMap<>();
    private final Map<String, Long> heldBackUntilNanos = new HashMap<>();
    private final Gaps gaps;
    private boolean lapsed;
    private boolean squaredOff;

    /** @param book as the ledger left it */
    Floor(
            Market market,
            String marketName,
            Book book,
            Witness witness,
            Faults faults,
            LongSupplier wallNanos,
            Consumer<OrderNotice> notices) {
        this.market = market;
        this.marketName = marketName;
        this.book = book;
        this.witness = witness;
        this.faults = faults;
        this.wallNanos = wallNanos;
        this.notices = notices;
        this.gaps = new Gaps(faults, wallNanos);
        for (Instrument instrument : market.instruments()) {
            Quote quote = new Quote(instrument);
            quote.resume(book.lastPaise().getOrDefault(instrument.symbol(), 0L), 0);
            quotes.put(instrument.symbol(), quote);
        }
    }

    /** Reads the book and the quotes under the lock; what comes out must be a copy. */
    <T> T read(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    Book book() {
        return book;
    }

    Map<String, Quote> quotes() {
        return quotes;
    }

    MarketTime now() {
        return market.at(wallNanos.getAsLong());
    }

    /** Writes an entry and applies it. */
    LedgerLine record(LedgerEntry entry) {
        return read(() -> {
            LedgerLine line = witness.write(entry);
            book.apply(line);
            return line;
        });
    }

    /** Follows market time: a new day, the broker's square-off, the close. Must run before anything that trades. */
    MarketTime followTime() {
        return read(() -> {
            MarketTime now = now();
            if (now.day().isAfter(book.day())) {
                beginDay(now);
            }
            LocalTime squareOff = market.squareOffTime(now.day());
            if (!squaredOff && squareOff != null && now.nanos() >= Ist.nanos(now.day(), squareOff)) {
                squaredOff = true;
                squareOff();
            }
            if (!lapsed && (now.phase() == Phase.CLOSED || now.phase() == Phase.ENDING)) {
                lapsed = true;
                book.openOrders().forEach(order -> end(order, OrderStatus.LAPSED, "DAY order lapsed at the close"));
            }
            return now;
        });
    }

    private void beginDay(MarketTime now) {
        // Whatever was still open lapses first: tomorrow's book does not know it.
        book.openOrders().forEach(order -> end(order, OrderStatus.LAPSED, "DAY order lapsed at the close"));
        record(book.nextDay(now.day(), marketName, lastPrices()));
        heldBackUntilNanos.clear();
        quotes.values().forEach(Quote::beginDay);
        lapsed = false;
        squaredOff = false;
        LOG.info(
                "trading day={} holdings={} positions={}",
                now.day(),
                book.holdings().size(),
                book.positions().size());
    }

    /** Keeps the present prices for the next start. */
    void recordPrices() {
        record(new LedgerEntry.Prices(read(this::lastPrices)));
    }

    private Map<String, Long> lastPrices() {
        Map<String, Long> prices = new LinkedHashMap<>();
        quotes.forEach((symbol, quote) -> {
            if (quote.hasPrice()) {
                prices.put(symbol, quote.lastPaise);
            }
        });
        return prices;
    }

    /** Applies a tick and fills resting orders that it reaches. */
    void tick(Tick tick) {
        read(() -> {
            Quote quote = quote(tick.instrument().symbol());
            quote.apply(gaps.shift(tick));
            long now = wallNanos.getAsLong();
            for (Order order : book.openOrders(tick.instrument().symbol())) {
                if (heldBackUntilNanos.getOrDefault(order.id(), 0L) <= now && fill(order, quote, order.pending())) {
                    tell(order);
                }
            }
            return quote;
        });
    }

    /** Shows what a gap makes of each price at once, without waiting for the market's next tick. */
    void reprice() {
        read(() -> {
            quotes.values().forEach(this::reprice);
            return quotes;
        });
    }

    private void reprice(Quote quote) {
        if (quote.hasPrice()) {
            tick(new Tick.Traded(quote.instrument, now().nanos(), gaps.plainPaise(quote), 1));
        }
    }

    /**
     * Places an order of the API.
     *
     * @param request line number of the request in the ledger
     * @return its order id; the order may have been rejected, which only the book says
     * @throws KiteError if it never became an order
     */
    String place(long request, String placedBy, Map<String, String> parameters) {
        return read(() -> {
            MarketTime now = followTime();
            OrderForm form = OrderForm.parse(parameters, symbol -> {
                Quote quote = quotes.get(symbol);
                return quote == null ? null : quote.instrument;
            });
            Terms terms = new Terms(
                    form,
                    parameters.getOrDefault("market_protection", "0"),
                    OrderForm.variety(parameters.get("variety")));
            return accept(request, placedBy, terms, now);
        });
    }

    /**
     * The terms of a new order.
     *
     * @param variety null for a regular order
     */
    private record Terms(
            OrderForm form, String protection, @Nullable String variety) {}

    private String accept(long request, String placedBy, Terms terms, MarketTime now) {
        OrderForm form = terms.form();
        Quote quote = quote(form.instrument().symbol());
        String reason = rejection(form, quote, now);
        long limitPaise = OrderForm.limit(form.orderType(), form.pricePaise(), form.side(), form.protection(), quote);
        if (!placedBy.equals(HAND) && !placedBy.equals(BROKER)) {
            gapAgainst(form.side(), quote);
        }
        String orderId = book.nextOrderId();
        record(new LedgerEntry.Accepted(
                request,
                orderId,
                "1" + orderId,
                form.tag(),
                placedBy,
                form.instrument().symbol(),
                form.side(),
                form.product(),
                form.orderType(),
                form.validity(),
                form.quantity(),
                form.pricePaise(),
                limitPaise,
                terms.protection(),
                terms.variety()));
        Order order = book.order(orderId);
        if (reason != null) {
            end(order, OrderStatus.REJECTED, reason);
            return orderId;
        }
        fill(order, quote, atFirst(order));
        tell(order);
        lapseUnlessItMayRest(order, now);
        return orderId;
    }

    /** Why the broker's risk check or the exchange turns an order down, or null. */
    private @Nullable String rejection(OrderForm form, Quote quote, MarketTime now) {
        if (faults.take(FaultKind.REJECT_ORDERS).isPresent()) {
            return "RMS: rejected by a fault that was asked for";
        }
        if (!now.tradable()) {
            return "Markets are closed right now";
        }
        if (!quote.hasPrice() || !market.quotes(quote.instrument, now.day())) {
            return "No trading in " + quote.instrument.key() + " on " + now.day();
        }
        if (form.product() == Product.MIS && squaredOff) {
            return "RMS: MIS orders are not taken after the square-off";
        }
        long band = quote.closePaise * BAND_PERCENT / 100;
        if (form.orderType() == OrderType.LIMIT && Math.abs(form.pricePaise() - quote.closePaise) > band) {
            return "Price out of the day's band of " + Rupees.of(quote.closePaise - band) + " to "
                    + Rupees.of(quote.closePaise + band);
        }
        if (form.product() == Product.CNC
                && form.side() == Side.SELL
                && form.quantity() > book.sellable(form.instrument().symbol())) {
            return "RMS: insufficient stock holding";
        }
        return null;
    }

    /** The price leaves between the moment an order's cap is computed and the moment it meets the market. */
    private void gapAgainst(Side side, Quote quote) {
        String symbol = quote.instrument.symbol();
        faults.take(FaultKind.GAP_BEFORE_ORDER, target -> target.hasSymbol(symbol))
                .ifPresent(fault -> {
                    BigDecimal percent = fault.content().percent();
                    gaps.add(symbol, side == Side.BUY ? percent : percent.negate(), fault.millis());
                    reprice(quote);
                });
    }

    private long atFirst(Order order) {
        if (order.quantity == 1) {
            return 1;
        }
        return faults.take(FaultKind.PARTIAL_FILLS)
                .map(fault -> {
                    heldBackUntilNanos.put(order.id(), wallNanos.getAsLong() + fault.millis() * Ist.NANOS_PER_MILLI);
                    return order.quantity / 2;
                })
                .orElse(order.quantity);
    }

    private void lapseUnlessItMayRest(Order order, MarketTime now) {
        if (order.isOpen() && order.validity == LedgerEntry.Validity.IOC) {
            end(order, OrderStatus.CANCELLED, "IOC order: the rest found nobody");
        } else if (order.isOpen() && now.phase() == Phase.ENDING) {
            end(order, OrderStatus.LAPSED, "DAY order lapsed at the close");
        }
    }

    /** @return whether anything was filled */
    private boolean fill(Order order, Quote quote, long atMost) {
        MarketTime now = now();
        if (!now.tradable()) {
            return false;
        }
        List<Matching.Fill> fills = Matching.take(quote, order.accepted.side(), order.pricePaise, atMost);
        for (Matching.Fill fill : fills) {
            record(new LedgerEntry.Trade(
                    book.nextTradeId(),
                    order.id(),
                    order.accepted.tag(),
                    order.accepted.symbol(),
                    order.accepted.side(),
                    order.accepted.product(),
                    fill.quantity(),
                    fill.pricePaise()));
        }
        return !fills.isEmpty();
    }

    /** Changes a working order; absent parameters stay as they are. */
    String amend(long request, String orderId, Map<String, String> parameters) {
        return read(() -> {
            MarketTime now = followTime();
            Order order = open(orderId, "modified");
            Quote quote = quote(order.accepted.symbol());
            if (order.modifications >= MAX_MODIFICATIONS) {
                throw KiteError.order("Maximum allowed order modifications exceeded: " + MAX_MODIFICATIONS);
            }
            OrderType type = OrderForm.orderType(parameters.getOrDefault("order_type", OrderType.LIMIT.name()));
            String oldPrice = Rupees.of(order.pricePaise).toPlainString();
            long price = OrderForm.price(parameters.getOrDefault("price", oldPrice), type, quote.instrument);
            long quantity = OrderForm.quantity(parameters.getOrDefault("quantity", Long.toString(order.quantity)));
            if (quantity < order.filled) {
                throw KiteError.input("Invalid `quantity`: " + quantity + " is below the filled " + order.filled);
            }
            BigDecimal protection = OrderForm.protection(
                    parameters.getOrDefault("market_protection", order.accepted.marketProtection()), type);
            record(new LedgerEntry.Amended(
                    request,
                    orderId,
                    type,
                    OrderForm.validity(parameters.getOrDefault("validity", order.validity.name())),
                    quantity,
                    price,
                    OrderForm.limit(type, price, order.accepted.side(), protection, quote)));
            if (order.isOpen()) {
                fill(order, quote, order.pending());
            }
            tell(order);
            lapseUnlessItMayRest(order, now);
            return orderId;
        });
    }

    String cancel(long request, String orderId) {
        return read(() -> {
            followTime();
            end(open(orderId, "cancelled"), OrderStatus.CANCELLED, "", request);
            return orderId;
        });
    }

    /**
     * Gives a part of a position another product.
     *
     * @throws KiteError if there is not so much to convert
     */
    void convert(long request, Conversion conversion) {
        read(() -> {
            followTime();
            Position position = book.position(conversion.symbol(), conversion.from());
            long most = position == null ? 0 : position.convertible(conversion.side(), conversion.overnight());
            if (conversion.quantity() > most) {
                throw KiteError.order("Cannot convert " + conversion.quantity() + " of " + conversion.symbol() + " "
                        + conversion.from() + ": " + most + " can be converted");
            }
            if (conversion.to() == Product.CNC && conversion.side() == Side.SELL) {
                throw KiteError.order("Cannot convert a short position to CNC");
            }
            return record(new LedgerEntry.Converted(
                    request,
                    conversion.symbol(),
                    conversion.side(),
                    conversion.quantity(),
                    conversion.from(),
                    conversion.to(),
                    conversion.overnight()));
        });
    }

    /** Places an order as a person in the broker's own screens would. */
    String placeByHand(Map<String, String> parameters) {
        return read(() -> {
            Map<String, String> order = new TreeMap<>(parameters);
            order.putIfAbsent("market_protection", "-1");
            return place(asked("POST", "/orders/regular", order), HAND, order);
        });
    }

    /** Cancels as a person would; {@code order_id} names the order. */
    String cancelByHand(Map<String, String> parameters) {
        return read(() -> {
            String orderId = OrderForm.required(parameters, "order_id");
            return cancel(asked("DELETE", "/orders/regular/" + orderId, parameters), orderId);
        });
    }

    /** Modifies as a person would; {@code order_id} names the order. */
    String amendByHand(Map<String, String> parameters) {
        return read(() -> {
            String orderId = OrderForm.required(parameters, "order_id");
            return amend(asked("PUT", "/orders/regular/" + orderId, parameters), orderId, parameters);
        });
    }

    /** Converts as a person would. */
    void convertByHand(Map<String, String> parameters) {
        read(() -> {
            convert(asked("PUT", "/portfolio/positions", parameters), Conversion.parse(parameters));
            return parameters;
        });
    }

    private long asked(String method, String path, Map<String, String> parameters) {
        return record(new LedgerEntry.Request(method, path, HAND, parameters.get("tag"), null, parameters))
                .number();
    }

    /** The broker cancels open MIS orders and trades MIS positions back to nothing. */
    void squareOff() {
        read(() -> {
            long request = record(new LedgerEntry.Request("POST", "/square-off", BROKER, null, null, Map.of()))
                    .number();
            book.openOrders().stream()
                    .filter(order -> order.accepted.product() == Product.MIS)
                    .forEach(order ->
                            end(order, OrderStatus.CANCELLED, "cancelled for the broker's square-off", request));
            MarketTime now = now();
            for (Position position : List.copyOf(book.positions())) {
                long quantity = position.quantity();
                if (position.product == Product.MIS && quantity != 0 && now.tradable()) {
                    squareOff(request, position.symbol, quantity, now);
                }
            }
            return now;
        });
    }

    private void squareOff(long request, String symbol, long quantity, MarketTime now) {
        Side side = quantity > 0 ? Side.SELL : Side.BUY;
        OrderForm form = new OrderForm(
                quote(symbol).instrument,
                side,
                Product.MIS,
                OrderType.MARKET,
                LedgerEntry.Validity.DAY,
                Math.abs(quantity),
                0,
                BROKER_PROTECTION,
                null);
        boolean before = squaredOff;
        squaredOff = false; // The broker's own order is not turned down by its own rule.
        String orderId = accept(request, BROKER, new Terms(form, "-1", null), now);
        squaredOff = before;
        LOG.info("square-off order={} symbol={} side={} quantity={}", orderId, symbol, side, Math.abs(quantity));
    }

    private Order open(String orderId, String verb) {
        Order order = book.order(orderId);
        if (!order.isOpen()) {
            throw KiteError.order("Order cannot be " + verb + " as it is " + order.status.text());
        }
        return order;
    }

    private void end(Order order, OrderStatus status, String message) {
        end(order, status, message, 0);
    }

    private void end(Order order, OrderStatus status, String message, long request) {
        record(new LedgerEntry.Ended(order.id(), order.accepted.tag(), status, message, request));
        heldBackUntilNanos.remove(order.id());
        tell(order);
    }

    private void tell(Order order) {
        String status = switch (order.status) {
            case COMPLETE, REJECTED, CANCELLED -> order.status.text();
            case LAPSED -> OrderStatus.CANCELLED.text();
            default -> order.filled > 0 || order.modifications > 0 ? "UPDATE" : OrderStatus.OPEN.text();
        };
        notices.accept(
                new OrderNotice(status, Rows.order(order, quote(order.accepted.symbol()).instrument, tagPlace())));
    }

    /** Where rows say the tag at present. */
    Rows.TagPlace tagPlace() {
        return faults.lasting(FaultKind.TAG_IN_TAGS_ONLY).isPresent() ? Rows.TagPlace.TAGS : Rows.TagPlace.BOTH;
    }

    private Quote quote(String symbol) {
        Quote quote = quotes.get(symbol);
        if (quote == null) {
            throw new IllegalStateException("the market has no instrument " + symbol
                    + " that the ledger speaks of; start with the market of this ledger or an empty folder");
        }
        return quote;
    }
}
