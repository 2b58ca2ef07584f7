package dev.holdfast.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Money as people write it, and back. */
final class Paise {

    private Paise() {}

    /** @throws Failure if this is no amount of rupees with at most two decimals */
    static long parse(String rupees) {
        try {
            return new BigDecimal(rupees)
                    .movePointRight(2)
                    .setScale(0, RoundingMode.UNNECESSARY)
                    .longValueExact();
        } catch (ArithmeticException | NumberFormatException wrong) {
            throw Failure.usage(
                    "'" + rupees + "' is no price; expected rupees with at most two decimals, such as 1520.55");
        }
    }

    static String text(long paise) {
        return BigDecimal.valueOf(paise, 2).toPlainString();
    }
}
