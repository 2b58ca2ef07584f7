package dev.holdfast.simulation;

import dev.holdfast.protocol.Event;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whoever acts in our account without us: a person at the broker's screens, the broker's risk desk, another program. */
final class OtherHands {

    /** More than any intent here has: an order that bears the tag of an intent to come never has its terms. */
    private static final int UNLIKE_OURS = 17;

    private final World world;
    private final Dice dice;

    OtherHands(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    /** Somebody trades something. */
    void trade() {
        if (world.market.isOpen()) {
            world.exchange.placeForeign(Origin.PERSON, anySymbol(), anySide(), anyProduct(), dice.between(1, 5));
        }
    }

    /** Somebody sells in the broker's own screen what a strategy holds: a part, all of it, or more. */
    void sellHolding() {
        AccountInvariants.Share share = anyShare();
        if (share == null || !world.market.isOpen()) {
            return;
        }
        long quantity = switch (dice.between(0, 2)) {
            case 0 -> dice.between(1, (int) share.quantity());
            case 1 -> share.quantity();
            default -> share.quantity() + dice.between(1, 4);
        };
        world.exchange.placeForeign(Origin.PERSON, share.symbol(), Side.SELL, share.product(), quantity);
    }

    /** Closes an intraday position as the broker's risk desk does, before its time. */
    void squareOff() {
        int symbol = anySymbol();
        long quantity = world.exchange.position(new Exchange.Place(symbol, Product.MIS));
        if (quantity != 0 && world.market.isOpen()) {
            world.exchange.placeForeign(
                    Origin.BROKER, symbol, quantity > 0 ? Side.SELL : Side.BUY, Product.MIS, Math.abs(quantity));
        }
    }

    /** Somebody converts a position to delivery or back. */
    void convert() {
        int symbol = dice.chance(0.5) ? Market.DRAWN : anySymbol();
        Product from = anyProduct();
        long quantity = world.exchange.tradedQuantity(new Exchange.Place(symbol, from));
        if (quantity != 0 && world.market.isOpen()) {
            long most = Math.abs(quantity);
            long part = dice.chance(0.5) ? most : dice.between(1, (int) most);
            world.exchange.convert(
                    symbol, from, from == Product.MIS ? Product.CNC : Product.MIS, quantity > 0 ? part : -part);
        }
    }

    /** Another program of the same account sends an order with a tag of ours. */
    void stranger() {
        Event.OrderChanged like = anyIntent();
        if (like == null || !world.market.isOpen()) {
            return;
        }
        boolean unproved = switch (like.state()) {
            case COMMITTED, SENDING, UNCERTAIN, HELD, WISHED -> true;
            case REFUSED, WORKING, PARTLY_FILLED, NOT_SENT, FILLED, CANCELLED, REJECTED, EXPIRED, ABSENT ->
                like.brokerOrderId().isEmpty() && like.state() == dev.holdfast.types.OrderState.ABSENT;
        };
        // An order with the tag and the terms of an intent whose own order nobody has seen could be nobody's but ours.
        boolean sameTerms = !unproved && dice.chance(0.5);
        boolean toCome = dice.chance(0.15);
        world.exchange.placeStranger(
                toCome ? world.invariants.tagToCome(like.tag(), dice.between(1, 30)) : like.tag(),
                like.instrument() - 1,
                sameTerms || dice.chance(0.5) ? like.side() : like.side() == Side.BUY ? Side.SELL : Side.BUY,
                like.product(),
                sameTerms && !toCome ? like.quantity() : UNLIKE_OURS,
                sameTerms ? like.pricePaise() : dice.chance(0.3) ? 0 : world.market.near(like.instrument() - 1));
    }

    private Event.@Nullable OrderChanged anyIntent() {
        List<Event.OrderChanged> uncertain = world.invariants.account().uncertain();
        if (!uncertain.isEmpty() && dice.chance(0.5)) {
            return dice.any(uncertain);
        }
        var orders = world.invariants.orders();
        if (orders.isEmpty()) {
            return null;
        }
        long newest = orders.lastKey();
        // The newest are under way, older ones have ended, the oldest are forgotten.
        long back = dice.chance(0.5) ? dice.between(0, 6) : dice.between(0, (int) newest);
        Event.OrderChanged order = orders.get(Math.max(1, newest - back));
        return order == null || order.origin() != Origin.INTENT || order.tag().isEmpty() ? null : order;
    }

    private AccountInvariants.@Nullable Share anyShare() {
        List<AccountInvariants.Share> shares = world.invariants.account().heldByStrategies();
        return shares.isEmpty() ? null : dice.any(shares);
    }

    private int anySymbol() {
        return dice.between(0, Market.SYMBOLS.size() - 1);
    }

    private Side anySide() {
        return dice.chance(0.5) ? Side.BUY : Side.SELL;
    }

    private Product anyProduct() {
        return dice.chance(0.5) ? Product.MIS : Product.CNC;
    }
}
