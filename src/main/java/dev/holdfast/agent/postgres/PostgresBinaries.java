package dev.holdfast.agent.postgres;

import dev.holdfast.agent.ShortCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * PostgreSQL's programs on this machine.
 *
 * @param folder where postgres, initdb, pg_basebackup and pg_verifybackup are
 */
public record PostgresBinaries(Path folder, int majorVersion) {

    static final int OLDEST_MAJOR_VERSION = 15;

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final Duration VERSION_LIMIT = Duration.ofSeconds(10);
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    /** Looks on the PATH, then in Debian's folders, newest first. */
    public static PostgresBinaries find() throws IOException, InterruptedException {
        List<String> refused = new ArrayList<>();
        for (Path folder : candidates()) {
            if (!Files.isExecutable(folder.resolve("postgres")) || !Files.isExecutable(folder.resolve("initdb"))) {
                continue;
            }
            int majorVersion = majorVersion(folder);
            if (majorVersion >= OLDEST_MAJOR_VERSION
                    && Files.isExecutable(folder.resolve("pg_basebackup"))
                    && Files.isExecutable(folder.resolve("pg_verifybackup"))) {
                return new PostgresBinaries(folder.toRealPath(), majorVersion);
            }
            refused.add(folder + " (version " + majorVersion + ")");
        }
        throw new IOException("no PostgreSQL " + OLDEST_MAJOR_VERSION
                + " or later with postgres, initdb, pg_basebackup and pg_verifybackup found on the PATH or in " + DEBIAN
                + "; found "
                + refused + "; install it, on Debian with 'apt-get install postgresql'");
    }

    String program(String name) {
        return folder.resolve(name).toString();
    }

    private static List<Path> candidates() throws IOException {
        List<Path> candidates = new ArrayList<>();
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isBlank()) {
                candidates.add(Path.of(folder));
            }
        }
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                versions.filter(version -> version.getFileName().toString().matches("\\d+"))
                        .sorted(Comparator.comparingInt((Path version) ->
                                        Integer.parseInt(version.getFileName().toString()))
                                .reversed())
                        .map(version -> version.resolve("bin"))
                        .forEach(candidates::add);
            }
        }
        return candidates;
    }

    private static int majorVersion(Path folder) throws IOException, InterruptedException {
        ShortCommand.Result result =
                ShortCommand.run(List.of(folder.resolve("postgres").toString(), "--version"), VERSION_LIMIT);
        Matcher version = VERSION.matcher(result.output());
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
    }
}
