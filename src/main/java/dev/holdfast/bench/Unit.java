package dev.holdfast.bench;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a row's figures are, and which way is better. */
public enum Unit {
    PER_SECOND("1/s", true),
    MILLIS("ms", false);

    private final String sign;
    private final boolean moreIsBetter;

    Unit(String sign, boolean moreIsBetter) {
        this.sign = sign;
        this.moreIsBetter = moreIsBetter;
    }

    @JsonValue
    public String sign() {
        return sign;
    }

    @JsonCreator
    static Unit of(String sign) {
        for (Unit unit : values()) {
            if (unit.sign.equals(sign)) {
                return unit;
            }
        }
        throw new IllegalArgumentException("there is no unit '" + sign + "'; 1/s and ms are known");
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }
}
