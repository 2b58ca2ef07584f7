package dev.holdfast.types;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Amounts as people read them: rupees with Indian grouping, per cent with one decimal. For messages; never parsed again. */
public final class Amounts {

    private static final int THOUSANDS = 3;
    private static final int LAKHS = 2;

    private Amounts() {}

    /** For 1234567 paise "₹12,345.67", for -5 paise "-₹0.05". */
    public static String rupees(long paise) {
        String digits = BigDecimal.valueOf(paise, 2).abs().toPlainString();
        int point = digits.length() - 3;
        StringBuilder text = new StringBuilder(digits);
        int group = THOUSANDS;
        for (int at = point - group; at > 0; at -= group) {
            text.insert(at, ',');
            group = LAKHS;
        }
        return text.insert(0, paise < 0 ? "-₹" : "₹").toString();
    }

    /** For 1480 basis points "14.8 %", for 500 "5 %", for 25 "0.25 %". */
    public static String percent(long basisPoints) {
        return plain(BigDecimal.valueOf(basisPoints, 2)) + " %";
    }

    /**
     * How far {@code part} is of {@code whole}, to one decimal.
     *
     * @param whole not zero
     */
    public static String percentOf(long part, long whole) {
        return plain(BigDecimal.valueOf(part)
                        .movePointRight(2)
                        .divide(BigDecimal.valueOf(whole), 1, RoundingMode.HALF_UP))
                + " %";
    }

    private static String plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0
                ? stripped.setScale(0, RoundingMode.UNNECESSARY).toPlainString()
                : stripped.toPlainString();
    }
}
