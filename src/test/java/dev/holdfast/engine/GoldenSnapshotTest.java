package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A snapshot written by an earlier build is read, and written again byte for byte. */
final class GoldenSnapshotTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/snapshot-1.txt");

    @Test
    void the_stored_snapshot_restores_and_comes_out_the_same() throws Exception {
        if (Boolean.getBoolean("golden.write")) {
            Files.write(GOLDEN, lines(Harness.snapshot(new SeededWorld(42).run().engine)));
        }
        List<String> stored = Files.readAllLines(GOLDEN);
        ArrayDeque<byte[]> pieces = new ArrayDeque<>();
        stored.forEach(line -> pieces.add(HexFormat.of().parseHex(line)));

        TradingEngine engine = new TradingEngine();
        engine.restore(Harness.source(pieces));

        assertThat(lines(Harness.snapshot(engine))).isEqualTo(stored);
        assertThat(engine.sequence()).isPositive();
    }

    private static List<String> lines(ArrayDeque<byte[]> pieces) {
        assertThat(pieces).hasSizeGreaterThan(1);
        return pieces.stream()
                .map(piece -> {
                    ByteArrayOutputStream copy = new ByteArrayOutputStream();
                    copy.writeBytes(piece);
                    return HexFormat.of().formatHex(copy.toByteArray());
                })
                .toList();
    }
}
