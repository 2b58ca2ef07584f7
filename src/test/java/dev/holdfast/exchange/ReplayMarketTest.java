package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayMarketTest {

    private static final long START = 1_000 * Ist.NANOS_PER_SECOND;
    private static final double SPEED = 60;
    private static final LocalDate FIRST_DAY = LocalDate.of(2019, 1, 1);

    @TempDir
    Path folder;

    private final List<Tick> ticks = new ArrayList<>();

    @BeforeEach
    void record() {
        zip("yesbank-20190101-minute.zip", """
                33300000,950000,951000,949000,950500,403
                55740000,950000,950000,950000,950000,8
                56400000,950000,950000,950000,950000,8
                garbage
                """);
        zip("nifty50-20190101-minute.zip", "33300000,10881.7,10885.3,10880.3,10884.1,0\n");
        zip("yesbank-20190103-minute.zip", "33300000,960000,960000,960000,960000,4\n");
    }

    private void zip(String name, String csv) {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            zip.putNextEntry(new ZipEntry("data.csv"));
            zip.write(csv.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Market begun() {
        Market market = Markets.open(folder.toString(), SPEED);
        market.begin(START, null, Map.of());
        return market;
    }

    private static long seconds(double seconds) {
        return START + (long) (seconds * Ist.NANOS_PER_SECOND);
    }

    @Test
    void a_bar_becomes_four_prices_and_its_whole_volume_in_a_minute_of_market_time() {
        Market market = begun();
        market.advance(seconds(5 + 1), ticks::add);

        List<Tick.Traded> traded = ticks.stream()
                .filter(tick -> tick.instrument().symbol().equals("YESBANK"))
                .map(Tick.Traded.class::cast)
                .toList();

        assertThat(traded.stream().map(Tick.Traded::pricePaise)).containsExactly(9_500L, 9_490L, 9_510L, 9_505L);
        assertThat(traded.stream().mapToLong(Tick.Traded::quantity).sum()).isEqualTo(403);
        assertThat(ticks).hasSize(8);
    }

    @Test
    void days_follow_one_another_with_their_phases() {
        Market market = begun();
        double session = 375 * 60 / SPEED;

        assertThat(market.at(seconds(1)).phase()).isEqualTo(Phase.PREOPEN);
        assertThat(market.at(seconds(5)).nanos()).isEqualTo(Ist.nanos(FIRST_DAY, LocalTime.of(9, 15)));
        assertThat(market.at(seconds(6)).nanos()).isEqualTo(Ist.nanos(FIRST_DAY, LocalTime.of(9, 16)));
        MarketTime closed = market.at(seconds(5 + session + 1));
        assertThat(closed.phase()).isEqualTo(Phase.CLOSED);
        assertThat(closed.nanos()).isGreaterThan(Ist.nanos(FIRST_DAY, LocalTime.of(15, 30)));
        assertThat(market.at(seconds(5 + session + 16)).day()).isEqualTo(FIRST_DAY.plusDays(2));
        MarketTime end = market.at(seconds(1_000_000));
        assertThat(end.phase()).isEqualTo(Phase.CLOSED);
        assertThat(end.day()).isEqualTo(FIRST_DAY.plusDays(2));
    }

    @Test
    void rows_outside_the_session_are_not_played() {
        Market market = begun();
        market.advance(seconds(5 + 375 * 60 / SPEED + 14), ticks::add);

        assertThat(ticks).hasSize(12);
    }

    @Test
    void a_restart_goes_on_where_the_market_stood() {
        Market market = Markets.open(folder.toString(), SPEED);
        long noon = Ist.nanos(FIRST_DAY, LocalTime.NOON);
        market.begin(START, noon, Map.of());
        market.advance(START, ticks::add);

        assertThat(market.at(START).nanos()).isEqualTo(noon);
        assertThat(ticks).isEmpty();
    }

    @Test
    void an_instrument_quotes_only_on_its_recorded_days() {
        Market market = begun();
        Instrument index = market.instruments().stream()
                .filter(Instrument::isIndex)
                .findFirst()
                .orElseThrow();

        assertThat(index.symbol()).isEqualTo("NIFTY 50");
        assertThat(market.quotes(index, FIRST_DAY)).isTrue();
        assertThat(market.quotes(index, FIRST_DAY.plusDays(2))).isFalse();
    }

    @Test
    void a_day_of_trades_alone_is_open_from_its_first_to_its_last_minute() {
        zip("ibm-20131007-trades.zip", "14400688,491800,300,P,2000,0\n71997520,487900,200,P,2000,0\n");
        Market market = Markets.open(folder.resolve("ibm-20131007-trades.zip").toString(), SPEED);
        market.begin(START, null, Map.of());

        assertThat(market.at(seconds(5)).nanos()).isEqualTo(Ist.nanos(LocalDate.of(2013, 10, 7), LocalTime.of(4, 0)));
        assertThat(market.squareOffTime(LocalDate.of(2013, 10, 7))).isEqualTo(LocalTime.of(19, 50));
    }
}
