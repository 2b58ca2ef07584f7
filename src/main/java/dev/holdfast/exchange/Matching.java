package dev.holdfast.exchange;

import dev.holdfast.types.Side;
import java.util.ArrayList;
import java.util.List;

/** Takes from the quote's levels what an order may trade with. What is taken is gone until the next tick. */
final class Matching {

    private Matching() {}

    record Fill(long pricePaise, long quantity) {}

    /**
     * Best levels first, each at its own price, none worse than the limit.
     *
     * @param quantity the most to take
     */
    static List<Fill> take(Quote quote, Side side, long limitPaise, long quantity) {
        List<Fill> fills = new ArrayList<>();
        Quote.Level[] levels = quote.against(side);
        long left = quantity;
        for (int i = 0; i < levels.length && left > 0; i++) {
            Quote.Level level = levels[i];
            boolean acceptable = side == Side.BUY ? level.pricePaise() <= limitPaise : level.pricePaise() >= limitPaise;
            if (level.quantity() > 0 && acceptable) {
                long taken = Math.min(left, level.quantity());
                fills.add(new Fill(level.pricePaise(), taken));
                levels[i] = level.without(taken);
                left -= taken;
            }
        }
        return fills;
    }
}
