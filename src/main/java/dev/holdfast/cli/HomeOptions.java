package dev.holdfast.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What every command takes. */
final class HomeOptions {

    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            defaultValue = "run",
            description = "configuration, secrets, data and logs of one system (default: ${DEFAULT-VALUE})")
    private Path home = Path.of("run");

    @Option(names = "--json", description = "print exactly one JSON document on stdout, all else on stderr")
    private boolean json;

    Path home() {
        return home.toAbsolutePath().normalize();
    }

    /**
     * The option for this home, for commands that a message suggests: empty for the default home, otherwise with a space before
     * it.
     */
    String argument() {
        return home.equals(Path.of("run")) ? "" : " --home " + home;
    }

    boolean json() {
        return json;
    }

    Console console() {
        return new Console(System.out, System.err, json);
    }
}
