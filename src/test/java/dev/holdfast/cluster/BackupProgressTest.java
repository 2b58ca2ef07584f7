package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeron.archive.client.ArchiveException;
import io.aeron.cluster.ClusterMember;
import io.aeron.exceptions.TimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BackupProgressTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ClusterMember[] MEMBERS =
            ClusterMember.parse(MemberProfile.TRADER.endpoints().clusterMembers(ClusterHosts.ADDRESSES));

    private long nowNanos = Long.MAX_VALUE - 5; // clocks may begin anywhere
    private final BackupProgress progress = new BackupProgress(LIMIT, nowNanos);

    @Test
    void members_that_are_silent_until_the_limit_are_given_up() {
        pass(LIMIT);
        assertGoesOn();
        progress.onPossibleFailure(new TimeoutException("progress has stalled"));
        progress.onBackupQuery();

        pass(Duration.ofNanos(1));

        assertThatThrownBy(() -> progress.requireHope(nowNanos))
                .isInstanceOf(TraderFailure.class)
                .hasMessage("none of the other members answered for 60 s; they must run and have a leader:"
                        + " './holdfast status'");
    }

    @Test
    void a_copy_under_way_has_no_limit_here() {
        answer();

        pass(LIMIT.multipliedBy(10));

        assertGoesOn();
        assertThat(progress.done()).isFalse();
    }

    @Test
    void after_a_failed_copy_the_members_have_the_whole_limit_again() {
        pass(LIMIT);
        answer();
        fail();

        assertGoesOn();
        pass(LIMIT);
        assertGoesOn();
        pass(Duration.ofNanos(1));

        assertThatThrownBy(() -> progress.requireHope(nowNanos))
                .hasMessageContaining("answered for 60 s (last failure: ERROR - unknown src recording id 18);");
    }

    @Test
    void copies_that_fail_again_and_again_are_given_up_with_the_reason() {
        for (int attempt = 1; attempt < BackupProgress.MAX_ATTEMPTS; attempt++) {
            answer();
            fail();
            assertGoesOn();
        }
        answer();
        assertGoesOn();

        fail();

        assertThatThrownBy(() -> progress.requireHope(nowNanos))
                .isInstanceOf(TraderFailure.class)
                .hasMessageContaining("could not be copied in 10 attempts")
                .hasMessageContaining("unknown src recording id 18");
    }

    private void answer() {
        progress.onBackupResponse(MEMBERS, MEMBERS[0], List.of());
    }

    /** The snapshot was purged between the answer and the copy: the library reports it, cools down and asks again. */
    private void fail() {
        progress.onPossibleFailure(new ArchiveException("unknown src recording id 18"));
        progress.onBackupQuery();
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    private void assertGoesOn() {
        assertThatCode(() -> progress.requireHope(nowNanos)).doesNotThrowAnyException();
    }
}
