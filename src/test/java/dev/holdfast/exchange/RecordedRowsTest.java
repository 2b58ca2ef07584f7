package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedRowsTest {

    @TempDir
    Path folder;

    @Test
    void bars_become_paise() {
        RecordedRows equity = read(RecordedFile.Form.MINUTE, false, "33300000,2900000,2920000,2900000,2920000,3");
        RecordedRows index = read(RecordedFile.Form.MINUTE, true, "33300000,10881.7,10885.35,10881.7,10885.3,0");

        assertThat(equity.rows())
                .containsExactly(new RecordedRows.Row.Bar(33_300_000, 29_000, 29_200, 29_000, 29_200, 3));
        assertThat(index.rows())
                .containsExactly(new RecordedRows.Row.Bar(33_300_000, 1_088_170, 1_088_535, 1_088_170, 1_088_530, 0));
    }

    @Test
    void garbage_is_dropped_and_counted() {
        RecordedRows trades = read(
                RecordedFile.Form.TRADES,
                false,
                "14400688,491800,300,P,2000,0",
                "14400688,0,300,P,2000,0",
                "14400688,491800,0,P,2000,0",
                "14400688,491800,300,P,2000,1",
                "14400688,-491800,300,P,2000,0",
                "99999999,491800,300,P,2000,0",
                "14400688,1e999999999,300,P,2000,0",
                "14400688,491800,300",
                "",
                "a,b,c,d,e,f",
                "x".repeat(5_000));

        assertThat(trades.rows()).containsExactly(new RecordedRows.Row.Trade(14_400_688, 4_918, 300));
        assertThat(trades.dropped()).isEqualTo(10);
    }

    @Test
    void a_one_sided_quote_keeps_the_other_side_and_a_crossed_one_is_dropped() {
        RecordedRows quotes = read(
                RecordedFile.Form.QUOTES,
                false,
                "1,1800100,300,0,0,P,1,0",
                "2,,,1818000,100,P,1,0",
                "3,0,0,1816000,200,P,1,0",
                "4,1820000,300,0,0,P,1,0",
                "5,1801000,400,0,0,P,1,0");

        assertThat(quotes.rows())
                .containsExactly(
                        new RecordedRows.Row.Quote(2, 18_001, 300, 18_180, 100),
                        new RecordedRows.Row.Quote(3, 18_001, 300, 18_160, 200),
                        new RecordedRows.Row.Quote(5, 18_010, 400, 18_160, 200));
        assertThat(quotes.dropped()).isEqualTo(2);
    }

    @Test
    void a_bar_whose_low_is_above_its_open_is_dropped() {
        assertThat(read(RecordedFile.Form.MINUTE, false, "1,10000,12000,11000,11500,3")
                        .dropped())
                .isEqualTo(1);
    }

    @Test
    void a_folder_without_recorded_days_says_what_it_expects() throws Exception {
        Files.writeString(folder.resolve("README.md"), "nothing");

        assertThatThrownBy(() -> RecordedFile.find(folder, new ArrayList<>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SYMBOL-YYYYMMDD-minute.zip")
                .hasMessageContaining("README.md");
    }

    @Test
    void a_file_that_is_no_zip_is_named() throws Exception {
        Path file = Files.writeString(folder.resolve("infy-20190101-minute.zip"), "not a zip");

        assertThatThrownBy(() -> Markets.open(file.toString(), 1)).hasMessageContaining("is not a zip file");
    }

    @Test
    void bad_market_specifications_are_explained() {
        assertThatThrownBy(() -> Markets.open("random:x", 1)).hasMessageContaining("random:42");
        assertThatThrownBy(() -> Markets.open("/no/such/folder", 1)).hasMessageContaining("does not exist");
    }

    private static RecordedRows read(RecordedFile.Form form, boolean index, String... lines) {
        return RecordedRows.read(new BufferedReader(new StringReader(String.join("\n", lines))), form, index);
    }
}
