package dev.holdfast.bench;

import java.util.Arrays;

/** Measured values, at least one. */
public final class Samples {

    private final double[] ascending;

    private Samples(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured; expected at least one sample");
        }
        for (double value : values) {
            if (!Double.isFinite(value) || value < 0) {
                throw new IllegalArgumentException("a sample is " + value + "; expected a number, zero or more");
            }
        }
        this.ascending = values.clone();
        Arrays.sort(ascending);
    }

    public static Samples of(double... values) {
        return new Samples(values);
    }

    public int count() {
        return ascending.length;
    }

    /** The middle one; of an even number the mean of the two in the middle. */
    public double p50() {
        int middle = ascending.length / 2;
        return ascending.length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }

    /**
     * The smallest sample that at least this share of all samples does not exceed (nearest rank).
     *
     * @param share above 0, at most 1
     */
    public double percentile(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("percentile " + share + " is not above 0 and at most 1");
        }
        return ascending[(int) Math.ceil(share * ascending.length) - 1];
    }

    /** The least where more is better, else the most. */
    double worst(Unit unit) {
        return unit.moreIsBetter() ? ascending[0] : ascending[ascending.length - 1];
    }
}
