package dev.holdfast.exchange;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * All ticks of one recorded day in order of time.
 *
 * @param open start of the session
 * @param close its end: ticks lie in [open, close)
 * @param droppedRows rows that made no sense
 * @param outsideRows good rows before the open or after the close
 */
record DayTape(LocalDate day, LocalTime open, LocalTime close, List<Tick> ticks, int droppedRows, int outsideRows) {

    private static final LocalTime NSE_OPEN = LocalTime.of(9, 15);
    private static final LocalTime NSE_CLOSE = LocalTime.of(15, 30);
    private static final LocalTime LAST_MINUTE = LocalTime.of(23, 59);

    /** When within its minute a bar's four prices are shown; the last just before the minute ends. */
    private static final int[] BAR_OFFSETS_MILLIS = {0, 20_000, 40_000, 59_000};

    /**
     * Reads a day. Bars bring NSE's session of 09:15 to 15:30; a day of ticks alone trades from its first to its last
     * minute, as the data comes from markets with other hours.
     *
     * @param instruments by symbol
     */
    static DayTape load(LocalDate day, List<RecordedFile> files, Map<String, Instrument> instruments) {
        boolean bars = files.stream().anyMatch(file -> file.form() == RecordedFile.Form.MINUTE);
        long midnight = Ist.nanos(day, LocalTime.MIDNIGHT);
        List<Tick> ticks = new ArrayList<>();
        int dropped = 0;
        for (RecordedFile file : files) {
            Instrument instrument = instruments.get(file.symbol());
            if (instrument == null) {
                throw new IllegalArgumentException("no instrument was made for " + file);
            }
            RecordedRows read = RecordedRows.read(file);
            dropped += read.dropped();
            for (RecordedRows.Row row : read.rows()) {
                long nanos = midnight + row.millis() * Ist.NANOS_PER_MILLI;
                switch (row) {
                    case RecordedRows.Row.Bar bar -> expand(instrument, nanos, bar, ticks);
                    case RecordedRows.Row.Trade trade ->
                        ticks.add(new Tick.Traded(instrument, nanos, trade.pricePaise(), trade.quantity()));
                    case RecordedRows.Row.Quote quote ->
                        ticks.add(new Tick.Quoted(
                                instrument,
                                nanos,
                                quote.bidPaise(),
                                quote.bidQuantity(),
                                quote.askPaise(),
                                quote.askQuantity()));
                }
            }
        }
        if (ticks.isEmpty()) {
            throw new IllegalArgumentException(
                    "the recorded day " + day + " has no usable row (" + dropped + " were dropped) in " + files);
        }
        // The recorded files are not quite in order; the sort is stable, so equal times keep theirs.
        ticks.sort(Comparator.comparingLong(Tick::nanos));
        LocalTime open = bars ? NSE_OPEN : minute(ticks.getFirst().nanos());
        LocalTime close = bars ? NSE_CLOSE : minuteAfter(ticks.getLast().nanos());
        long openNanos = Ist.nanos(day, open);
        long closeNanos = Ist.nanos(day, close);
        int all = ticks.size();
        ticks.removeIf(tick -> tick.nanos() < openNanos || tick.nanos() >= closeNanos);
        return new DayTape(day, open, close, List.copyOf(ticks), dropped, all - ticks.size());
    }

    private static void expand(Instrument instrument, long nanos, RecordedRows.Row.Bar bar, List<Tick> ticks) {
        boolean rising = bar.close() >= bar.open();
        long[] prices = {bar.open(), rising ? bar.low() : bar.high(), rising ? bar.high() : bar.low(), bar.close()};
        long part = bar.volume() / prices.length;
        for (int i = 0; i < prices.length; i++) {
            long quantity = i == prices.length - 1 ? bar.volume() - part * (prices.length - 1) : part;
            ticks.add(new Tick.Traded(
                    instrument, nanos + BAR_OFFSETS_MILLIS[i] * Ist.NANOS_PER_MILLI, prices[i], quantity));
        }
    }

    private static LocalTime minute(long nanos) {
        return Ist.at(nanos).toLocalTime().truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
    }

    private static LocalTime minuteAfter(long nanos) {
        LocalTime minute = minute(nanos);
        return minute.isBefore(LAST_MINUTE) ? minute.plusMinutes(1) : LAST_MINUTE;
    }
}
