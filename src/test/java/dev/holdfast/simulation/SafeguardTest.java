package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.broker.UnsafeGateways;
import dev.holdfast.engine.UnsafeEngines;
import dev.holdfast.projection.CarelessDatabase;
import dev.holdfast.simulation.UnsafeMachine.Without;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The simulator is worth something only if it finds what each safeguard is there for: with one taken away it must. */
final class SafeguardTest {

    /** A fault that brings it out comes in one world in a few. */
    private static final int MOST_SEEDS = 60;

    @BeforeAll
    static void quiet() {
        Quiet.logs();
    }

    @Test
    void without_posting_at_most_once_an_order_is_doubled() throws InterruptedException {
        violates("NoDuplicateOrder", Parts.real().withCores(UnsafeGateways::forgetful));
    }

    @Test
    void without_the_epoch_check_a_send_begins_under_an_old_epoch() throws InterruptedException {
        violates("OneSender", Parts.real().withCores(UnsafeGateways::withoutLease));
    }

    @Test
    void without_the_not_after_a_send_begins_too_late() throws InterruptedException {
        violates("NoLateSend", Parts.real().withCores(UnsafeGateways::neverTooLate));
    }

    @Test
    void without_trade_keys_a_trade_counts_twice() throws InterruptedException {
        violates("PositionsMatch", Parts.real().withMachines(() -> new UnsafeMachine(Without.TRADE_KEYS)));
    }

    @Test
    void without_the_recorders_sequence_check_rows_are_not_those_of_the_events() throws InterruptedException {
        violates("ProjectionExact", Parts.real().withDatabases(CarelessDatabase::new));
    }

    @Test
    void without_quarantine_one_command_halts_every_member() throws InterruptedException {
        violates("MembersAlive", Parts.real().withMachines(() -> new UnsafeMachine(Without.QUARANTINE)));
    }

    @Test
    void without_an_incarnation_in_the_tag_a_new_log_uses_a_tag_again() throws InterruptedException {
        violates("NoDuplicateOrder", Parts.real().withIncarnations(_ -> 7));
    }

    @Test
    void without_a_cut_at_the_wish_an_exit_opens() throws InterruptedException {
        violates("ExitsNeverOpen", Parts.real().withMachines(UnsafeEngines::withoutCutAtWish));
    }

    @Test
    void without_a_look_at_dispatch_and_at_each_trade_an_exit_opens() throws InterruptedException {
        violates("ExitsNeverOpen", Parts.real().withMachines(UnsafeEngines::withoutLookAtDispatch));
    }

    @Test
    void without_the_terms_a_strangers_order_is_taken_for_ours() throws InterruptedException {
        violates("StrangersUntouched", Parts.real().withMachines(UnsafeEngines::withoutTerms));
    }

    @Test
    void without_the_second_field_for_the_tag_an_order_is_proved_absent_that_is_there() throws InterruptedException {
        violates("NoLostIntent", Parts.real().withCores(UnsafeBroker.gateways(UnsafeBroker.Without.SECOND_TAG)));
    }

    @Test
    void without_new_prices_what_rests_at_its_cap_rests() throws InterruptedException {
        violates("ExitsAchieved", Parts.real().withMachines(UnsafeEngines::withoutNewPrices));
    }

    @Test
    void without_setting_odd_rows_apart_all_trading_stops() throws InterruptedException {
        violates("TradingGoesOn", Parts.real().withCores(UnsafeBroker.gateways(UnsafeBroker.Without.ODD_ROWS)));
    }

    @Test
    void without_measuring_the_feed_by_its_ticks_a_mute_one_stays() throws InterruptedException {
        violates("TradingGoesOn", Parts.real().withFreshness(_ -> true));
    }

    @Test
    void without_a_bound_on_market_time_one_tick_moves_the_day() throws InterruptedException {
        violates("NoLostIntent", Parts.real().withMachines(UnsafeEngines::withoutBoundOnTime));
    }

    private static void violates(String invariant, Parts parts) throws InterruptedException {
        for (long seed = 1; seed <= MOST_SEEDS; seed++) {
            Campaign.Result result = new Campaign(seed, 1, 1, _ -> {}, parts).run();
            if (!result.failures().isEmpty()) {
                SeedResult found = result.failures().getFirst();
                assertThat(found.violated()).as(found.explanation()).isEqualTo(invariant);
                assertThat(found.explanation()).contains("seed " + seed, "step ", "--from " + seed + " --seeds 1");
                assertThat(found.decisions()).isNotEmpty().hasSizeLessThanOrEqualTo(Diary.LINES);
                return;
            }
        }
        assertThat(MOST_SEEDS)
                .as("seeds in which " + invariant + " held though its safeguard was taken away")
                .isZero();
    }
}
