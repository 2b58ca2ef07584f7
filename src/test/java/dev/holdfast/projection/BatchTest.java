package dev.holdfast.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BatchTest {

    private final FakeLog log = new FakeLog();
    private final SeededTrading trading = new SeededTrading(log, 42);
    private final Batch batch = new Batch(new EventHeader(0, 0, 0), Map.of());

    @Test
    void an_order_has_one_row_and_each_of_its_changes_a_line_of_history() {
        trading.begin();
        trading.leaveOneOpen();
        trading.leaveOneOpen();

        addAll();

        assertThat(batch.rows(Tables.ORDERS)).hasSize(2);
        assertThat(batch.rows(Tables.ORDER_HISTORY)).hasSize(4);
    }

    @Test
    void what_a_checkpoint_repeats_is_skipped() {
        trading.begin();
        trading.leaveOneOpen();
        trading.checkpoint();
        trading.checkpoint();

        addAll();

        assertThat(batch.rows(Tables.ORDER_HISTORY)).hasSize(2);
        assertThat(batch.last().sequence()).isEqualTo(log.last());
    }

    @Test
    void it_may_end_on_a_digest_or_while_no_order_trade_or_position_waits() {
        trading.begin();
        addAll();
        assertThat(batch.mayEnd()).isTrue();

        add(new Event.OperatorActed("operator", "note", "", "because", "accepted"));
        add(new Event.CheckpointStarted());
        assertThat(batch.mayEnd()).as("within a checkpoint").isFalse();

        add(new Event.CheckpointEnded());
        assertThat(batch.mayEnd()).as("only a line of audit waits").isTrue();

        add(new Event.PositionChanged(1, Product.MIS, 1, 1, 0, 100, 0, 1, 0));
        assertThat(batch.mayEnd()).as("a position waits").isFalse();

        add(new Event.Digest(0, 0, 0));
        assertThat(batch.endsOnDigest()).isTrue();
        assertThat(batch.mayEnd()).isTrue();
    }

    @Test
    void a_trade_told_twice_is_written_once_and_the_first_stays() {
        trading.begin();
        addAll();

        add(trade(100));
        add(trade(200));

        assertThat(batch.rows(Tables.TRADES))
                .singleElement()
                .satisfies(row -> assertThat(row[8]).isEqualTo(100L));
    }

    @Test
    void a_trade_of_an_unknown_instrument_is_an_error_that_names_it() {
        assertThatThrownBy(() -> add(trade(100)))
                .hasMessageContaining("instrument 1")
                .hasMessageContaining("event 1");
    }

    @Test
    void a_cleared_batch_still_knows_where_it_stands() {
        trading.begin();
        addAll();

        batch.clear();

        assertThat(batch.size()).isZero();
        assertThat(batch.last().sequence()).isEqualTo(log.last());
        add(trade(100));
        assertThat(batch.size()).isEqualTo(1);
    }

    private static Event.TradeBooked trade(long pricePaise) {
        return new Event.TradeBooked(1, 1, 1, Side.BUY, Product.MIS, 1, pricePaise, 1, "T1", "B1", "");
    }

    private void add(Event event) {
        batch.add(new EventHeader(batch.last().sequence() + 1, 0, 0), event);
    }

    private void addAll() {
        log.entries().stream().skip(batch.last().sequence()).forEach(entry -> batch.add(entry.header(), entry.event()));
    }
}
