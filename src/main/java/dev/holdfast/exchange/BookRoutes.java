package dev.holdfast.exchange;

import dev.holdfast.types.Product;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
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
    private final Access access;
    private final RateLimits limits;
    private final LongSupplier wallNanos;

    BookRoutes(Floor floor, Witness witness, Faults faults, Access access, RateLimits limits, LongSupplier wallNanos) {
        this.floor = floor;
        this.witness = witness;
        this.faults = faults;
        this.access = access;
        this.limits = limits;
        this.wallNanos = wallNanos;
    }

    void add(RoutesConfig routes) {
        routes.get("/orders", read(context -> Envelope.rows(context, ask(this::orders))));
        routes.get("/trades", read(context -> Envelope.rows(context, ask(this::trades))));
        routes.get("/orders/{order_id}", read(context -> {
            String orderId = context.pathParam("order_id");
            Envelope.success(context, ask(() -> Rows.history(visible(orderId), instrument(orderId))));
        }));
        routes.get("/orders/{order_id}/trades", read(context -> {
            String orderId = context.pathParam("order_id");
            Envelope.success(context, ask(() -> trades(visible(orderId))));
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
        return floor.book().orders().stream()
                .filter(this::isVisible)
                .map(this::rendered)
                .toList();
    }

    private byte[] rendered(Order order) {
        byte[] row = order.rendered;
        if (row == null) {
            row = Rows.JSON.writeValueAsBytes(Rows.order(order, instrument(order)));
            order.rendered = row;
        }
        return row;
    }

    private List<byte[]> trades() {
        return floor.book().trades().stream()
                .filter(trade -> isVisible(trade.order()))
                .map(this::rendered)
                .toList();
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
        return floor.book().positions().stream()
                .filter(position -> net || position.dayBuyQuantity + position.daySellQuantity > 0)
                .map(position -> Rows.position(position, quote(position.symbol), net))
                .toList();
    }

    private List<ObjectNode> holdings() {
        return floor.book().holdings().stream()
                .map(holding -> Rows.holding(holding, quote(holding.symbol()), soldToday(holding)))
                .toList();
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
