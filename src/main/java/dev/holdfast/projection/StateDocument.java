package dev.holdfast.projection;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state file's text: a JSON document with the state and the SHA-256 of the state's compact form, so that a file cut or
 * changed anywhere in it is known.
 */
final class StateDocument {

    private static final int FORMAT = 1;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private StateDocument() {}

    static String write(TradingState state) {
        JsonNode tree = JSON.valueToTree(state);
        ObjectNode document = JSON.createObjectNode();
        document.put("format", FORMAT);
        document.put("sha256", hash(tree));
        document.set("state", tree);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    }

    /** @throws Corrupt with what is wrong */
    static TradingState read(String text) throws Corrupt {
        try {
            JsonNode document = JSON.readTree(text);
            int format = document.path("format").asInt(0);
            if (format != FORMAT) {
                throw new Corrupt("its format is " + format + ", expected " + FORMAT);
            }
            String expected = document.path("sha256").asString("");
            String found = hash(document.path("state"));
            if (!found.equals(expected)) {
                throw new Corrupt("its content has SHA-256 " + found + ", it says " + expected);
            }
            return JSON.treeToValue(document.path("state"), TradingState.class);
        } catch (JacksonException malformed) {
            throw new Corrupt("it is not a whole JSON document: " + malformed.getOriginalMessage());
        }
    }

    private static String hash(JsonNode state) {
        try {
            byte[] compact = JSON.writeValueAsString(state).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(compact));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** Not a state file as it was written. */
    static final class Corrupt extends Exception {
        Corrupt(String message) {
            super(message);
        }
    }
}
