package dev.holdfast.engine;

import dev.holdfast.protocol.Event.SwitchChanged;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Kill switches and bans. They stay as set until a person releases them. */
final class Switches {

    private final Map<String, SwitchChanged> engaged = new TreeMap<>();

    private static String key(SwitchKind kind, SwitchScope scope, String target) {
        return kind + "/" + scope + "/" + target;
    }

    boolean isEngaged(SwitchKind kind, SwitchScope scope, String target) {
        return engaged.containsKey(key(kind, scope, target));
    }

    boolean isEngagedBy(SwitchKind kind, SwitchScope scope, String target, String user) {
        SwitchChanged present = engaged.get(key(kind, scope, target));
        return present != null && present.user().equals(user);
    }

    /** Whether this kind covers an order of this strategy in this instrument (EXCHANGE:SYMBOL). */
    boolean covers(SwitchKind kind, String strategy, String instrument) {
        return isEngaged(kind, SwitchScope.ALL, "")
                || isEngaged(kind, SwitchScope.STRATEGY, strategy)
                || isEngaged(kind, SwitchScope.INSTRUMENT, instrument);
    }

    Collection<SwitchChanged> engaged() {
        return engaged.values();
    }

    void apply(SwitchChanged event) {
        String key = key(event.kind(), event.scope(), event.target());
        if (event.engaged()) {
            engaged.put(key, event);
        } else {
            engaged.remove(key);
        }
    }

    void save(StateWriter out) {
        out.number(engaged.size());
        engaged.values().forEach(out::event);
    }

    void load(StateReader in) {
        for (int n = in.integer(); n > 0; n--) {
            apply(in.event(SwitchChanged.class));
        }
    }
}
