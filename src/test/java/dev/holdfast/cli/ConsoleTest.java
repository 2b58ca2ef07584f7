package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private static final String SENTENCE =
            "standby, streams from term 12 (host b), eligible, and so on until it is long";

    @Test
    void a_table_that_fits_has_its_columns_beside_each_other() {
        assertThat(Console.table(List.of(List.of("NAME", "STATE"), List.of("a", "running"))))
                .isEqualToNormalizingNewlines("""
                        NAME  STATE
                        a     running""");
    }

    @Test
    void a_long_last_column_is_broken_between_words_in_its_place() {
        String table = Console.table(List.of(List.of("PROCESS", "DETAIL"), List.of("postgres", SENTENCE + SENTENCE)));

        assertThat(table).isEqualToNormalizingNewlines("""
                PROCESS   DETAIL
                postgres  standby, streams from term 12 (host b), eligible, and so on until it
                          is longstandby, streams from term 12 (host b), eligible, and so on
                          until it is long""");
        assertThat(table.lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void a_last_column_without_room_stands_below_its_row() {
        String wide = "x".repeat(60);

        String table = Console.table(List.of(List.of("NAME", "REASON"), List.of(wide, SENTENCE), List.of("short", "")));

        assertThat(table).isEqualToNormalizingNewlines("""
                NAME
                    REASON
                %s
                    standby, streams from term 12 (host b), eligible, and so on until it is long
                short""".formatted(wide));
    }
}
