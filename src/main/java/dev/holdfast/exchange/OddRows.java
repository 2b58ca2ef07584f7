package dev.holdfast.exchange;

import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Rows as no client expects them: made up beside the real ones, or real ones that were changed. The book knows nothing of it. */
final class OddRows {

    static final String ORDERS = "orders";
    static final String TRADES = "trades";
    static final String POSITIONS = "positions";
    static final String HOLDINGS = "holdings";

    private static final String ID_PREFIX = "99";
    private static final LocalTime SHOWN_AT = LocalTime.of(9, 15);

    private final Faults faults;
    private final Floor floor;

    OddRows(Faults faults, Floor floor) {
        this.faults = faults;
        this.floor = floor;
    }

    boolean any(String list) {
        return !of(list).isEmpty();
    }

    private List<Fault> of(String list) {
        return faults.all(FaultKind.ODD_ROW).stream()
                .filter(fault -> list.equals(fault.content().list()))
                .toList();
    }

    /** Changes what matches; adds nothing. */
    void change(String list, List<ObjectNode> rows) {
        for (Fault fault : of(list)) {
            Map<String, String> match = fault.content().match();
            rows.stream()
                    .filter(row -> !match.isEmpty() && matches(row, match))
                    .forEach(row -> dress(row, fault.content()));
        }
    }

    private static boolean matches(ObjectNode row, Map<String, String> match) {
        return match.entrySet().stream()
                .allMatch(field -> row.path(field.getKey()).asString("").equals(field.getValue()));
    }

    private static void dress(ObjectNode row, FaultContent content) {
        Map<String, Object> values = content.row();
        if (values != null) {
            values.forEach((field, value) -> row.set(field, Rows.JSON.<JsonNode>valueToTree(value)));
        }
        row.remove(content.without());
    }

    /** The rows that were made up for this list. */
    List<ObjectNode> madeUp(String list) {
        return of(list).stream()
                .filter(fault -> fault.content().match().isEmpty())
                .map(fault -> {
                    ObjectNode row = plain(list, fault);
                    dress(row, fault.content());
                    return row;
                })
                .toList();
    }

    /** The made-up row of one order. */
    Optional<ObjectNode> order(String orderId) {
        return madeUp(ORDERS).stream()
                .filter(row -> row.path("order_id").asString("").equals(orderId))
                .findFirst();
    }

    /** The ledger's entry for a fault of odd rows. It names the id of the made-up order, if the fault makes one up. */
    LedgerEntry.OddRow entry(Fault fault) {
        boolean order =
                ORDERS.equals(fault.content().list()) && fault.content().match().isEmpty();
        String orderId = null;
        if (order) {
            ObjectNode row = plain(ORDERS, fault);
            dress(row, fault.content());
            orderId = row.path("order_id").asString("");
        }
        return new LedgerEntry.OddRow(String.valueOf(fault.content().list()), orderId);
    }

    /** A row like any other: one share, bought by a person today. */
    private ObjectNode plain(String list, Fault fault) {
        Quote quote = quote(fault);
        String symbol = quote.instrument.symbol();
        String id = ID_PREFIX + Integer.toUnsignedString(fault.content().hashCode());
        // The day before's close stands still, so that the row is the same at each read.
        long price = quote.closePaise;
        long at = Ist.nanos(floor.book().day(), SHOWN_AT);
        LedgerEntry.Accepted accepted = new LedgerEntry.Accepted(
                0,
                id,
                "1" + id,
                null,
                Floor.HAND,
                symbol,
                Side.BUY,
                Product.CNC,
                OrderType.LIMIT,
                LedgerEntry.Validity.DAY,
                1,
                price,
                price,
                "0",
                null);
        Order order = new Order(accepted, at, at);
        LedgerEntry.Trade trade = new LedgerEntry.Trade(id, id, null, symbol, Side.BUY, Product.CNC, 1, price);
        order.fill(trade, at);
        Position position = new Position(new LedgerEntry.Carried(symbol, Product.CNC, 0, 0));
        position.trade(trade);
        return switch (list) {
            case ORDERS -> Rows.order(order, quote.instrument, Rows.TagPlace.BOTH);
            case TRADES -> Rows.trade(new TradeRow(trade, order, at), quote.instrument);
            case POSITIONS -> Rows.position(position, quote, true);
            case HOLDINGS -> Rows.holding(new LedgerEntry.Holding(symbol, 1, price), quote, 0);
            default -> throw new IllegalArgumentException("there is no list '" + list + "'");
        };
    }

    private Quote quote(Fault fault) {
        return floor.quotes().values().stream()
                .filter(quote -> fault.target().hasSymbol(quote.instrument.symbol()) && !quote.instrument.isIndex())
                .findFirst()
                .or(() -> floor.quotes().values().stream().findFirst())
                .orElseThrow();
    }
}
