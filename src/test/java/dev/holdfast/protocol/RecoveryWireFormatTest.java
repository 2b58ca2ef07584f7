package dev.holdfast.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Every message of the recovery machine there and back, against golden bytes, and cut at every length. */
final class RecoveryWireFormatTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/recovery-messages.txt");

    @Test
    void every_command_and_event_survives_the_wire() {
        for (RecoveryCommand command : WireFormatTest.samples(RecoveryCommand.class)) {
            byte[] bytes = encode(command);
            assertThat(new RecoveryCommandCodec().decode(new UnsafeBuffer(bytes), 0, bytes.length))
                    .isEqualTo(command);
        }
        for (RecoveryEvent event : WireFormatTest.samples(RecoveryEvent.class)) {
            byte[] bytes = encode(event);
            assertThat(new RecoveryEventCodec().decode(new UnsafeBuffer(bytes), 0, bytes.length))
                    .isEqualTo(event);
        }
    }

    @Test
    void the_bytes_are_those_of_the_golden_file() throws Exception {
        List<String> lines = new ArrayList<>();
        for (RecoveryCommand command : WireFormatTest.samples(RecoveryCommand.class)) {
            lines.add(command.getClass().getSimpleName() + " " + HexFormat.of().formatHex(encode(command)));
        }
        for (RecoveryEvent event : WireFormatTest.samples(RecoveryEvent.class)) {
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
        for (RecoveryCommand command : WireFormatTest.samples(RecoveryCommand.class)) {
            byte[] bytes = encode(command);
            for (int length = 0; length < bytes.length; length++) {
                int cut = length;
                assertThatThrownBy(() -> new RecoveryCommandCodec().decode(new UnsafeBuffer(bytes), 0, cut))
                        .as("%s cut to %d of %d bytes", command, cut, bytes.length)
                        .isInstanceOf(MalformedMessage.class);
            }
        }
    }

    @Test
    void random_bytes_are_refused_as_malformed_and_nothing_else() {
        Random random = new Random(7);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(bytes);
            if (i % 2 == 0) { // get past the header now and then
                bytes[2] = (byte) (1 + random.nextInt(14));
                bytes[3] = 0;
                bytes[4] = 0x68;
                bytes[5] = 0x12;
            }
            try {
                new RecoveryCommandCodec().decode(new UnsafeBuffer(bytes), 0, random.nextInt(bytes.length));
            } catch (MalformedMessage expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void a_command_of_the_trading_engine_is_no_command_of_the_recovery_machine() {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        int length = new CommandCodec().encode(new Command.Probe(), buffer, 0);

        assertThatThrownBy(() -> new RecoveryCommandCodec().decode(buffer, 0, length))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("schema 4711, expected 4712");
    }

    @Test
    void the_largest_event_fits_a_frame() {
        for (RecoveryEvent event : WireFormatTest.samples(RecoveryEvent.class, "x".repeat(500))) {
            assertThat(EventFrame.HEADER_LENGTH + encode(event).length)
                    .as("%s", event)
                    .isLessThanOrEqualTo(EventFrame.MAX_LENGTH);
        }
    }

    private static byte[] encode(RecoveryCommand command) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return bytes(buffer, new RecoveryCommandCodec().encode(command, buffer, 0));
    }

    private static byte[] encode(RecoveryEvent event) {
        ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return bytes(buffer, new RecoveryEventCodec().encode(event, buffer, 0));
    }

    private static byte[] bytes(ExpandableArrayBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return bytes;
    }
}
