package dev.holdfast.exchange;

import java.nio.file.Path;
import java.util.ArrayList;
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
     * The instruments of a folder of recorded days, or of one file, equities first.
     *
     * @throws IllegalArgumentException if there is not one recorded day
     */
    public static List<Listed> instruments(Path market) {
        return RecordedFile.find(market, new ArrayList<>()).stream()
                .map(file -> new Listed(Instrument.EXCHANGE + ":" + file.symbol(), file.index()))
                .distinct()
                .sorted((a, b) -> a.index() == b.index() ? a.name().compareTo(b.name()) : a.index() ? 1 : -1)
                .toList();
    }
}
