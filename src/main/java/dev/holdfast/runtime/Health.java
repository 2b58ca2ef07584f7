package dev.holdfast.runtime;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a process says of itself.
 *
 * @param healthy whether it does its work now
 * @param reason one sentence, why not; empty when healthy
 * @param details figures and states worth showing, in order; values are text, numbers, booleans, lists or maps
 */
public record Health(boolean healthy, String reason, Map<String, Object> details) {

    public Health {
        details = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(details));
        if (healthy != reason.isEmpty()) {
            throw new IllegalArgumentException(
                    "a reason belongs to what is unhealthy, got '" + reason + "' with healthy=" + healthy);
        }
    }

    public static Health healthy(Map<String, Object> details) {
        return new Health(true, "", details);
    }

    public static Health unhealthy(String reason, Map<String, Object> details) {
        return new Health(false, reason, details);
    }
}
