package dev.holdfast.exchange;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /control/faults}; a field that is null takes the kind's default. */
record FaultWish(
        @Nullable String kind,
        @Nullable Integer count,
        @Nullable Long durationMillis,
        @Nullable Long millis,
        @Nullable Integer status,
        @Nullable Map<String, String> order,
        @Nullable String symbol,
        @Nullable String otherSymbol,
        @Nullable Number percent,
        @Nullable Long shiftSeconds,
        @Nullable String source,
        @Nullable Integer connection,
        @Nullable String method,
        @Nullable String path,
        @Nullable String list,
        @Nullable Map<String, Object> row,
        @Nullable Map<String, String> match,
        @Nullable List<String> without) {

    /** The fields of a fault besides its kind. */
    enum Field {
        COUNT,
        DURATION_MILLIS,
        MILLIS,
        STATUS,
        ORDER,
        SYMBOL,
        OTHER_SYMBOL,
        PERCENT,
        SHIFT_SECONDS,
        SOURCE,
        CONNECTION,
        METHOD,
        PATH,
        LIST,
        ROW,
        MATCH,
        WITHOUT;

        /** As JSON has it: {@code durationMillis}. */
        String word() {
            String[] words = name().toLowerCase(Locale.ROOT).split("_", 2);
            return words.length == 1
                    ? words[0]
                    : words[0] + words[1].substring(0, 1).toUpperCase(Locale.ROOT) + words[1].substring(1);
        }
    }

    /** The fields that were given. */
    Set<Field> given() {
        EnumSet<Field> given = EnumSet.noneOf(Field.class);
        for (Field field : Field.values()) {
            if (value(field) != null) {
                given.add(field);
            }
        }
        return given;
    }

    private @Nullable Object value(Field field) {
        return switch (field) {
            case COUNT -> count;
            case DURATION_MILLIS -> durationMillis;
            case MILLIS -> millis;
            case STATUS -> status;
            case ORDER -> order;
            case SYMBOL -> symbol;
            case OTHER_SYMBOL -> otherSymbol;
            case PERCENT -> percent;
            case SHIFT_SECONDS -> shiftSeconds;
            case SOURCE -> source;
            case CONNECTION -> connection;
            case METHOD -> method;
            case PATH -> path;
            case LIST -> list;
            case ROW -> row;
            case MATCH -> match;
            case WITHOUT -> without;
        };
    }
}
