package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class RecordingSearchTest {

    private static final int BLOCK = 1_024;

    @Test
    void finds_the_block_of_any_event_from_any_hint() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            int blocks = random.nextInt(1, 60);
            long[] firstSequences = new long[blocks];
            firstSequences[0] = random.nextInt(1, 100);
            for (int i = 1; i < blocks; i++) {
                firstSequences[i] = firstSequences[i - 1] + random.nextInt(1, 50);
            }
            long wanted = random.nextLong(1, firstSequences[blocks - 1] + 100);
            long end = (long) (blocks - 1) * BLOCK + random.nextInt(1, BLOCK + 1);
            long hint = random.nextBoolean() ? -1 : random.nextLong(0, end * 2);

            RecordingSearch search = new RecordingSearch(0, end, BLOCK, hint);
            int probes = 0;
            while (!search.done()) {
                search.found(firstSequences[(int) (search.position() / BLOCK)], wanted);
                probes++;
            }

            assertThat(probes).as("seed %s round %s", seed, round).isLessThan(9);
            assertThat(search.tooLate()).as("seed %s round %s", seed, round).isEqualTo(firstSequences[0] > wanted);
            if (!search.tooLate()) {
                assertThat(firstSequences[(int) (search.position() / BLOCK)])
                        .as("seed %s round %s", seed, round)
                        .isLessThanOrEqualTo(wanted);
            }
        }
    }

    @Test
    void the_end_is_guessed_first() {
        RecordingSearch search = new RecordingSearch(0, 10 * BLOCK, BLOCK, -1);

        search.found(900, 950);

        assertThat(search.done()).isTrue();
        assertThat(search.position()).isEqualTo(9 * BLOCK);
    }
}
