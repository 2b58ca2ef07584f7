package dev.holdfast.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which release wrote which of a member's events, in a file beside its log: a line for each change of release. Only the release
 * that wrote events is known to write them again.
 */
public final class ReleaseHistory {

    private final Path file;

    public ReleaseHistory(Path traderFolder) {
        this.file = traderFolder.resolve("releases.txt");
    }

    /** @param afterSequence the last event older than this release's first */
    private record Line(String release, long afterSequence) {}

    /** Notes that from here on this release writes. */
    void started(String release, long afterSequence, Instant now) {
        List<Line> lines = lines();
        if (!lines.isEmpty() && lines.getLast().release.equals(release)) {
            return;
        }
        try {
            Files.writeString(
                    file,
                    release + " after " + afterSequence + " since " + now + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write " + file, failure);
        }
    }

    /** The releases that wrote events above the first sequence up to the second, in order; empty when that is unknown. */
    public List<String> writers(long afterSequence, long toSequence) {
        List<Line> lines = lines();
        List<String> writers = new ArrayList<>();
        for (int index = 0; index < lines.size(); index++) {
            long from = lines.get(index).afterSequence;
            long to = index + 1 < lines.size() ? lines.get(index + 1).afterSequence : Long.MAX_VALUE;
            boolean any = Math.max(from, afterSequence) < Math.min(to, toSequence);
            if (any && !writers.contains(lines.get(index).release)) {
                writers.add(lines.get(index).release);
            }
        }
        return writers;
    }

    private List<Line> lines() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> line.split(" ", -1))
                    .filter(words -> words.length >= 3) // a line that was being written when the machine died
                    .map(words -> new Line(words[0], Long.parseLong(words[2])))
                    .toList();
        } catch (IOException | NumberFormatException unreadable) {
            throw new IllegalStateException(
                    file + " cannot be read; expected lines 'RELEASE after SEQUENCE since TIME'", unreadable);
        }
    }
}
