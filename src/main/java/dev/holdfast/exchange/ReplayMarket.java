package dev.holdfast.exchange;

import dev.holdfast.types.InstrumentKind;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plays recorded days one after another. Market time runs {@code speed} times as fast as the wall in a session. */
final class ReplayMarket implements Market {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayMarket.class);
    private static final int SQUARE_OFF_MINUTES_BEFORE_CLOSE = 10;
    private static final long COARSE_TICK_PAISE = 5;

    /** Tokens of NSE symbols as the broker knows them; other symbols get free numbers above all real ones. */
    private static final Map<String, Integer> KNOWN_EXCHANGE_TOKENS =
            Map.of("NIFTY 50", 1001, "YESBANK", 11915, "JUNIORBEES", 10939);

    private static final int FIRST_FREE_EXCHANGE_TOKEN = 900_001;

    private final TreeMap<LocalDate, List<RecordedFile>> filesByDay;
    private final Map<String, Instrument> instruments = new TreeMap<>();
    private final TreeMap<LocalDate, ReplaySchedule.Day> sessions = new TreeMap<>();
    private final ReplaySchedule schedule;
    private volatile long wallStart;
    private @Nullable DayTape tape;
    private int nextTick;

    ReplayMarket(List<RecordedFile> files, double speed, int skippedFiles) {
        filesByDay = files.stream()
                .collect(Collectors.groupingBy(RecordedFile::day, TreeMap::new, Collectors.toUnmodifiableList()));
        int free = FIRST_FREE_EXCHANGE_TOKEN;
        for (String symbol :
                files.stream().map(RecordedFile::symbol).sorted().distinct().toList()) {
            Integer known = KNOWN_EXCHANGE_TOKENS.get(symbol);
            boolean index = files.stream().anyMatch(file -> file.symbol().equals(symbol) && file.index());
            instruments.put(symbol, instrument(symbol, index, known == null ? free++ : known, COARSE_TICK_PAISE));
        }
        filesByDay.forEach((day, ofDay) -> {
            DayTape read = DayTape.load(day, ofDay, instruments);
            sessions.put(day, new ReplaySchedule.Day(day, read.open(), read.close()));
            refineTickSizes(read);
            LOG.info(
                    "recorded day={} open={} close={} ticks={} droppedRows={} outsideSessionRows={}",
                    day,
                    read.open(),
                    read.close(),
                    read.ticks().size(),
                    read.droppedRows(),
                    read.outsideRows());
        });
        LOG.info("replay days={} instruments={} skippedFiles={}", sessions.size(), instruments.keySet(), skippedFiles);
        schedule = new ReplaySchedule(List.copyOf(sessions.values()), speed);
    }

    /** A symbol whose prices are not all on the coarse step trades in single paise. */
    private void refineTickSizes(DayTape read) {
        for (Tick tick : read.ticks()) {
            Instrument instrument = tick.instrument();
            if (tick instanceof Tick.Traded traded && traded.pricePaise() % COARSE_TICK_PAISE != 0) {
                instruments.put(
                        instrument.symbol(),
                        instrument(instrument.symbol(), instrument.isIndex(), instrument.token() >> 8, 1));
            }
        }
    }

    private static Instrument instrument(String symbol, boolean index, int exchangeToken, long tickPaise) {
        int segment = index ? Instrument.INDEX_SEGMENT : Instrument.EQUITY_SEGMENT;
        InstrumentKind kind = index ? InstrumentKind.INDEX : InstrumentKind.EQUITY;
        return new Instrument(symbol, symbol, exchangeToken * 256 + segment, kind, tickPaise);
    }

    @Override
    public List<Instrument> instruments() {
        return List.copyOf(instruments.values());
    }

    @Override
    public MarketTime at(long wallNanos) {
        return schedule.at(wallNanos - wallStart);
    }

    @Override
    public boolean quotes(Instrument instrument, LocalDate day) {
        return filesByDay.getOrDefault(day, List.of()).stream()
                .anyMatch(file -> file.symbol().equals(instrument.symbol()));
    }

    @Override
    public @Nullable LocalTime squareOffTime(LocalDate day) {
        ReplaySchedule.Day session = sessions.get(day);
        return session == null ? null : session.close().minusMinutes(SQUARE_OFF_MINUTES_BEFORE_CLOSE);
    }

    @Override
    public void begin(long wallNanos, @Nullable Long resumeNanos, Map<String, Long> lastPaise) {
        wallStart = resumeNanos == null ? wallNanos : wallNanos - schedule.elapsedAt(resumeNanos);
        MarketTime now = at(wallNanos);
        load(now.day());
        List<Tick> ticks = tape().ticks();
        // What was played before a restart is not played again.
        while (resumeNanos != null
                && nextTick < ticks.size()
                && ticks.get(nextTick).nanos() <= now.nanos()) {
            nextTick++;
        }
        LOG.info("replay begins day={} marketTime={} phase={}", now.day(), Ist.text(now.nanos()), now.phase());
    }

    @Override
    public long advance(long wallNanos, Consumer<Tick> sink) {
        MarketTime now = at(wallNanos);
        if (!now.day().equals(tape().day())) {
            load(now.day());
        }
        List<Tick> ticks = tape().ticks();
        while (nextTick < ticks.size() && ticks.get(nextTick).nanos() <= now.nanos()) {
            sink.accept(ticks.get(nextTick++));
        }
        return nextTick < ticks.size()
                ? wallStart + schedule.elapsedAt(ticks.get(nextTick).nanos())
                : Long.MAX_VALUE;
    }

    private void load(LocalDate day) {
        tape = DayTape.load(day, new ArrayList<>(filesByDay.getOrDefault(day, List.of())), instruments);
        nextTick = 0;
    }

    private DayTape tape() {
        if (tape == null) {
            throw new IllegalStateException("the replay has not begun");
        }
        return tape;
    }
}
