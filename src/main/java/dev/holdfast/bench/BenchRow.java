package dev.holdfast.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * One line of a measurement, with four significant digits.
 *
 * @param n runs behind p50 and worst
 * @param baseline what it is compared with, empty when with nothing
 * @param baselineP50 null when there is no baseline
 * @param ratio above 1 is better than the baseline, whatever the unit; null when there is none
 */
public record BenchRow(
        String name,
        Unit unit,
        int n,
        double p50,
        double worst,
        String baseline,
        @Nullable Double baselineP50,
        @Nullable Double ratio) {

    private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_UP);

    /** Of what has no baseline. */
    public static BenchRow of(String name, Unit unit, Samples ours) {
        return new BenchRow(name, unit, ours.count(), rounded(ours.p50()), rounded(ours.worst(unit)), "", null, null);
    }

    /** Beside a baseline measured in the same run. */
    public static BenchRow of(String name, Unit unit, Samples ours, String baseline, Samples theirs) {
        double ratio = unit.moreIsBetter() ? ours.p50() / theirs.p50() : theirs.p50() / ours.p50();
        return new BenchRow(
                name,
                unit,
                ours.count(),
                rounded(ours.p50()),
                rounded(ours.worst(unit)),
                baseline,
                rounded(theirs.p50()),
                Double.isFinite(ratio) ? rounded(ratio) : null);
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }
}
