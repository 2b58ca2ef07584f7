package dev.holdfast.exchange;

import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing the witness saw. The record's name in capitals is the line's {@code kind}; its components are the line's fields. */
sealed interface LedgerEntry {

    /**
     * A trading day began. It carries all that outlives a day, so that a rebuild needs no older line.
     *
     * @param lastOrder number of the last order id given out, ever
     * @param lastTrade number of the last trade id given out, ever
     * @param closesPaise last prices by symbol
     */
    record Day(
            LocalDate day,
            String market,
            long lastOrder,
            long lastTrade,
            List<Holding> holdings,
            List<Carried> positions,
            List<SessionOpened> sessions,
            Map<String, Long> closesPaise)
            implements LedgerEntry {
        public Day {
            holdings = List.copyOf(holdings);
            positions = List.copyOf(positions);
            sessions = List.copyOf(sessions);
            closesPaise = Map.copyOf(closesPaise);
        }
    }

    /**
     * Shares delivered on earlier days.
     *
     * @param costPaise what all of them cost
     */
    record Holding(String symbol, long quantity, long costPaise) {}

    /**
     * A position kept over night.
     *
     * @param valuePaise signed: what it cost, negative for a short one
     */
    record Carried(String symbol, Product product, long quantity, long valuePaise) {}

    /**
     * A log-in.
     *
     * @param tokenHash SHA-256 of the access token: the ledger holds no secret
     * @param app NEIGHBOUR if another application of the account logged in, else null
     */
    record SessionOpened(
            String tokenHash,
            long expiresMarketNanos,
            @Nullable String app) implements LedgerEntry {}

    /** @param tokenHash null if every session ended */
    record SessionsEnded(@Nullable String tokenHash, String reason) implements LedgerEntry {}

    /**
     * An order-affecting request arrived, before anything was checked. Answers and orders point here by line number.
     *
     * @param source the client's address, HAND or BROKER
     * @param app {@link Sessions#NEIGHBOUR} if another application of the account asks, by the key it claims; else null
     */
    record Request(
            String method,
            String path,
            String source,
            @Nullable String tag,
            @Nullable String app,
            Map<String, String> parameters)
            implements LedgerEntry {
        public Request {
            parameters = Map.copyOf(parameters);
        }
    }

    /**
     * What a request was answered with.
     *
     * @param request line number of the request
     * @param withheldBy the fault that kept this answer from the client, or null if it was sent as it stands
     */
    record Answer(
            long request,
            int status,
            @Nullable String orderId,
            @Nullable String errorType,
            @Nullable String message,
            @Nullable String withheldBy)
            implements LedgerEntry {}

    /**
     * An order entered the book.
     *
     * @param placedBy user id for our application, NEIGHBOUR for another one, HAND or BROKER
     * @param orderType as it was asked for; a MARKET order is shown as LIMIT at {@code limitPaise}
     * @param pricePaise 0 for MARKET
     * @param variety null for a regular order
     * @param limitPaise the worst price it may trade at: the limit, or a market order's protection
     */
    record Accepted(
            long request,
            String orderId,
            String exchangeOrderId,
            @Nullable String tag,
            String placedBy,
            String symbol,
            Side side,
            Product product,
            OrderType orderType,
            Validity validity,
            long quantity,
            long pricePaise,
            long limitPaise,
            String marketProtection,
            @Nullable String variety)
            implements LedgerEntry {}

    /** A modification took effect; all values are the new ones. */
    record Amended(
            long request,
            String orderId,
            OrderType orderType,
            Validity validity,
            long quantity,
            long pricePaise,
            long limitPaise)
            implements LedgerEntry {}

    /**
     * An order ended unfilled or partly filled.
     *
     * @param status CANCELLED, REJECTED or LAPSED
     * @param request line number of the request that asked for it; 0 if none did
     */
    record Ended(String orderId, @Nullable String tag, OrderStatus status, String message, long request)
            implements LedgerEntry {}

    /** A fill. An order whose fills reach its quantity is complete; no other line says so. */
    record Trade(
            String tradeId,
            String orderId,
            @Nullable String tag,
            String symbol,
            Side side,
            Product product,
            long quantity,
            long pricePaise)
            implements LedgerEntry {}

    /**
     * A part of a position changed its product.
     *
     * @param request line number of the request that asked for it
     * @param side BUY for a long position, SELL for a short one
     */
    record Converted(long request, String symbol, Side side, long quantity, Product from, Product to, boolean overnight)
            implements LedgerEntry {}

    /**
     * A list began to show a row that was made up or changed.
     *
     * @param orderId of an order that never was; null if none was made up
     */
    record OddRow(String list, @Nullable String orderId) implements LedgerEntry {}

    /**
     * A fault was switched on or off.
     *
     * @param change SET, LIFTED or SPENT
     */
    record FaultChanged(long fault, FaultKind faultKind, String change, String detail) implements LedgerEntry {}

    /** Prices from time to time and at a stop, so that the next start goes on from them. */
    record Prices(Map<String, Long> lastPaise) implements LedgerEntry {
        public Prices {
            lastPaise = Map.copyOf(lastPaise);
        }
    }

    enum Validity {
        DAY,
        IOC
    }
}
