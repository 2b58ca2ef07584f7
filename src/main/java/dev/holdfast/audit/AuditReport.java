package dev.holdfast.audit;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an audit found. Nullable figures were not measured.
 *
 * @param sequence the cut: everything at or before it was compared
 * @param exchangeOrders orders with our tag in the ledger, null without a witness
 * @param lost orders the exchange has and the engine calls ended without them, or intents left hanging
 * @param phantom orders of ours in one record that the other never had
 * @param projectionGap events the database is behind the cut, null if it could not be read
 * @param invariants name to verdict; one that could not be checked is absent
 * @param differences one line for each difference
 * @param races what looks like a fault and is none, because nobody on our side could know; one line for each
 */
public record AuditReport(
        boolean ok,
        long sequence,
        @Nullable Long exchangeOrders,
        long intents,
        @Nullable Long databaseOrders,
        long events,
        long lost,
        long duplicated,
        long phantom,
        long foreign,
        long held,
        long uncertain,
        long positionDifferences,
        @Nullable Long projectionGap,
        Map<String, Boolean> invariants,
        List<String> differences,
        List<String> races) {
    public AuditReport {
        invariants = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(invariants));
        differences = List.copyOf(differences);
        races = List.copyOf(races);
    }
}
