package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A snapshot of this layout is written again byte for byte; one of the layout before is read. */
final class GoldenSnapshotTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/snapshot-4.txt");
    private static final Path BEFORE = Path.of("src/test/resources/golden/snapshot-3.txt");

    @Test
    void the_stored_snapshot_restores_and_comes_out_the_same() throws Exception {
        if (Boolean.getBoolean("golden.write")) {
            Files.write(GOLDEN, lines(Harness.snapshot(new SeededWorld(42).run().engine)));
        }
        TradingEngine engine = restored(GOLDEN);

        assertThat(lines(Harness.snapshot(engine)).equals(Files.readAllLines(GOLDEN)))
                .isTrue();
        assertThat(engine.sequence()).isPositive();
    }

    @Test
    void a_snapshot_of_the_layout_before_restores_and_goes_on_in_this_one() throws Exception {
        TradingEngine engine = restored(BEFORE);

        TradingEngine again = new TradingEngine();
        again.restore(Harness.source(Harness.snapshot(engine)));

        assertThat(engine.sequence()).isPositive();
        assertThat(again.stateHash()).isEqualTo(engine.stateHash());
    }

    private static TradingEngine restored(Path stored) throws Exception {
        ArrayDeque<byte[]> pieces = new ArrayDeque<>();
        Files.readAllLines(stored).forEach(line -> pieces.add(HexFormat.of().parseHex(line)));
        TradingEngine engine = new TradingEngine();
        engine.restore(Harness.source(pieces));
        return engine;
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
