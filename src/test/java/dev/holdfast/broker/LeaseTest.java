package dev.holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {

    private static final long MILLI = 1_000_000;

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000 * MILLI); // a monotonic clock may wrap
    private final Lease lease = new Lease(now::get);

    @Test
    void nothing_is_held_before_the_first_grant() {
        assertThat(lease.held()).isZero();
        assertThat(lease.holds(0)).isFalse();
        assertThat(lease.holds(1)).isFalse();
    }

    @Test
    void it_ends_a_margin_before_the_engine_would_take_it_back_counted_from_before_the_renewal() {
        long submitted = now.get();
        now.addAndGet(500 * MILLI); // the answer was slow

        lease.renewed(submitted, 7);

        assertThat(lease.held()).isEqualTo(7);
        now.addAndGet(199 * MILLI);
        assertThat(lease.holds(7)).isTrue();
        now.addAndGet(1 * MILLI);
        assertThat(lease.holds(7)).isFalse();
        assertThat(lease.held()).isZero();
    }

    @Test
    void an_answer_older_than_the_lease_gives_nothing() {
        long submitted = now.get();
        now.addAndGet(5_000 * MILLI);

        lease.renewed(submitted, 7);

        assertThat(lease.holds(7)).isFalse();
    }

    @Test
    void an_older_answer_does_not_shorten_a_newer_one() {
        long first = now.get();
        lease.renewed(first + 200 * MILLI, 7);
        lease.renewed(first, 7);

        now.addAndGet(800 * MILLI);

        assertThat(lease.holds(7)).isTrue();
    }

    @Test
    void a_newer_epoch_ends_the_older_one() {
        lease.renewed(now.get(), 7);
        lease.renewed(now.get(), 9);

        assertThat(lease.holds(7)).isFalse();
        assertThat(lease.holds(9)).isTrue();
    }

    @Test
    void a_refused_renewal_ends_it_at_once() {
        lease.renewed(now.get(), 7);
        lease.renewed(now.get(), 0);

        assertThat(lease.held()).isZero();
    }

    @Test
    void each_change_is_told_and_an_epoch_that_was_followed_by_another_is_past() {
        AtomicLong changes = new AtomicLong();
        lease.whenChanged(changes::incrementAndGet);

        lease.renewed(now.get(), 3);
        lease.dropped();
        lease.renewed(now.get(), 4);

        assertThat(changes).hasValue(3);
        assertThat(lease.isPast(3)).isTrue();
        assertThat(lease.isPast(4)).isFalse();
    }
}
