package dev.holdfast.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.log.EventReader;
import dev.holdfast.protocol.Event;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFileTest {

    private static final long SEED = Long.getLong("seed", 42);

    @TempDir
    Path home;

    private final FakeLog log = new FakeLog();
    private final SeededTrading trading = new SeededTrading(log, SEED);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @BeforeEach
    void trade() {
        trading.begin();
        for (int i = 0; i < 50; i++) {
            trading.trade();
        }
        trading.leaveOneOpen();
        trading.checkpoint();
    }

    @Test
    void it_tells_where_trading_stands() throws Exception {
        writeOnce();

        TradingState state = StateFile.read(StateFile.path(home));

        assertThat(state.sequence()).isEqualTo(log.last());
        assertThat(state.day()).isEqualTo(SeededTrading.DAY);
        assertThat(state.positions())
                .hasSize(trading.positions())
                .allMatch(p -> p.instrument().startsWith("NSE:STOCK"));
        assertThat(state.liveOrders())
                .singleElement()
                .matches(order -> order.state().equals("WORKING"));
    }

    @Test
    void it_is_not_worth_writing_while_nothing_changes_but_prices() {
        TradingStateModel model = new TradingStateModel();
        try (EventReader<Event> reader = log.readAfter(0)) {
            readAll(reader, model);
            model.written();

            trading.tick();
            trading.tick();
            readAll(reader, model);
            assertThat(model.isWorthWriting()).isFalse();

            trading.leaveOneOpen();
            readAll(reader, model);
            assertThat(model.isWorthWriting()).isTrue();
        }
    }

    private void readAll(EventReader<Event> reader, TradingStateModel model) {
        while (reader.sequence() < log.last()) {
            reader.poll(model::apply, 1_000, Duration.ofSeconds(1));
        }
    }

    @Test
    void a_cut_or_changed_file_is_known() throws Exception {
        writeOnce();
        Path file = StateFile.path(home);
        String whole = Files.readString(file);
        SplittableRandom random = new SplittableRandom(SEED);

        for (int i = 0; i < 50; i++) {
            Files.writeString(file, whole.substring(0, random.nextInt(whole.length() - 2)));
            assertThatThrownBy(() -> StateFile.read(file)).as("seed " + SEED).isInstanceOf(IOException.class);
        }
        Files.writeString(file, whole.replace("NSE:STOCK1", "NSE:STOCK2"));

        assertThatThrownBy(() -> StateFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("SHA-256")
                .hasMessageContaining("delete it");
    }

    @Test
    void what_cannot_be_written_is_counted_and_the_old_file_stays() throws Exception {
        writeOnce();
        String before = Files.readString(StateFile.path(home));
        // A folder in the way of the new file fails as a full disk does, for root too.
        Files.createDirectories(home.resolve("state/trading_state.json.a/in the way"));

        try (StateFile file = new StateFile("a", home, log, metrics, Duration.ZERO)) {
            file.start();
            Await.until(
                    "the failure",
                    () -> metrics.counter("holdfast.state.file.failures").count() >= 1);
        }

        assertThat(Files.readString(StateFile.path(home))).isEqualTo(before);
        StateFile.read(StateFile.path(home));
    }

    @Test
    void a_file_that_was_removed_or_altered_is_written_again_though_nothing_changed() throws Exception {
        try (StateFile file = new StateFile("a", home, log, metrics, Duration.ZERO)) {
            file.start();
            Await.until("the file", () -> Files.exists(StateFile.path(home)));

            Files.delete(StateFile.path(home));
            Await.until("it is back", () -> Files.exists(StateFile.path(home)));

            Files.writeString(StateFile.path(home), "{}");
            Await.until("it is whole", () -> {
                try {
                    return StateFile.read(StateFile.path(home)).sequence() > 0;
                } catch (IOException notYet) {
                    return false;
                }
            });
        }
    }

    @Test
    void a_file_that_cannot_be_written_is_a_problem_until_it_can_be() throws Exception {
        Path inTheWay = home.resolve("state/trading_state.json.a/in the way");
        Files.createDirectories(inTheWay);
        try (StateFile file = new StateFile("a", home, log, metrics, Duration.ZERO)) {
            file.start();
            Await.until("the problem", () -> file.problem().contains("was not written"));

            Files.delete(inTheWay);
            Files.delete(inTheWay.getParent());

            Await.until("it is over", () -> file.problem().isEmpty());
        }
        StateFile.read(StateFile.path(home));
    }

    @Test
    void a_newer_state_of_another_gateway_is_not_replaced() throws Exception {
        writeOnce();
        String newer = StateDocument.write(atLogTime(StateFile.read(StateFile.path(home)), Long.MAX_VALUE));
        Files.writeString(StateFile.path(home), newer);

        try (StateFile file = new StateFile("b", home, log, metrics, Duration.ZERO)) {
            file.start();
        }

        assertThat(Files.readString(StateFile.path(home))).isEqualTo(newer);
    }

    private static TradingState atLogTime(TradingState state, long logTimeNanos) {
        return new TradingState(
                state.sequence(),
                state.chainHash(),
                logTimeNanos,
                state.day(),
                state.dayPhase(),
                state.positions(),
                state.liveOrders(),
                state.strategies(),
                state.switches());
    }

    private void writeOnce() throws InterruptedException {
        try (StateFile file = new StateFile("a", home, log, new SimpleMeterRegistry())) {
            file.start();
            Await.until("the file", () -> Files.exists(StateFile.path(home)));
        }
    }
}
