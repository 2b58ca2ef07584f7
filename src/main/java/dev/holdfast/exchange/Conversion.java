package dev.holdfast.exchange;

import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.Arrays;
import java.util.Map;

/**
 * The parameters of {@code PUT /portfolio/positions}, checked against nothing but themselves.
 *
 * @param side BUY for a long position, SELL for a short one
 * @param overnight whether what was carried over night is meant, not what was traded today
 */
record Conversion(String symbol, Side side, long quantity, Product from, Product to, boolean overnight) {

    Conversion {
        if (from == to) {
            throw KiteError.input("Invalid `new_product`: the position is " + to + " already");
        }
    }

    /** @throws KiteError InputException naming the parameter */
    static Conversion parse(Map<String, String> parameters) {
        return new Conversion(
                OrderForm.required(parameters, "tradingsymbol"),
                OrderForm.choice(parameters, "transaction_type", Side.class),
                OrderForm.quantity(OrderForm.required(parameters, "quantity")),
                OrderForm.choice(parameters, "old_product", Product.class),
                OrderForm.choice(parameters, "new_product", Product.class),
                overnight(parameters.getOrDefault("position_type", "day")));
    }

    private static boolean overnight(String text) {
        if (!Arrays.asList("day", "overnight").contains(text)) {
            throw KiteError.input("Invalid `position_type`: " + text + "; expected day or overnight");
        }
        return text.equals("overnight");
    }
}
