package dev.holdfast.bench.patroni;

import dev.holdfast.agent.ShortCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Patroni's and etcd's programs on this machine.
 *
 * @param version as Patroni names it
 */
record PatroniPrograms(String patroni, String etcd, String version) {

    /** What brings them on Debian. */
    static final String INSTALL = "apt-get install --no-install-recommends patroni etcd-server";

    private static final Duration VERSION_LIMIT = Duration.ofSeconds(20);

    /** Empty when one of them is missing. */
    static Optional<PatroniPrograms> find() throws IOException, InterruptedException {
        Optional<String> patroni = onPath("patroni");
        Optional<String> etcd = onPath("etcd");
        if (patroni.isEmpty() || etcd.isEmpty()) {
            return Optional.empty();
        }
        String[] words = ShortCommand.run(List.of(patroni.get(), "--version"), VERSION_LIMIT)
                .output()
                .strip()
                .split("\\s+", -1);
        return Optional.of(new PatroniPrograms(patroni.get(), etcd.get(), words[words.length - 1]));
    }

    private static Optional<String> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
