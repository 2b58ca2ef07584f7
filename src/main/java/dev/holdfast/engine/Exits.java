package dev.holdfast.engine;

import dev.holdfast.protocol.Event.EngineConfigured;
import dev.holdfast.protocol.Event.InstrumentDefined;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts strategies' exits to what the account can still sell or buy back: an exit never opens a position, whoever
 * traded meanwhile (ADR 21).
 */
class Exits {

    private final State state;

    Exits(State state) {
        this.state = state;
    }

    /** @param reason why the quantity is less than was wished, or empty */
    record Cut(long quantity, String reason) {}

    /** Whether an order of this side reduces the strategy's share. People's orders are no exits: a person may open with them. */
    boolean reducesShare(String strategy, int instrument, Product product, Side side) {
        if (!Strategies.isStrategy(strategy)) {
            return false;
        }
        long share = state.positions.strategyQuantity(strategy, instrument, product);
        return share != 0 && (share > 0) == (side == Side.SELL);
    }

    /**
     * The quantity that orders of this side could close without opening a position, if none of them were open. The smaller of
     * the broker's figure and ours counts.
     */
    private long capacity(int instrument, Product product, Side side) {
        long account = state.positions.quantity(instrument, product);
        long difference = state.positions.difference(instrument, product);
        return side == Side.SELL
                ? Math.max(0, account + Math.min(0, difference))
                : Math.max(0, -account - Math.max(0, difference));
    }

    /** The quantity that one more order of this side may close: all open orders of this side count against it already. */
    long closable(int instrument, Product product, Side side) {
        return Math.max(0, capacity(instrument, product, side) - state.orders.openQuantity(instrument, product, side));
    }

    /** Whether the order, whose open quantity counts already, still closes and opens nothing. */
    boolean fits(OrderChanged order) {
        boolean withinAccount = state.orders.openQuantity(order.instrument(), order.product(), order.side())
                <= capacity(order.instrument(), order.product(), order.side());
        return withinAccount
                && (!Strategies.isStrategy(order.strategy()) || OpenInterest.openQuantity(order) <= ownShare(order));
    }

    /** Whether an order, which counts already, is to close what is held: a strategy's exit, or a person's order that only closes. */
    boolean closes(OrderEntry entry) {
        return entry.exit || (!Strategies.isStrategy(entry.order.strategy()) && fits(entry.order));
    }

    private long ownShare(OrderChanged order) {
        return reducesShare(order.strategy(), order.instrument(), order.product(), order.side())
                ? Math.abs(state.positions.strategyQuantity(order.strategy(), order.instrument(), order.product()))
                : 0;
    }

    /** Cuts a strategy's exit to the least of its share, what can still be closed, and what one order may have. */
    Cut cut(Risk.Proposal p) {
        long share = Math.abs(state.positions.strategyQuantity(p.strategy(), p.instrument(), p.product()));
        long ownOpen = 0;
        for (OrderEntry entry : state.orders.liveOf(p.strategy())) {
            OrderChanged order = entry.order;
            if (order.instrument() == p.instrument() && order.product() == p.product() && order.side() == p.side()) {
                ownOpen += OpenInterest.openQuantity(order);
            }
        }
        long quantity = Math.min(
                p.quantity(), Math.min(Math.max(0, share - ownOpen), closable(p.instrument(), p.product(), p.side())));
        quantity = Math.min(quantity, mostInOneOrder(p.instrument()));
        InstrumentDefined instrument = state.market.instrument(p.instrument());
        quantity -= instrument == null ? 0 : quantity % instrument.lotSize();
        return quantity == p.quantity() ? new Cut(quantity, "") : new Cut(quantity, reason(p, quantity, share));
    }

    private long mostInOneOrder(int instrument) {
        EngineConfigured limits = state.configuration;
        InstrumentDefined defined = state.market.instrument(instrument);
        long freeze = defined == null || defined.freezeQuantity() == 0 ? Long.MAX_VALUE : defined.freezeQuantity();
        return limits == null ? freeze : Math.min(limits.maxOrderQuantity(), freeze);
    }

    private String reason(Risk.Proposal p, long quantity, long share) {
        return (quantity == 0 ? "nothing is left to " : "cut from " + p.quantity() + " to " + quantity + " to ")
                + (p.side() == Side.SELL ? "sell" : "buy back") + ": " + p.strategy() + " holds " + share + ", "
                + account(p.instrument(), p.product(), p.side());
    }

    /** The account's figures in words. */
    private String account(int instrument, Product product, Side side) {
        long account = state.positions.quantity(instrument, product);
        long difference = state.positions.difference(instrument, product);
        return "the account " + account + " " + state.market.name(instrument) + " " + product
                + (difference == 0 ? "" : " (the broker shows " + (account + difference) + ")") + ", open "
                + side + " orders " + state.orders.openQuantity(instrument, product, side);
    }

    /** Why a committed exit that no longer fits ends unsent. */
    String whyUnfit(OrderChanged order) {
        return "not sent: it would open a position: " + order.strategy() + " holds " + ownShare(order) + ", "
                + account(order.instrument(), order.product(), order.side());
    }

    /** Strategies' open exits, the newest first, that together close more than is there: to be cancelled. */
    List<OrderEntry> excess(int instrument, Product product) {
        List<OrderEntry> excess = new ArrayList<>();
        for (Side side : Side.values()) {
            long over = state.orders.openQuantity(instrument, product, side) - capacity(instrument, product, side);
            if (over <= 0) {
                continue;
            }
            for (OrderEntry entry : state.orders.exitsNewestFirst()) {
                OrderChanged order = entry.order;
                if (over > 0
                        && order.instrument() == instrument
                        && order.product() == product
                        && order.side() == side
                        && order.state() != OrderState.HELD) {
                    over -= OpenInterest.openQuantity(order);
                    if (!order.cancelWanted()) {
                        excess.add(entry);
                    }
                }
            }
        }
        return excess;
    }

    String whyExcess(OrderChanged order) {
        return "cancelled: the rest would open a position: "
                + account(order.instrument(), order.product(), order.side());
    }
}
