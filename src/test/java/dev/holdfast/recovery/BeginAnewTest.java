package dev.holdfast.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.PromotionMode;
import dev.holdfast.protocol.RecoveryCommand.BeginAnew;
import dev.holdfast.protocol.RecoveryCommand.RenewLease;
import dev.holdfast.protocol.RecoveryCommand.ReportPromoted;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.protocol.ReplyCode;
import org.junit.jupiter.api.Test;

/** A machine without memory in a region that has data. */
final class BeginAnewTest {

    @Test
    void the_furthest_copy_is_appointed_above_every_used_term_once_the_patience_is_over() {
        Harness h = begunAnew();

        alive(h, 29_000);
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.LOST);
        alive(h, 2_000);

        RecoveryEvent.PromotionDecided promotion = h.last(RecoveryEvent.PromotionDecided.class);
        assertThat(promotion.host()).isEqualTo("c");
        assertThat(promotion.mode()).isEqualTo(PromotionMode.BEST_COPY);
        assertThat(promotion.term()).isEqualTo(41);
        assertThat(h.all(RecoveryEvent.CommandQuarantined.class)).isEmpty();
    }

    @Test
    void clones_are_numbered_above_those_that_were_made_before() {
        Harness h = begunAnew();
        alive(h, 31_000);
        h.ok(new RenewLease("c", 41, 0, 0));
        h.ok(new ReportPromoted("c", 41, 3, 95));

        for (int second = 0; second < 12; second++) {
            h.standby("b", 0, 90);
            h.primary("c", 41, 95, "");
            h.renew("c", 41);
            h.advance(1_000);
        }

        assertThat(h.all(RecoveryEvent.ReplicaChanged.class).stream()
                        .filter(each -> each.state() == ReplicaState.REBUILDING)
                        .map(RecoveryEvent.ReplicaChanged::cloneNumber))
                .isNotEmpty()
                .allMatch(number -> number > 40);
    }

    @Test
    void it_survives_a_restart_from_a_snapshot_before_it_is_configured() {
        Harness h = new Harness();
        h.ok(new BeginAnew(40, "op", "two hosts burned"));
        h.restart();
        h.configure();
        alive(h, 31_000);

        assertThat(h.last(RecoveryEvent.PromotionDecided.class).term()).isEqualTo(41);
    }

    @Test
    void a_machine_that_knows_the_region_refuses_to_forget_it() {
        Harness h = Harness.guarded();

        assertThat(h.send(new BeginAnew(40, "op", "a mistake")).code()).isEqualTo(ReplyCode.REFUSED);
        assertThat(h.last(RecoveryEvent.PhaseChanged.class).phase()).isEqualTo(DatabasePhase.GUARDED);
    }

    @Test
    void it_needs_a_reason_and_a_used_term() {
        Harness h = new Harness();

        assertThat(h.send(new BeginAnew(40, "op", " ")).text()).contains("a reason");
        assertThat(h.send(new BeginAnew(0, "op", "a try")).text()).contains("no term was ever used");
    }

    private static Harness begunAnew() {
        Harness h = new Harness();
        h.ok(new BeginAnew(40, "op", "two hosts burned"));
        h.configure();
        return h;
    }

    /** Agents of b and c report their copies. */
    private static void alive(Harness h, long millis) {
        for (long passed = 0; passed < millis; passed += 500) {
            h.standby("b", 0, 90);
            h.standby("c", 0, 95);
            h.advance(500);
        }
    }
}
