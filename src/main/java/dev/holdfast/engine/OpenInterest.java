package dev.holdfast.engine;

import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all open orders together could still fill, kept as they change so that risk need not look at each. It follows from the
 * orders: what it answers is the sum over them, or that this sum is too large for a number.
 */
final class OpenInterest {

    private final Map<Integer, Instrument> instruments = new TreeMap<>();

    /** A sum was too large for a number once: from then on each question is answered from the orders themselves. */
    private boolean tooLarge;

    void changed(@Nullable OrderChanged before, OrderChanged after) {
        if (tooLarge) {
            return;
        }
        try {
            if (before != null) {
                add(before, -openQuantity(before));
            }
            add(after, openQuantity(after));
        } catch (ArithmeticException overflow) {
            // Applying must not fail; the question that needs this sum will.
            tooLarge = true;
        }
    }

    void clear() {
        instruments.clear();
        tooLarge = false;
    }

    /** The quantity that could still fill, as far as anyone knows. */
    static long openQuantity(OrderChanged order) {
        return order.state().isTerminal() ? 0 : Math.max(0, order.quantity() - order.filledQuantity());
    }

    /** @param live all open orders */
    long quantity(int number, Product product, Side side, Collection<OrderEntry> live) {
        if (!tooLarge) {
            Instrument instrument = instruments.get(number);
            return instrument == null ? 0 : instrument.quantity(product, side);
        }
        long open = 0;
        for (OrderEntry entry : live) {
            OrderChanged order = entry.order;
            if (order.instrument() == number && order.product() == product && order.side() == side) {
                open = Math.addExact(open, openQuantity(order));
            }
        }
        return open;
    }

    /**
     * The open quantities at their prices or the instruments' last ones, whichever are higher.
     *
     * @param live all open orders
     */
    long valuePaise(Market market, Collection<OrderEntry> live) {
        long value = 0;
        if (!tooLarge) {
            for (Map.Entry<Integer, Instrument> entry : instruments.entrySet()) {
                value = Math.addExact(value, entry.getValue().valuePaise(market.lastPrice(entry.getKey())));
            }
            return value;
        }
        for (OrderEntry entry : live) {
            long price = Math.max(entry.order.pricePaise(), market.lastPrice(entry.order.instrument()));
            value = Math.addExact(value, Math.multiplyExact(price, openQuantity(entry.order)));
        }
        return value;
    }

    private void add(OrderChanged order, long quantity) {
        if (quantity != 0) {
            instruments
                    .computeIfAbsent(order.instrument(), _ -> new Instrument())
                    .add(order, quantity);
        }
    }

    private static final class Instrument {
        private final Map<Product, Long> buying = new EnumMap<>(Product.class);
        private final Map<Product, Long> selling = new EnumMap<>(Product.class);
        private final Map<Long, Long> quantityByPrice = new TreeMap<>();

        /** A note of the last answer; whether there is one makes no difference to it. */
        private boolean valueKnown;

        private long valuedAtPaise;
        private long valuePaise;

        long quantity(Product product, Side side) {
            return (side == Side.BUY ? buying : selling).getOrDefault(product, 0L);
        }

        void add(OrderChanged order, long quantity) {
            (order.side() == Side.BUY ? buying : selling).merge(order.product(), quantity, Math::addExact);
            quantityByPrice.merge(order.pricePaise(), quantity, Instrument::sumUnlessNone);
            if (valueKnown) {
                try {
                    long price = Math.max(order.pricePaise(), valuedAtPaise);
                    valuePaise = Math.addExact(valuePaise, Math.multiplyExact(price, quantity));
                } catch (ArithmeticException overflow) {
                    valueKnown = false;
                }
            }
        }

        private static @Nullable Long sumUnlessNone(Long one, Long other) {
            long sum = Math.addExact(one, other);
            return sum == 0 ? null : sum;
        }

        long valuePaise(long lastPaise) {
            if (!valueKnown || valuedAtPaise != lastPaise) {
                long sum = 0;
                for (Map.Entry<Long, Long> level : quantityByPrice.entrySet()) {
                    sum = Math.addExact(
                            sum, Math.multiplyExact(Math.max(level.getKey(), lastPaise), (long) level.getValue()));
                }
                valuePaise = sum;
                valuedAtPaise = lastPaise;
                valueKnown = true;
            }
            return valuePaise;
        }
    }
}
