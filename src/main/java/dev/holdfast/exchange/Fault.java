package dev.holdfast.exchange;

import dev.holdfast.runtime.StrictJson;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A fault as it was asked for, checked.
 *
 * @param count how many requests or updates it takes; for faults bound by a count
 * @param durationMillis how long it lasts; for faults bound by time, optional for the others
 * @param millis the delay it causes; 0 takes the kind's default
 * @param status of the kinds that answer one
 */
record Fault(
        FaultKind kind,
        int count,
        long durationMillis,
        long millis,
        int status,
        FaultTarget target,
        FaultContent content) {

    static final Set<String> LISTS = Set.of("orders", "trades", "positions", "holdings");
    private static final int MAX_COUNT = 100_000;
    private static final long MAX_DURATION_MILLIS = 3_600_000;
    private static final long MAX_DELAY_MILLIS = 120_000;
    private static final long DEFAULT_DURATION_MILLIS = 10_000;
    private static final int MAX_PERCENT = 20;
    private static final long MAX_SHIFT_SECONDS = 4_000_000_000L;
    private static final long SECONDS_PER_DAY = 86_400;

    Fault {
        if (kind.bound == FaultKind.Bound.DURATION && durationMillis == 0) {
            throw new IllegalArgumentException(kind + " needs a durationMillis above 0");
        }
        within("count", count, 0, MAX_COUNT);
        within("durationMillis", durationMillis, 0, MAX_DURATION_MILLIS);
        within("millis", millis, 0, MAX_DELAY_MILLIS);
        within("status", status, 400, 599);
        within("shiftSeconds", content.shiftSeconds(), -MAX_SHIFT_SECONDS, MAX_SHIFT_SECONDS);
        if (content.percent().abs().compareTo(BigDecimal.valueOf(MAX_PERCENT)) > 0) {
            throw new IllegalArgumentException(
                    "percent is " + content.percent() + "; expected -" + MAX_PERCENT + " to " + MAX_PERCENT);
        }
        String list = content.list();
        if (list != null && !LISTS.contains(list)) {
            throw new IllegalArgumentException("list is " + list + "; expected one of " + new TreeSet<>(LISTS));
        }
    }

    private static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; expected " + least + " to " + most);
        }
    }

    /** @throws IllegalArgumentException saying what is wrong with the JSON or its values */
    static Fault parse(String json) {
        try {
            return of(StrictJson.readPartial(json, FaultWish.class));
        } catch (StrictJson.BadInput malformed) {
            throw new IllegalArgumentException("this is no fault: " + malformed.getMessage(), malformed);
        }
    }

    /** Fills in what the request left out. */
    private static Fault of(FaultWish wish) {
        FaultKind kind = Arrays.stream(FaultKind.values())
                .filter(each -> each.name().equals(wish.kind()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "fault kind is " + wish.kind() + "; expected one of " + List.of(FaultKind.values())));
        requireItsOwn(kind, wish.given());
        long unlessTold = kind.bound == FaultKind.Bound.DURATION ? DEFAULT_DURATION_MILLIS : 0;
        long duration = orElse(wish.durationMillis(), unlessTold);
        return new Fault(
                kind,
                orElse(wish.count(), defaultCount(kind, duration)),
                duration,
                orElse(wish.millis(), kind.defaultMillis),
                orElse(wish.status(), kind.defaultStatus),
                new FaultTarget(
                        wish.symbol(),
                        wish.source(),
                        orElse(wish.connection(), 0),
                        wish.method(),
                        orElse(wish.path(), "/")),
                new FaultContent(
                        orElse(wish.order(), Map.of()),
                        wish.otherSymbol(),
                        percent(wish.percent(), kind),
                        orElse(wish.shiftSeconds(), SECONDS_PER_DAY),
                        wish.list(),
                        wish.row(),
                        orElse(wish.match(), Map.of()),
                        orElse(wish.without(), List.of())));
    }

    private static void requireItsOwn(FaultKind kind, Set<FaultWish.Field> given) {
        List<String> strange = given.stream()
                .filter(field -> !kind.fields().contains(field))
                .map(FaultWish.Field::word)
                .toList();
        List<String> missing = kind.needs.stream()
                .filter(field -> !given.contains(field))
                .map(FaultWish.Field::word)
                .toList();
        if (!strange.isEmpty() || !missing.isEmpty()) {
            throw new IllegalArgumentException(kind
                    + (strange.isEmpty() ? " needs " + missing : " takes no " + strange)
                    + "; it takes "
                    + kind.fields().stream().map(FaultWish.Field::word).collect(Collectors.joining(", ", "[", "]")));
        }
    }

    private static BigDecimal percent(@Nullable Number given, FaultKind kind) {
        return given == null ? kind.defaultPercent : new BigDecimal(given.toString());
    }

    private static <T> T orElse(@Nullable T given, T unlessTold) {
        return given != null ? given : unlessTold;
    }

    /** A fault that was given only a duration takes all it meets in that time. */
    private static int defaultCount(FaultKind kind, long durationMillis) {
        return kind.bound == FaultKind.Bound.COUNT && durationMillis == 0 ? 1 : MAX_COUNT;
    }

    /** The fault in one line: its kind, and each field's value, given or default. */
    String text() {
        return kind.fields().stream()
                .map(this::text)
                .collect(Collectors.joining(" ", kind + " ", ""))
                .strip();
    }

    private String text(FaultWish.Field field) {
        Object value = switch (field) {
            case COUNT -> count;
            case DURATION_MILLIS -> durationMillis;
            case MILLIS -> millis;
            case STATUS -> status;
            case ORDER -> content.order();
            case SYMBOL -> target.symbol();
            case OTHER_SYMBOL -> content.otherSymbol();
            case PERCENT -> content.percent();
            case SHIFT_SECONDS -> content.shiftSeconds();
            case SOURCE -> target.source();
            case CONNECTION -> target.connection();
            case METHOD -> target.method();
            case PATH -> target.path();
            case LIST -> content.list();
            case ROW -> content.row();
            case MATCH -> content.match();
            case WITHOUT -> content.without();
        };
        return field.word() + "=" + value;
    }
}
