package dev.holdfast.agent.postgres;

import dev.holdfast.agent.ServerFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Data directories that were replaced, kept until redundancy is back: {@code data.evidence-1} and so on. */
final class Evidence {

    private static final String PREFIX = "data.evidence-";
    private static final int MOST_KEPT = 2;

    /** Of data that were given up: 64 MiB of WAL, as much as a primary keeps for its standbys. */
    private static final int SEGMENTS_KEPT = 4;

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

    /**
     * Gives up old data for room, and keeps of them what may hold rows that nobody else has: the newest WAL.
     *
     * @param dataDirectory moved aside and given up too, if there is one
     */
    void keepLastWal(Path dataDirectory) throws IOException {
        if (Files.exists(dataDirectory)) {
            keep(dataDirectory);
        }
        for (Path each : kept()) {
            Set<Path> worth = worthKeeping(each);
            deleteBut(each, worth);
        }
    }

    /** By their time: what is named higher may be an old segment that was renamed for later use. */
    private static Set<Path> worthKeeping(Path data) throws IOException {
        Set<Path> worth = new HashSet<>();
        worth.add(data.resolve("global").resolve("pg_control"));
        Path wal = data.resolve("pg_wal");
        if (Files.isDirectory(wal)) {
            List<Path> segments = new ArrayList<>();
            try (Stream<Path> all = Files.list(wal)) {
                for (Path each : all.toList()) {
                    String name = each.getFileName().toString();
                    if (name.matches("[0-9A-F]{24}")) {
                        segments.add(each);
                    } else if (name.endsWith(".history")) {
                        worth.add(each);
                    }
                }
            }
            segments.stream()
                    .sorted(Comparator.comparingLong(
                                    (Path segment) -> segment.toFile().lastModified())
                            .reversed())
                    .limit(SEGMENTS_KEPT)
                    .forEach(worth::add);
        }
        return worth;
    }

    private static void deleteBut(Path folder, Set<Path> worth) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                boolean above = worth.stream().anyMatch(kept -> kept.startsWith(each));
                if (!above) {
                    Files.delete(each);
                }
            }
        }
    }

    /** The size of all evidence, in bytes. */
    long bytes() throws IOException {
        long bytes = 0;
        for (Path each : kept()) {
            bytes += bytes(each);
        }
        return bytes;
    }

    static long bytes(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.mapToLong(each -> each.toFile().isFile() ? each.toFile().length() : 0)
                    .sum();
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
