package dev.holdfast.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Whether what happens reaches the database, put together from what gateways, traders and the engine say. Thread-safe. */
final class RecordingStatus {

    private final Map<String, Map<String, Object>> gateways = new TreeMap<>();
    private long newest;

    /**
     * The facts about recording that {@code status} shows.
     *
     * @param durable whether rows are committed, null when no gateway says so
     * @param reason why not, with what to do; empty when they are
     * @param recordedSequence of the last event that is recorded, null when not known
     * @param notRecordedEvents events after it, null when not known
     */
    record Facts(
            @Nullable Boolean durable,
            String reason,
            @Nullable Long recordedSequence,
            @Nullable Long notRecordedEvents) {}

    synchronized void gateway(String host, Map<String, Object> health) {
        if (health.containsKey("durable")) {
            gateways.put(host, health);
            engine(number(health, "newestSequence"));
        }
    }

    synchronized void trader(Map<String, Object> health) {
        engine(number(health, "sequence"));
    }

    /** Notes that an event of this sequence exists. */
    synchronized void engine(@Nullable Long sequence) {
        newest = sequence == null ? newest : Math.max(newest, sequence);
    }

    /** The facts about recording. One gateway records and the others watch it, so the one that sees rows committed is right. */
    synchronized Facts facts() {
        Long recorded = null;
        String reason = "";
        boolean durable = false;
        for (Map<String, Object> health : gateways.values()) {
            Long here = number(health, "recordedSequence");
            recorded = here == null || (recorded != null && recorded > here) ? recorded : here;
            durable |= Boolean.TRUE.equals(health.get("durable"));
            String said = String.valueOf(health.get("durableReason"));
            reason = reason.isEmpty() || said.startsWith("recording stopped") ? said : reason;
        }
        Long waiting = recorded == null || newest == 0 ? null : Math.max(0, newest - recorded);
        return gateways.isEmpty()
                ? new Facts(null, "no gateway answers, so whether rows are recorded is not known", null, null)
                : new Facts(durable, durable ? "" : reason, recorded, waiting);
    }

    /** One line for each thing that is not well. */
    synchronized List<String> notes() {
        List<String> notes = new ArrayList<>();
        Facts facts = facts();
        if (!Boolean.TRUE.equals(facts.durable)) {
            notes.add(rows(facts));
        }
        gateways.forEach((host, health) -> {
            if (health.get("degraded") instanceof List<?> problems) {
                problems.forEach(problem -> notes.add("Host " + host + ", gateway: " + problem + "."));
            }
        });
        return notes;
    }

    private static String rows(Facts facts) {
        List<String> figures = new ArrayList<>();
        if (facts.recordedSequence != null) {
            figures.add("event " + facts.recordedSequence + " is recorded");
        }
        if (facts.notRecordedEvents != null) {
            figures.add(facts.notRecordedEvents + " events are not");
        }
        return "Rows: " + facts.reason + (figures.isEmpty() ? "" : " (" + String.join(", ", figures) + ")")
                + ". Trading goes on without the database.";
    }

    private static @Nullable Long number(Map<String, Object> health, String key) {
        return health.get(key) instanceof Number number ? number.longValue() : null;
    }
}
