package dev.holdfast.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.RecoveryEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** A snapshot of the layout before is read, so that a release can follow its predecessor. */
final class GoldenSnapshotTest {

    private static final Path BEFORE = Path.of("src/test/resources/golden/recovery-snapshot-1.txt");

    /** Written by the release before, with host a as primary of term 1, b eligible and c following. */
    @Test
    void a_snapshot_of_the_layout_before_restores_and_goes_on_in_this_one() throws Exception {
        ArrayDeque<byte[]> pieces = new ArrayDeque<>();
        Files.readAllLines(BEFORE).forEach(line -> pieces.add(HexFormat.of().parseHex(line)));
        Harness h = new Harness();

        h.restore(pieces);
        h.restart();
        h.renew("a", 1);
        h.advance(100);
        h.down("a", 1);

        assertThat(h.machine.sequence()).isGreaterThan(20);
        assertThat(h.last(RecoveryEvent.LeaseGranted.class).host()).isEqualTo("b");
        assertThat(h.last(RecoveryEvent.LeaseGranted.class).term()).isEqualTo(2);
    }
}
