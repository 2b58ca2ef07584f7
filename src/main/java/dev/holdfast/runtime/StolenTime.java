package dev.holdfast.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a virtual machine's host took of its processors' time since some moment: a measurement during which much was taken says
 * more about the host than about us.
 */
public final class StolenTime {

    private static final Path TICKS = Path.of("/proc/stat");

    /** Of the line's figures, the eighth; those behind it are parts of the first two. */
    private static final int STOLEN = 8;

    private final long[] begin = ticks();

    /** A share of all processor time since this was made, idle time included; from 0 to 1. */
    public double share() {
        long[] now = ticks();
        long all = 0;
        for (int kind = 1; kind <= STOLEN; kind++) {
            all += now[kind] - begin[kind];
        }
        return all <= 0 ? 0 : (now[STOLEN] - begin[STOLEN]) / (double) all;
    }

    /** As a whole percentage, in words. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%.0f %% of the processors' time was taken by the machine's host", 100 * share());
    }

    private static long[] ticks() {
        try {
            String[] words = Files.readAllLines(TICKS).getFirst().split(" +", -1);
            long[] ticks = new long[STOLEN + 1];
            for (int kind = 1; kind <= STOLEN; kind++) {
                ticks[kind] = Long.parseLong(words[kind]);
            }
            return ticks;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + TICKS, unreadable);
        }
    }
}
