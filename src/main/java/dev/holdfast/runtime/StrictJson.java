package dev.holdfast.runtime;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads JSON that somebody sends us. Nothing is guessed: a fraction where a whole number belongs, a number in quotes, a number for a word, a
 * key that is unknown, missing or there twice, and anything after the document is refused. Thread-safe.
 */
public final class StrictJson {

    private static final JsonMapper WHOLE = builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();
    private static final JsonMapper PARTIAL = builder().build();

    private StrictJson() {}

    private static JsonMapper.Builder builder() {
        return JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .withCoercionConfigDefaults(config -> {
                    for (CoercionInputShape shape : CoercionInputShape.values()) {
                        config.setCoercion(shape, CoercionAction.Fail);
                    }
                })
                // The defaults do not reach texts.
                .withCoercionConfig(LogicalType.Textual, config -> {
                    config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                    config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                    config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                });
    }

    /**
     * Reads a document with every key of this shape.
     *
     * @throws BadInput with a sentence for whoever sent it
     */
    public static <T> T read(String text, Class<T> type) {
        return read(WHOLE, text, type);
    }

    /**
     * Reads a document that may leave out keys; what is left out is null.
     *
     * @throws BadInput with a sentence for whoever sent it
     */
    public static <T> T readPartial(String text, Class<T> type) {
        return read(PARTIAL, text, type);
    }

    private static <T> T read(JsonMapper mapper, String text, Class<T> type) {
        try {
            T document = mapper.readValue(text, type);
            if (document == null) {
                throw new BadInput("the JSON is null, expected " + expected(type), null);
            }
            return document;
        } catch (JacksonException malformed) {
            throw new BadInput(sentence(malformed), malformed);
        }
    }

    private static String sentence(JacksonException malformed) {
        String key = malformed.getPath().isEmpty()
                ? ""
                : "'" + malformed.getPath().getLast().getPropertyName() + "' ";
        return switch (malformed) {
            case UnrecognizedPropertyException unknown ->
                "the key '" + unknown.getPropertyName() + "' is unknown here; known are "
                        + unknown.getKnownPropertyIds();
            case ValueInstantiationException refused
            when refused.getCause() instanceof IllegalArgumentException check -> String.valueOf(check.getMessage());
            case InvalidNullException _ -> key + "is null";
            case MismatchedInputException wrong
            when wrong.getTargetType() != null ->
                key.isEmpty()
                        ? "this is not the JSON expected: it is not " + expected(wrong.getTargetType())
                        : String.valueOf(wrong.getOriginalMessage()).startsWith("Missing")
                                ? key + "is missing"
                                : key + "is not " + expected(wrong.getTargetType());
            case InputCoercionException wrong -> key + "is not " + expected(wrong.getTargetType());
            default -> "this is not the JSON expected: " + malformed.getOriginalMessage();
        };
    }

    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + Arrays.toString(type.getEnumConstants()) + " in quotes";
        }
        if (type == long.class || type == int.class || type == Long.class || type == Integer.class) {
            return "a whole number without quotes that fits";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false without quotes";
        }
        return type == String.class ? "a text in quotes" : "an object";
    }

    /** Input that is refused; the message says why. */
    public static final class BadInput extends RuntimeException {
        BadInput(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
