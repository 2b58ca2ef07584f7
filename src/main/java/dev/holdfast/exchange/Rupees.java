package dev.holdfast.exchange;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Paise inside, rupees on the wire; no floating point in between. */
final class Rupees {

    private static final int AVERAGE_SCALE = 4;
    private static final int MAX_CHARACTERS = 20;

    private Rupees() {}

    static BigDecimal of(long paise) {
        return BigDecimal.valueOf(paise, 2);
    }

    /** A mean price in rupees to four decimals, half up as the broker rounds; zero when there is no quantity. */
    static BigDecimal average(long valuePaise, long quantity) {
        if (quantity == 0) {
            return of(0);
        }
        BigDecimal mean = of(valuePaise).divide(BigDecimal.valueOf(quantity), AVERAGE_SCALE, RoundingMode.HALF_UP);
        BigDecimal stripped = mean.stripTrailingZeros();
        return stripped.scale() < 2 ? stripped.setScale(2, RoundingMode.UNNECESSARY) : stripped;
    }

    /** The part of a value that falls to some of its quantity, rounded down; {@code quantity} is positive. */
    static long share(long valuePaise, long part, long quantity) {
        return BigInteger.valueOf(valuePaise)
                .multiply(BigInteger.valueOf(part))
                .divide(BigInteger.valueOf(quantity))
                .longValueExact();
    }

    /**
     * Reads a price in rupees.
     *
     * @throws ArithmeticException if it has a fraction of a paisa or does not fit
     * @throws NumberFormatException if it is not a number
     */
    static long parse(String rupees) {
        return decimal(rupees).movePointRight(2).longValueExact();
    }

    /** A plain decimal number; exponents are refused, as 1e999999999 would take all memory to round. */
    static BigDecimal decimal(String text) {
        if (text.length() > MAX_CHARACTERS || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
            throw new NumberFormatException("not a plain decimal of at most " + MAX_CHARACTERS + " characters");
        }
        return new BigDecimal(text.strip());
    }
}
