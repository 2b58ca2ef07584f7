package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

    private static final LedgerEntry.Trade TRADE =
            new LedgerEntry.Trade("1", "261122000000001", "tag1", "INFY", Side.BUY, Product.MIS, 3, 150_005);

    @TempDir
    Path folder;

    @Test
    void a_line_names_its_kind_and_every_field_as_documented() {
        String line = new LedgerLine(7, 11, 13, TRADE).toJson();

        assertThat(line)
                .isEqualTo("{\"number\":7,\"kind\":\"TRADE\",\"atNanos\":11,\"marketNanos\":13,\"tradeId\":\"1\","
                        + "\"orderId\":\"261122000000001\",\"tag\":\"tag1\",\"symbol\":\"INFY\",\"side\":\"BUY\","
                        + "\"product\":\"MIS\",\"quantity\":3,\"pricePaise\":150005}");
    }

    @Test
    void what_is_written_is_read_back_equal() {
        LedgerEntry.Request request = new LedgerEntry.Request(
                "POST", "/orders/regular", "127.0.0.1", "t", null, Map.of("price", "1.5\n\"", "quantity", "1"));

        for (LedgerEntry entry : List.of(TRADE, request, new LedgerEntry.SessionsEnded(null, "why"))) {
            LedgerLine line = new LedgerLine(1, 2, 3, entry);
            assertThat(LedgerLine.parse(line.toJson())).isEqualTo(line);
        }
    }

    @Test
    void a_line_cut_short_by_a_crash_is_cut_off_and_writing_goes_on() throws Exception {
        try (Ledger ledger = new Ledger(folder)) {
            ledger.append(1, 1, TRADE);
            ledger.append(2, 2, TRADE);
        }
        Files.writeString(folder.resolve("ledger.jsonl"), "{\"number\":3,\"kind\":\"TRA", StandardOpenOption.APPEND);

        try (Ledger ledger = new Ledger(folder)) {
            LedgerLine next = ledger.append(3, 3, TRADE);

            assertThat(next.number()).isEqualTo(3);
            ledger.sync(3);
            assertThat(ledger.page(0, 10)).hasSize(3).last().isEqualTo(next.toJson());
        }
    }

    @Test
    void a_last_line_of_zeros_is_cut_off_too() throws Exception {
        try (Ledger ledger = new Ledger(folder)) {
            ledger.append(1, 1, TRADE);
        }
        Files.write(folder.resolve("ledger.jsonl"), new byte[] {0, 0, 0, '\n'}, StandardOpenOption.APPEND);

        try (Ledger ledger = new Ledger(folder)) {
            assertThat(ledger.lastNumber()).isEqualTo(1);
        }
    }

    @Test
    void damage_before_the_end_is_named_by_its_place() throws Exception {
        try (Ledger ledger = new Ledger(folder)) {
            ledger.append(1, 1, TRADE);
        }
        String good = Files.readString(folder.resolve("ledger.jsonl"));
        Files.writeString(folder.resolve("ledger.jsonl"), "nonsense\n" + good);

        try (Ledger ledger = new Ledger(folder)) {
            assertThatThrownBy(() -> ledger.replayLastDay(_ -> {}))
                    .isInstanceOf(Ledger.LedgerFailed.class)
                    .hasMessageContaining("damaged at byte 0");
        }
    }

    @Test
    void pages_are_found_anywhere_in_a_long_file() {
        try (Ledger ledger = new Ledger(folder)) {
            for (int i = 0; i < 2_000; i++) {
                ledger.append(i, i, TRADE);
            }
            ledger.sync(2_000);

            for (long after : new long[] {0, 255, 256, 257, 1_023, 1_997}) {
                List<Long> numbers = ledger.page(after, 3).stream()
                        .map(line -> LedgerLine.parse(line).number())
                        .toList();
                assertThat(numbers).containsExactly(after + 1, after + 2, after + 3);
            }
            assertThat(ledger.page(2_000, 3)).isEmpty();
        }
    }

    @Test
    void what_was_not_forced_is_not_shown() {
        try (Ledger ledger = new Ledger(folder)) {
            ledger.append(1, 1, TRADE);

            assertThat(ledger.page(0, 10)).isEmpty();
        }
    }

    @Test
    void a_rebuild_starts_at_the_last_day() {
        LedgerEntry.Day day = new LedgerEntry.Day(
                java.time.LocalDate.of(2026, 11, 22), "random:1", 5, 5, List.of(), List.of(), List.of(), Map.of());
        try (Ledger ledger = new Ledger(folder)) {
            ledger.append(1, 1, TRADE);
            ledger.append(2, 2, day);
            ledger.append(3, 3, TRADE);
            List<Long> numbers = new ArrayList<>();

            ledger.replayLastDay(line -> numbers.add(line.number()));

            assertThat(numbers).containsExactly(2L, 3L);
        }
    }
}
