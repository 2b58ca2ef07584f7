package dev.holdfast.exchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a recorded market holds, before it is played. */
public final class RecordedMarket {

    private RecordedMarket() {}

    /**
     * An instrument of the recording.
     *
     * @param name EXCHANGE:SYMBOL
     * @param index whether it can only be watched
     */
    public record Listed(String name, boolean index) {}

    /**
     * The instruments of a folder of recorded days, or of one file: equities first, and of these what trades on the first
     * recorded day.
     *
     * @throws IllegalArgumentException if there is not one recorded day
     */
    public static List<Listed> instruments(Path market) {
        return RecordedFile.find(market, new ArrayList<>()).stream()
                .sorted(Comparator.comparing(RecordedFile::index)
                        .thenComparing(RecordedFile::day)
                        .thenComparing(RecordedFile::symbol))
                .map(file -> new Listed(Instrument.EXCHANGE + ":" + file.symbol(), file.index()))
                .distinct()
                .toList();
    }
}
