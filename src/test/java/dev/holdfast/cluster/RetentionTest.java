package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.cluster.RecordingLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetentionTest {

    private static final int MODULE = -1;
    private static final int SERVICE = 0;

    private final List<RecordingLog.Entry> entries = new ArrayList<>();

    @Test
    void with_one_snapshot_all_log_stays() {
        snapshot(1_000, 10, true);

        Retention retention = Retention.of(entries, Long.MAX_VALUE);

        assertThat(retention.logPosition()).isZero();
        assertThat(retention.snapshotRecordings()).containsExactlyInAnyOrder(1_000L, 1_001L);
    }

    @Test
    void with_three_the_log_below_the_second_newest_may_go() {
        snapshot(1_000, 10, true);
        snapshot(2_000, 20, true);
        snapshot(3_000, 30, true);

        Retention retention = Retention.of(entries, Long.MAX_VALUE);

        assertThat(retention.logPosition()).isEqualTo(2_000);
        assertThat(retention.snapshotRecordings()).containsExactlyInAnyOrder(2_000L, 2_001L, 3_000L, 3_001L);
    }

    @Test
    void a_refused_snapshot_does_not_count() {
        snapshot(1_000, 10, true);
        snapshot(2_000, 20, true);
        snapshot(3_000, 30, false);

        Retention retention = Retention.of(entries, Long.MAX_VALUE);

        assertThat(retention.logPosition()).isEqualTo(1_000);
        assertThat(retention.snapshotRecordings()).containsExactlyInAnyOrder(1_000L, 1_001L, 2_000L, 2_001L);
    }

    @Test
    void young_log_stays_for_members_that_were_away() {
        snapshot(1_000, 10, true);
        snapshot(2_000, 20, true);
        snapshot(3_000, 30, true);

        assertThat(Retention.of(entries, 15).logPosition()).isEqualTo(1_000);
        assertThat(Retention.of(entries, 5).logPosition()).isZero();
    }

    /** Recordings are numbered like their position. */
    private void snapshot(long position, long timestamp, boolean valid) {
        for (int service : new int[] {SERVICE, MODULE}) {
            entries.add(new RecordingLog.Entry(
                    position + (service == MODULE ? 1 : 0),
                    0,
                    0,
                    position,
                    timestamp,
                    service,
                    RecordingLog.ENTRY_TYPE_SNAPSHOT,
                    null,
                    valid,
                    0,
                    entries.size()));
        }
    }
}
