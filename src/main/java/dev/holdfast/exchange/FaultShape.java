package dev.holdfast.exchange;

import dev.holdfast.exchange.FaultWish.Field;
import java.math.BigDecimal;
import java.util.EnumSet;

/** How a kind of fault ends, what it can be told, and what it does unless told. */
final class FaultShape {

    private static final int BAD_GATEWAY = 502;

    final FaultKind.Bound bound;
    final String what;
    final EnumSet<Field> takes;
    final EnumSet<Field> needs = EnumSet.noneOf(Field.class);
    long millis;
    int status = BAD_GATEWAY;
    BigDecimal percent = BigDecimal.ZERO;

    private FaultShape(FaultKind.Bound bound, String what, EnumSet<Field> takes) {
        this.bound = bound;
        this.what = what;
        this.takes = takes;
    }

    /** Takes the next {@code count} it meets, within {@code durationMillis} if that was given. */
    static FaultShape counted(String what) {
        return new FaultShape(FaultKind.Bound.COUNT, what, EnumSet.of(Field.COUNT, Field.DURATION_MILLIS));
    }

    static FaultShape lasting(String what) {
        return new FaultShape(FaultKind.Bound.DURATION, what, EnumSet.of(Field.DURATION_MILLIS));
    }

    static FaultShape atOnce(String what) {
        return new FaultShape(FaultKind.Bound.AT_ONCE, what, EnumSet.noneOf(Field.class));
    }

    FaultShape takes(Field first, Field... more) {
        takes.addAll(EnumSet.of(first, more));
        return this;
    }

    FaultShape needs(Field first, Field... more) {
        needs.addAll(EnumSet.of(first, more));
        return takes(first, more);
    }

    FaultShape millis(long unlessTold) {
        millis = unlessTold;
        return takes(Field.MILLIS);
    }

    FaultShape status(int unlessTold) {
        status = unlessTold;
        return takes(Field.STATUS);
    }

    FaultShape percent(int unlessTold) {
        percent = BigDecimal.valueOf(unlessTold);
        return takes(Field.PERCENT);
    }
}
