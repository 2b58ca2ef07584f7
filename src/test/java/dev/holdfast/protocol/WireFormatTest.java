package dev.holdfast.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Every message there and back, against golden bytes, and cut at every length. */
final class WireFormatTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/messages.txt");

    @Test
    void every_command_and_event_survives_the_wire() {
        for (Command command : samples(Command.class)) {
            byte[] bytes = encode(command);
            assertThat(new CommandCodec().decode(new UnsafeBuffer(bytes), 0, bytes.length))
                    .isEqualTo(command);
        }
        for (Event event : samples(Event.class)) {
            byte[] bytes = encode(event);
            assertThat(new EventCodec().decode(new UnsafeBuffer(bytes), 0, bytes.length))
                    .isEqualTo(event);
        }
    }

    @Test
    void the_bytes_are_those_of_the_golden_file() throws Exception {
        List<String> lines = new ArrayList<>();
        for (Command command : samples(Command.class)) {
            lines.add(command.getClass().getSimpleName() + " " + HexFormat.of().formatHex(encode(command)));
        }
        for (Event event : samples(Event.class)) {
            lines.add(event.getClass().getSimpleName() + " " + HexFormat.of().formatHex(encode(event)));
        }
        if (Boolean.getBoolean("golden.write")) {
            Files.write(GOLDEN, lines);
        }

        assertThat(lines)
                .as("golden file %s (a new message is appended with -Dgolden.write=true)", GOLDEN)
                .isEqualTo(Files.readAllLines(GOLDEN));
    }

    @Test
    void a_message_cut_at_any_length_is_refused_and_never_read_beyond_its_end() {
        for (Event event : samples(Event.class)) {
            byte[] bytes = encode(event);
            for (int length = 0; length < bytes.length; length++) {
                int cut = length;
                assertThatThrownBy(() -> new EventCodec().decode(new UnsafeBuffer(bytes), 0, cut))
                        .as("%s cut to %d of %d bytes", event, cut, bytes.length)
                        .isInstanceOf(MalformedMessage.class);
            }
        }
    }

    @Test
    void random_bytes_are_refused_as_malformed_and_nothing_else() {
        Random random = new Random(7);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 50_000; i++) {
            random.nextBytes(bytes);
            if (i % 2 == 0) { // get past the header now and then
                bytes[2] = (byte) (1 + random.nextInt(30));
                bytes[3] = 0;
                bytes[4] = 0x67;
                bytes[5] = 0x12;
            }
            try {
                new CommandCodec().decode(new UnsafeBuffer(bytes), 0, random.nextInt(bytes.length));
            } catch (MalformedMessage expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void the_largest_event_fits_a_frame() {
        String longest = "x".repeat(500);
        for (Event event : samples(Event.class, longest)) {
            byte[] bytes = encode(event);
            assertThat(EventFrame.HEADER_LENGTH + bytes.length)
                    .as("%s", event)
                    .isLessThanOrEqualTo(EventFrame.MAX_LENGTH);
        }
    }

    @Test
    void the_chain_hash_changes_with_every_byte_of_a_frame() {
        byte[] event = encode(samples(Event.class).get(5));
        UnsafeBuffer frame = new UnsafeBuffer(new byte[EventFrame.HEADER_LENGTH + event.length]);
        frame.putBytes(EventFrame.HEADER_LENGTH, event);
        long sealed = EventFrame.seal(frame, event.length, 7, 11, 13);

        assertThat(EventFrame.chain(frame, 0, frame.capacity(), 11)).isEqualTo(sealed);
        for (int at = 0; at < frame.capacity(); at++) {
            if (at >= 8 && at < 16) {
                continue; // the stored hash itself
            }
            frame.putByte(at, (byte) (frame.getByte(at) ^ 1));
            assertThat(EventFrame.chain(frame, 0, frame.capacity(), 11))
                    .as("byte %d", at)
                    .isNotEqualTo(sealed);
            frame.putByte(at, (byte) (frame.getByte(at) ^ 1));
        }
    }

    private static byte[] encode(Command command) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return bytes(buffer, new CommandCodec().encode(command, buffer, 0));
    }

    private static byte[] encode(Event event) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return bytes(buffer, new EventCodec().encode(event, buffer, 0));
    }

    private static byte[] bytes(ExpandableArrayBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    static <T> List<T> samples(Class<T> sealed) {
        return samples(sealed, "");
    }

    /** One of each kind, every field with a value of its own. */
    static <T> List<T> samples(Class<T> sealed, String text) {
        List<T> samples = new ArrayList<>();
        for (Class<?> kind : sealed.getPermittedSubclasses()) {
            RecordComponent[] components = kind.getRecordComponents();
            Object[] values = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < values.length; i++) {
                types[i] = components[i].getType();
                values[i] = value(types[i], i, text.isEmpty() ? components[i].getName() + " ₹" : text);
            }
            try {
                samples.add(sealed.cast(kind.getDeclaredConstructor(types).newInstance(values)));
            } catch (ReflectiveOperationException impossible) {
                throw new LinkageError(kind.getName(), impossible);
            }
        }
        return samples;
    }

    private static Object value(Class<?> type, int place, String text) {
        if (type == long.class) {
            return 1_000_000_007L * (place + 1);
        } else if (type == int.class) {
            return 10_007 * (place + 1);
        } else if (type == boolean.class) {
            return place % 2 == 0;
        } else if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            return constants[constants.length - 1];
        }
        return text;
    }
}
