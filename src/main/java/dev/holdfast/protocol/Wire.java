package dev.holdfast.protocol;

import dev.holdfast.protocol.sbe.MessageHeaderDecoder;
import java.nio.charset.StandardCharsets;

/** Conversions shared by the codecs. */
final class Wire {

    /** Longest text in UTF-8 bytes; longer ones are cut, so that an event always fits a datagram. */
    static final int MAX_TEXT_BYTES = 200;

    private Wire() {}

    static short bool(boolean value) {
        return (short) (value ? 1 : 0);
    }

    static boolean bool(short value) {
        return value != 0;
    }

    static String text(String value) {
        if (value.length() * 3 <= MAX_TEXT_BYTES) {
            return value;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_TEXT_BYTES) {
            return value;
        }
        int end = MAX_TEXT_BYTES;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--; // never cut inside a character
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /** The ordinal is the wire value: an enumeration is only ever appended to, and golden files would tell. */
    @SuppressWarnings("EnumOrdinal")
    static short code(Enum<?> constant) {
        return (short) constant.ordinal();
    }

    static <E extends Enum<E>> E constant(Class<E> type, short ordinal) {
        E[] constants = type.getEnumConstants();
        if (ordinal >= constants.length) {
            throw new MalformedMessage("no " + type.getSimpleName() + " has number " + ordinal);
        }
        return constants[ordinal];
    }

    static void requireHeader(int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            throw new MalformedMessage("message is cut short: " + length + " bytes, expected at least "
                    + MessageHeaderDecoder.ENCODED_LENGTH);
        }
    }

    static void requireSchema(int schemaId) {
        requireSchema(schemaId, MessageHeaderDecoder.SCHEMA_ID);
    }

    static void requireSchema(int schemaId, int expected) {
        if (schemaId != expected) {
            throw new MalformedMessage("message is of schema " + schemaId + ", expected " + expected);
        }
    }
}
