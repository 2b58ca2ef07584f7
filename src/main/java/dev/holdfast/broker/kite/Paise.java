package dev.holdfast.broker.kite;

import java.math.BigDecimal;

/** Rupees as decimal text, paise as a number. */
final class Paise {

    private Paise() {}

    /** @throws ArithmeticException when the text is not a whole number of paise */
    static long exact(String rupees) {
        return new BigDecimal(rupees).movePointRight(2).longValueExact();
    }

    static String rupees(long paise) {
        return BigDecimal.valueOf(paise, 2).toPlainString();
    }
}
