package dev.holdfast.exchange;

import dev.holdfast.types.Product;
import dev.holdfast.types.Side;

/** One row of the position book: what came over night and what was traded today. Guarded by the floor's lock. */
final class Position {

    final String symbol;
    final Product product;
    long overnightQuantity;
    /** What the overnight quantity cost; negative for a short position. */
    long overnightValuePaise;

    long dayBuyQuantity;
    long dayBuyValuePaise;
    long daySellQuantity;
    long daySellValuePaise;

    Position(LedgerEntry.Carried carried) {
        this.symbol = carried.symbol();
        this.product = carried.product();
        this.overnightQuantity = carried.quantity();
        this.overnightValuePaise = carried.valuePaise();
    }

    void trade(LedgerEntry.Trade trade) {
        long value = Math.multiplyExact(trade.quantity(), trade.pricePaise());
        switch (trade.side()) {
            case BUY -> {
                dayBuyQuantity += trade.quantity();
                dayBuyValuePaise += value;
            }
            case SELL -> {
                daySellQuantity += trade.quantity();
                daySellValuePaise += value;
            }
        }
    }

    /**
     * The quantity whose product can be changed: no more than is open, and no more than came in this way (over night, or
     * today).
     */
    long convertible(Side side, boolean overnight) {
        long open = side == Side.BUY ? quantity() : -quantity();
        long carried = side == Side.BUY ? overnightQuantity : -overnightQuantity;
        long today = side == Side.BUY ? dayBuyQuantity : daySellQuantity;
        return Math.max(0, Math.min(open, overnight ? carried : today));
    }

    /** Moves a part at its mean price, rounded down, to the same instrument's position of another product. */
    void move(Side side, long quantity, boolean overnight, Position to) {
        if (overnight) {
            long signed = side == Side.BUY ? quantity : -quantity;
            long value = Rupees.share(overnightValuePaise, signed, overnightQuantity);
            overnightQuantity -= signed;
            overnightValuePaise -= value;
            to.overnightQuantity += signed;
            to.overnightValuePaise += value;
            return;
        }
        switch (side) {
            case BUY -> {
                long value = Rupees.share(dayBuyValuePaise, quantity, dayBuyQuantity);
                dayBuyQuantity -= quantity;
                dayBuyValuePaise -= value;
                to.dayBuyQuantity += quantity;
                to.dayBuyValuePaise += value;
            }
            case SELL -> {
                long value = Rupees.share(daySellValuePaise, quantity, daySellQuantity);
                daySellQuantity -= quantity;
                daySellValuePaise -= value;
                to.daySellQuantity += quantity;
                to.daySellValuePaise += value;
            }
        }
    }

    long quantity() {
        return overnightQuantity + dayBuyQuantity - daySellQuantity;
    }

    long quantity(Side side) {
        return switch (side) {
            case BUY -> dayBuyQuantity + Math.max(0, overnightQuantity);
            case SELL -> daySellQuantity + Math.max(0, -overnightQuantity);
        };
    }

    long valuePaise(Side side) {
        return switch (side) {
            case BUY -> dayBuyValuePaise + Math.max(0, overnightValuePaise);
            case SELL -> daySellValuePaise + Math.max(0, -overnightValuePaise);
        };
    }

    /** Cash that came in less cash that went out. */
    long netValuePaise() {
        return valuePaise(Side.SELL) - valuePaise(Side.BUY);
    }

    /** Profit on what was both bought and sold, at mean prices, rounded down. */
    long realisedPaise() {
        long bought = quantity(Side.BUY);
        long sold = quantity(Side.SELL);
        long closed = Math.min(bought, sold);
        return closed == 0
                ? 0
                : Math.subtractExact(
                        Rupees.share(valuePaise(Side.SELL), closed, sold),
                        Rupees.share(valuePaise(Side.BUY), closed, bought));
    }

    /** What stays open over night, at its mean price rounded down. */
    LedgerEntry.Carried carry() {
        long quantity = quantity();
        Side side = quantity >= 0 ? Side.BUY : Side.SELL;
        long of = quantity(side);
        long value = of == 0 ? 0 : Rupees.share(valuePaise(side), Math.abs(quantity), of);
        return new LedgerEntry.Carried(symbol, product, quantity, side == Side.BUY ? value : -value);
    }
}
