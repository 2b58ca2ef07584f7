package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.TradingVerdict.Trading;
import dev.holdfast.cli.TradingVerdict.Word;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TradingVerdictTest {

    private static final String SILENCE = "the engine did not answer within 4 s";

    private static final Word CAN = new Word(TradingVerdict.ENGINE, true, "", 0);
    private static final Word NO_MAJORITY = new Word("the traders", false, "no leader", 0);

    @Test
    void the_engines_own_answer_counts_before_all_else() {
        TradingVerdict verdict = TradingVerdict.of(
                Optional.of(CAN), Optional.of(NO_MAJORITY), List.of(gateway(false, "the feed is stale", 100)), SILENCE);

        assertThat(verdict).isEqualTo(new TradingVerdict(Trading.CAN, "", TradingVerdict.ENGINE));
    }

    @Test
    void an_engine_that_is_silent_on_a_busy_machine_is_not_said_to_be_unable_to_trade() {
        TradingVerdict verdict = TradingVerdict.of(Optional.empty(), Optional.empty(), List.of(), SILENCE);

        assertThat(verdict.trading()).isEqualTo(Trading.UNKNOWN);
        assertThat(verdict.reason()).contains(SILENCE, "ask again");
        assertThat(verdict.source()).isEmpty();
    }

    @Test
    void the_newest_word_that_another_process_heard_stands_in_for_the_engine() {
        TradingVerdict verdict = TradingVerdict.of(
                Optional.empty(),
                Optional.empty(),
                List.of(gateway(false, "the feed is stale", 2_900), gateway(true, "", 800)),
                SILENCE);

        assertThat(verdict).isEqualTo(new TradingVerdict(Trading.CAN, "", "the gateway of host b"));
    }

    @Test
    void a_word_that_is_old_is_told_and_decides_nothing() {
        TradingVerdict verdict = TradingVerdict.of(
                Optional.empty(), Optional.empty(), List.of(gateway(false, "the feed is stale", 3_001)), SILENCE);

        assertThat(verdict.trading()).isEqualTo(Trading.UNKNOWN);
        assertThat(verdict.reason()).contains("host b last heard that we cannot trade (the feed is stale), 3 s ago");
    }

    @Test
    void without_a_majority_of_members_what_was_heard_before_is_over() {
        TradingVerdict verdict =
                TradingVerdict.of(Optional.empty(), Optional.of(NO_MAJORITY), List.of(gateway(true, "", 900)), SILENCE);

        assertThat(verdict).isEqualTo(new TradingVerdict(Trading.CANNOT, "no leader", "the traders"));
    }

    private static Word gateway(boolean canTrade, String reason, long ageMillis) {
        return new Word("the gateway of host b", canTrade, reason, ageMillis);
    }
}
