package dev.holdfast.engine;

import dev.holdfast.types.Amounts;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Under which keys people placed orders on this day: the same wish again is the same order, another wish is an error. */
final class ClientKeys {

    /** The most orders whose terms are kept. Beyond that the oldest one's terms are forgotten; its key stays known. */
    static final int MAX_TERMS = 10_000;

    private final Map<String, Long> numbers = new TreeMap<>();
    private final TreeMap<Long, Risk.Proposal> terms = new TreeMap<>();

    /** The order's number, 0 if the key is new. */
    long number(String key) {
        return key.isEmpty() ? 0 : numbers.getOrDefault(key, 0L);
    }

    void remember(String key, long number, Risk.Proposal asked) {
        if (!key.isEmpty()) {
            numbers.put(key, number);
            terms.put(number, asked);
            if (terms.size() > MAX_TERMS) {
                terms.pollFirstEntry();
            }
        }
    }

    /** How a wish differs from the order whose key it repeats; empty when it does not, or when the terms were forgotten. */
    String difference(long number, Risk.Proposal now, Market market) {
        Risk.Proposal first = terms.get(number);
        if (first == null) {
            return "";
        }
        List<String> differences = new ArrayList<>();
        compare("instrument", market.name(first.instrument()), market.name(now.instrument()), differences);
        compare("side", first.side(), now.side(), differences);
        compare("product", first.product(), now.product(), differences);
        compare("type", first.orderType(), now.orderType(), differences);
        compare("quantity", first.quantity(), now.quantity(), differences);
        compare("price", Amounts.rupees(first.pricePaise()), Amounts.rupees(now.pricePaise()), differences);
        return String.join(", ", differences);
    }

    private static void compare(String what, Object first, Object now, List<String> differences) {
        if (!first.equals(now)) {
            differences.add(what + " " + first + " and not " + now);
        }
    }

    /** A new day: yesterday's keys mean nothing any more. */
    void clear() {
        numbers.clear();
        terms.clear();
    }

    void save(StateWriter out) {
        out.number(numbers.size());
        numbers.forEach((key, number) -> {
            out.text(key);
            out.number(number);
        });
        out.number(terms.size());
        terms.forEach((number, asked) -> {
            out.number(number);
            out.text(asked.strategy());
            out.number(asked.instrument());
            out.text(asked.side().name());
            out.text(asked.product().name());
            out.text(asked.orderType().name());
            out.number(asked.quantity());
            out.number(asked.pricePaise());
        });
    }

    void load(StateReader in) {
        for (int n = in.integer(); n > 0; n--) {
            numbers.put(in.text(), in.number());
        }
        if (in.version() >= 4) {
            for (int n = in.integer(); n > 0; n--) {
                terms.put(
                        in.number(),
                        new Risk.Proposal(
                                in.text(),
                                in.integer(),
                                Side.valueOf(in.text()),
                                Product.valueOf(in.text()),
                                OrderType.valueOf(in.text()),
                                in.number(),
                                in.number()));
            }
        }
    }
}
