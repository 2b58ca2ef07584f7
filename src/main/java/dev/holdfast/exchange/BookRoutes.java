package dev.holdfast.exchange;

import dev.holdfast.types.Product;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** Reading orders, trades, positions, holdings and the account. Nothing is shown before it is on disk. */
final class BookRoutes {

    private static final long FUNDS_PAISE = 1_000_000_000_00L;

    private final Floor floor;
    private final Witness witness;
    private final Faults faults;
    private final OddRows oddRows;
    private final Access access;
    private final RateLimits limits;
    private final LongSupplier wallNanos;

    BookRoutes(
            Floor floor,
            Witness witness,
            Faults faults,
            OddRows oddRows,
            Access access,
            RateLimits limits,
            LongSupplier wallNanos) {
        this.floor = floor;
        this.witness = witness;
        this.faults = faults;
        this.oddRows = oddRows;
        this.access = access;
        this.limits = limits;
        this.wallNanos = wallNanos;
    }

    void add(RoutesConfig routes) {
        routes.get("/orders", read(context -> Envelope.rows(context, ask(this::orders))));
        routes.get("/trades", read(context -> Envelope.rows(context, ask(this::trades))));
        routes.get("/orders/{order_id}", read(context -> {
            String orderId = context.pathParam("order_id");
            Envelope.success(context, ask(() -> history(orderId)));
        }));
        routes.get("/orders/{order_id}/trades", read(context -> {
            String orderId = context.pathParam("order_id");
            Envelope.success(context, ask(() -> tradesOf(orderId)));
        }));
        routes.get("/portfolio/positions", read(context -> Envelope.success(context, ask(this::positions))));
        routes.get("/portfolio/holdings", read(context -> Envelope.success(context, ask(this::holdings))));
        routes.get("/user/profile", read(context -> Envelope.success(context, Sessions.profile())));
        routes.get(
                "/user/margins",
                read(context -> Envelope.success(
                        context, Map.of("equity", ask(this::margin), "commodity", ask(this::margin)))));
        routes.get("/user/margins/{segment}", read(context -> Envelope.success(context, ask(this::margin))));
    }

    private Handler read(Handler handler) {
        return context -> {
            access.require(context);
            limits.other();
            handler.handle(context);
        };
    }

    private <T> T ask(Supplier<T> question) {
        T answer = floor.read(() -> {
            floor.followTime();
            return question.get();
        });
        witness.sync();
        return answer;
    }

    private Instrument instrument(String orderId) {
        return instrument(floor.book().order(orderId));
    }

    private Instrument instrument(Order order) {
        return quote(order.accepted.symbol()).instrument;
    }

    private Quote quote(String symbol) {
        return Optional.ofNullable(floor.quotes().get(symbol)).orElseThrow();
    }

    private Order visible(String orderId) {
        Order order = floor.book().order(orderId);
        if (!isVisible(order)) {
            throw KiteError.order("Order not found: today's book has no order " + orderId);
        }
        return order;
    }

    /** A fault can keep young orders out of sight. */
    private boolean isVisible(Order order) {
        long delay = faults.lasting(FaultKind.BOOK_DELAY).map(Fault::millis).orElse(0L) * Ist.NANOS_PER_MILLI;
        return wallNanos.getAsLong() - order.acceptedAtNanos >= delay;
    }

    private List<byte[]> orders() {
        return odd(
                OddRows.ORDERS,
                floor.book().orders().stream()
                        .filter(this::isVisible)
                        .map(this::rendered)
                        .toList());
    }

    /** The rendered rows as faults want them. */
    private List<byte[]> odd(String list, List<byte[]> rows) {
        if (!oddRows.any(list)) {
            return rows;
        }
        List<ObjectNode> changed = new ArrayList<>();
        rows.forEach(row -> changed.add((ObjectNode) Rows.JSON.readTree(row)));
        return odd(list, changed, true).stream()
                .map(Rows.JSON::writeValueAsBytes)
                .toList();
    }

    private List<ObjectNode> odd(String list, List<ObjectNode> rows, boolean add) {
        List<ObjectNode> all = new ArrayList<>(rows);
        oddRows.change(list, all);
        if (add) {
            all.addAll(oddRows.madeUp(list));
        }
        return all;
    }

    private List<ObjectNode> history(String orderId) {
        return oddRows.order(orderId)
                .map(List::of)
                .orElseGet(() -> odd(
                        OddRows.ORDERS, Rows.history(visible(orderId), instrument(orderId), floor.tagPlace()), false));
    }

    private List<ObjectNode> tradesOf(String orderId) {
        List<ObjectNode> rows = new ArrayList<>(oddRows.madeUp(OddRows.TRADES));
        rows.removeIf(row -> !row.path("order_id").asString("").equals(orderId));
        if (oddRows.order(orderId).isEmpty()) {
            rows.addAll(odd(OddRows.TRADES, trades(visible(orderId)), false));
        }
        return rows;
    }

    private byte[] rendered(Order order) {
        Rows.TagPlace tagPlace = floor.tagPlace();
        byte[] row = tagPlace == Rows.TagPlace.BOTH ? order.rendered : null;
        if (row == null) {
            row = Rows.JSON.writeValueAsBytes(Rows.order(order, instrument(order), tagPlace));
            order.rendered = tagPlace == Rows.TagPlace.BOTH ? row : null;
        }
        return row;
    }

    private List<byte[]> trades() {
        return odd(
                OddRows.TRADES,
                floor.book().trades().stream()
                        .filter(trade -> isVisible(trade.order()))
                        .map(this::rendered)
                        .toList());
    }

    private byte[] rendered(TradeRow trade) {
        return trade.rendered(() -> Rows.JSON.writeValueAsBytes(Rows.trade(trade, instrument(trade.order()))));
    }

    private List<ObjectNode> trades(Order order) {
        return floor.book().trades().stream()
                .filter(trade -> trade.order() == order)
                .map(trade -> Rows.trade(trade, instrument(order)))
                .toList();
    }

    private Map<String, List<ObjectNode>> positions() {
        return Map.of("net", positions(true), "day", positions(false));
    }

    private List<ObjectNode> positions(boolean net) {
        return odd(
                OddRows.POSITIONS,
                floor.book().positions().stream()
                        .filter(position -> net || position.dayBuyQuantity + position.daySellQuantity > 0)
                        .map(position -> Rows.position(position, quote(position.symbol), net))
                        .toList(),
                true);
    }

    private List<ObjectNode> holdings() {
        return odd(
                OddRows.HOLDINGS,
                floor.book().holdings().stream()
                        .map(holding -> Rows.holding(holding, quote(holding.symbol()), soldToday(holding)))
                        .toList(),
                true);
    }

    /** A delivery sale is taken from today's purchases first, then from the holding. */
    private long soldToday(LedgerEntry.Holding holding) {
        return floor.book().positions().stream()
                .filter(position -> position.product == Product.CNC && position.symbol.equals(holding.symbol()))
                .mapToLong(position -> Math.max(0, -position.quantity()))
                .sum();
    }

    /** Funds are there to be shown, not checked: risk is the engine's work. */
    private Map<String, Object> margin() {
        long tied = floor.book().positions().stream()
                .mapToLong(position -> Math.abs(position.netValuePaise()))
                .sum();
        return Map.of(
                "enabled",
                true,
                "net",
                Rupees.of(FUNDS_PAISE - tied),
                "available",
                Map.of("cash", Rupees.of(FUNDS_PAISE), "live_balance", Rupees.of(FUNDS_PAISE - tied)),
                "utilised",
                Map.of("debits", Rupees.of(tied)));
    }
}
