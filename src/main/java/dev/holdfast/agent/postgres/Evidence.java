package dev.holdfast.agent.postgres;

import dev.holdfast.agent.ServerFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Data directories that were replaced, kept until redundancy is back: {@code data.evidence-1} and so on. */
final class Evidence {

    private static final String PREFIX = "data.evidence-";
    private static final int MOST_KEPT = 2;

    private final Path folder;

    Evidence(Path folder) {
        this.folder = folder;
    }

    /** Moves a data directory aside; the oldest evidence beyond the bound goes. */
    void keep(Path dataDirectory) throws IOException {
        List<Path> kept = kept();
        long number = kept.isEmpty() ? 1 : number(kept.getLast()) + 1;
        Files.move(dataDirectory, folder.resolve(PREFIX + number), StandardCopyOption.ATOMIC_MOVE);
        List<Path> all = kept();
        for (Path old : all.subList(0, Math.max(0, all.size() - MOST_KEPT))) {
            ServerFolder.deleteUnfinished(old);
        }
    }

    void forget() throws IOException {
        for (Path each : kept()) {
            ServerFolder.deleteUnfinished(each);
        }
    }

    /** Oldest first. */
    private List<Path> kept() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(each -> each.getFileName().toString().matches(PREFIX + "\\d{1,9}"))
                    .sorted(Comparator.comparingLong(Evidence::number))
                    .toList();
        }
    }

    private static long number(Path evidence) {
        return Long.parseLong(evidence.getFileName().toString().substring(PREFIX.length()));
    }
}
