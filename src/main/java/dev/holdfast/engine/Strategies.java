package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.StrategyChanged;
import dev.holdfast.protocol.StrategyState;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The strategies there are, and the running code behind each. */
final class Strategies {

    /** The name under which people's orders run. */
    static final String MANUAL = "manual";

    static final int MAX_STRATEGIES = 64;

    /** A parameter of every kind. */
    private static final String ON_FAILURE = "onFailure";

    /** What becomes of a failed strategy's working orders. */
    enum OnFailure {
        CANCEL,
        LEAVE
    }

    private final Map<String, StrategyChanged> defined = new TreeMap<>();
    private final Map<String, Strategy> code = new TreeMap<>();

    Collection<StrategyChanged> all() {
        return defined.values();
    }

    @Nullable
    StrategyChanged find(String name) {
        return defined.get(name);
    }

    @Nullable
    Strategy running(String name) {
        StrategyChanged strategy = defined.get(name);
        return strategy != null && strategy.state() == StrategyState.RUNNING ? code.get(name) : null;
    }

    /**
     * The code of one kind.
     *
     * @throws IllegalArgumentException says what is wrong with kind or parameters
     */
    static Strategy create(String kind, String parameters, long quantity) {
        Map<String, String> values = values(parameters);
        values.remove(ON_FAILURE);
        onFailure(parameters);
        Strategy strategy = switch (kind) {
            case "canary" -> new Canary(number(values, "perSecond", 1), number(values, "phase", Canary.FREE));
            case "sma-cross" -> new SmaCross(number(values, "fast", 5), number(values, "slow", 20), quantity);
            case "faulty" -> new Faulty(how(values), number(values, "after", 2));
            default ->
                throw new IllegalArgumentException("there is no strategy kind '" + kind
                        + "'; there are canary and sma-cross, and faulty for drills");
        };
        if (!values.isEmpty()) {
            throw new IllegalArgumentException(kind + " has no parameters " + values.keySet());
        }
        return strategy;
    }

    private static Map<String, String> values(String parameters) {
        Map<String, String> values = new TreeMap<>();
        for (String pair : parameters.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            } else if (!pair.isBlank()) {
                throw new IllegalArgumentException("'" + pair + "' is no key=value");
            }
        }
        return values;
    }

    /**
     * What a strategy's parameters say about its failure: "onFailure=cancel", the default, or "onFailure=leave".
     *
     * @throws IllegalArgumentException if they say something else
     */
    static OnFailure onFailure(String parameters) {
        String value = values(parameters).getOrDefault(ON_FAILURE, "cancel");
        return switch (value) {
            case "cancel" -> OnFailure.CANCEL;
            case "leave" -> OnFailure.LEAVE;
            default -> throw new IllegalArgumentException(ON_FAILURE + " is '" + value + "', expected cancel or leave");
        };
    }

    /** Whether orders of this name run by themselves: neither people's nor those of other hands. */
    static boolean isStrategy(String name) {
        return !name.isEmpty() && !name.equals(MANUAL);
    }

    /** Kinds that exist to be measured or to fail, not to earn. */
    static boolean forDrills(String kind) {
        return kind.equals("canary") || kind.equals("faulty");
    }

    private static String how(Map<String, String> values) {
        String how = values.remove("how");
        return how == null ? "throw" : how;
    }

    private static int number(Map<String, String> values, String key, int otherwise) {
        String value = values.remove(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException bad) {
            throw new IllegalArgumentException(key + " is '" + value + "', expected a whole number");
        }
    }

    void apply(StrategyChanged event) {
        defined.put(event.name(), event);
        if (event.state() == StrategyState.STOPPED && !code.containsKey(event.name())) {
            code.put(event.name(), create(event.kind(), event.parameters(), event.quantity()));
        }
    }

    /** A strategy that failed starts over with fresh code. */
    void renew(StrategyChanged event) {
        code.put(event.name(), create(event.kind(), event.parameters(), event.quantity()));
    }

    static StrategyChanged with(StrategyChanged strategy, StrategyState state, String user, String reason) {
        return new Event.StrategyChanged(
                state,
                strategy.instrument(),
                strategy.product(),
                strategy.quantity(),
                strategy.name(),
                strategy.kind(),
                strategy.parameters(),
                user,
                reason);
    }

    Map<String, String> describe() {
        Map<String, String> states = new TreeMap<>();
        code.forEach((name, strategy) -> states.put(name, strategy.describe()));
        return states;
    }

    void save(StateWriter out) {
        out.number(defined.size());
        defined.forEach((name, strategy) -> {
            out.event(strategy);
            java.util.Objects.requireNonNull(code.get(name)).save(out);
        });
    }

    void load(StateReader in) {
        for (int n = in.integer(); n > 0; n--) {
            StrategyChanged strategy = in.event(StrategyChanged.class);
            defined.put(strategy.name(), strategy);
            Strategy fresh = create(strategy.kind(), strategy.parameters(), strategy.quantity());
            fresh.load(in);
            code.put(strategy.name(), fresh);
        }
    }
}
