package dev.holdfast.exchange;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A ledger entry with its place.
 *
 * @param number consecutive from 1
 * @param atNanos wall time, epoch nanoseconds
 * @param marketNanos market time, epoch nanoseconds
 */
record LedgerLine(long number, long atNanos, long marketNanos, LedgerEntry entry) {

    /** An older exchange reads a younger one's ledger as far as it knows it. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // A number that an older exchange did not write yet is 0.
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private static final Map<String, Class<? extends LedgerEntry>> KINDS = List.of(
                    LedgerEntry.Day.class,
                    LedgerEntry.SessionOpened.class,
                    LedgerEntry.SessionsEnded.class,
                    LedgerEntry.Request.class,
                    LedgerEntry.Answer.class,
                    LedgerEntry.Accepted.class,
                    LedgerEntry.Amended.class,
                    LedgerEntry.Ended.class,
                    LedgerEntry.Trade.class,
                    LedgerEntry.Converted.class,
                    LedgerEntry.OddRow.class,
                    LedgerEntry.FaultChanged.class,
                    LedgerEntry.Prices.class)
            .stream()
            .collect(Collectors.toUnmodifiableMap(LedgerLine::kind, Function.identity()));

    static String kind(Class<? extends LedgerEntry> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    String toJson() {
        ObjectNode line = MAPPER.createObjectNode();
        line.put("number", number);
        line.put("kind", kind(entry.getClass()));
        line.put("atNanos", atNanos);
        line.put("marketNanos", marketNanos);
        line.setAll(MAPPER.<ObjectNode>valueToTree(entry));
        return MAPPER.writeValueAsString(line);
    }

    /** @throws MalformedLine if it is no line of ours */
    static LedgerLine parse(String json) {
        try {
            JsonNode line = MAPPER.readTree(json);
            Class<? extends LedgerEntry> type = KINDS.get(line.path("kind").asString(""));
            if (type == null) {
                throw new MalformedLine("its kind is none of "
                        + KINDS.keySet().stream().sorted().toList());
            }
            return new LedgerLine(
                    line.required("number").longValue(),
                    line.required("atNanos").longValue(),
                    line.required("marketNanos").longValue(),
                    MAPPER.treeToValue(line, type));
        } catch (JacksonException malformed) {
            throw new MalformedLine(malformed.getOriginalMessage());
        }
    }

    static boolean readable(String json) {
        try {
            parse(json);
            return true;
        } catch (MalformedLine malformed) {
            return false;
        }
    }

    /** A line that cannot be read. */
    static final class MalformedLine extends RuntimeException {
        MalformedLine(String message) {
            super(message);
        }
    }
}
