package dev.holdfast.broker.kite;

import dev.holdfast.types.PlainText;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON with exact decimals. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /** The document, empty when this is none. */
    static Optional<JsonNode> parse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (JacksonException notJson) {
            return Optional.empty();
        }
    }

    /**
     * A field's text; empty when absent or null. What would mislead whoever reads it is written out, here where it comes in:
     * it goes into the log of trading, and from there to pages, terminals and rows.
     */
    static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isString() || value.isNumber() ? PlainText.escaped(value.asString()) : "";
    }
}
