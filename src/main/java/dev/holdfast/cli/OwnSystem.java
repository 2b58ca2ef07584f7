package dev.holdfast.cli;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.drill.Warden;
import dev.holdfast.runtime.Configuration.Fsync;
import dev.holdfast.runtime.ConfigurationFile;
import dev.holdfast.runtime.Folders;
import dev.holdfast.runtime.JavaCommand;
import dev.holdfast.runtime.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A whole system that a measurement brings along: in a folder and on addresses of its own, gone afterwards. */
final class OwnSystem implements AutoCloseable {

    /** After our death; what cannot be ended is left for a person to see, with its folder. */
    private static final String TIDY = """
            folder=$1 outside=$2 scratch=$3
            shift 3
            "$@" && rm -rf -- "$folder" "$outside" "$scratch"*
            """;

    private final Home home;
    private final Console console;
    private final Warden warden;

    private OwnSystem(Home home, Console console, Warden warden) {
        this.home = home;
        this.console = console;
        this.warden = warden;
    }

    /**
     * Its log counts as written when the operating system has it.
     *
     * @param addresses first three parts of the loopback addresses
     */
    static OwnSystem start(String addresses, Console console) throws IOException, InterruptedException {
        return start(addresses, Fsync.NEVER, console);
    }

    /**
     * @param addresses first three parts of the loopback addresses
     * @param fsync when the members' and the voters' log counts as written
     */
    static OwnSystem start(String addresses, Fsync fsync, Console console) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("holdfast-bench");
        // The database's own user must be able to pass it.
        OwnerOnly.passage(folder);
        Files.writeString(
                folder.resolve(ConfigurationFile.NAME),
                DefaultConfiguration.forMarket(DefaultConfiguration.RANDOM)
                        .replaceAll("127\\.0\\.1\\.(\\d+)", addresses + ".$1")
                        .replace("127.0.3.1", addresses + ".100")
                        .replace("fsync: never", "fsync: " + fsync.name().toLowerCase(Locale.ROOT)));
        Home home = Home.openOrCreate(folder, DefaultConfiguration.RANDOM);
        Warden warden = Warden.watching(tidy(folder));
        OwnSystem own = new OwnSystem(home, console, warden);
        Startup.Result up;
        try {
            up = new Startup(home, console, DefaultConfiguration.RANDOM + "1", 1).run();
        } catch (IOException | InterruptedException | RuntimeException failure) {
            own.close();
            throw failure;
        }
        if (!up.ok()) {
            own.close();
            throw Failure.negative("the system to be measured does not trade: " + up.text());
        }
        return own;
    }

    private static List<String> tidy(Path folder) {
        List<String> words = new ArrayList<>(List.of(
                "sh",
                "-c",
                TIDY,
                "holdfast-tidy",
                folder.toString(),
                ServerFolder.outside(folder).toString(),
                AeronFolders.beginning(folder).toString()));
        words.addAll(JavaCommand.commandLine(List.of("down", "--home", folder.toString())));
        return words;
    }

    Home home() {
        return home;
    }

    /** A system that does not stop is left for a person to see, with its folder. */
    @Override
    public void close() throws IOException {
        try {
            Shutdown.Result down = new Shutdown(home, console).run();
            warden.close();
            if (!down.ok()) {
                throw Failure.negative(down.text() + "; its folder is " + home.path());
            }
            Folders.delete(ServerFolder.outside(home.path()));
            Folders.delete(home.path());
            AeronFolders.deleteAll(home.path());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
