package dev.holdfast.cli;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.drill.Warden;
import dev.holdfast.runtime.ConfigurationFile;
import dev.holdfast.runtime.Folders;
import dev.holdfast.runtime.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A whole system that a measurement brings along: in a folder and on addresses of its own, gone afterwards. */
final class OwnSystem implements AutoCloseable {

    private final Home home;
    private final Console console;
    private final Warden warden;

    private OwnSystem(Home home, Console console, Warden warden) {
        this.home = home;
        this.console = console;
        this.warden = warden;
    }

    /** @param addresses first three parts of the loopback addresses */
    static OwnSystem start(String addresses, Console console) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("holdfast-bench");
        // The database's own user must be able to enter it.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(
                folder.resolve(ConfigurationFile.NAME),
                DefaultConfiguration.forMarket(DefaultConfiguration.RANDOM)
                        .replaceAll("127\\.0\\.1\\.(\\d+)", addresses + ".$1")
                        .replace("127.0.3.1", addresses + ".100"));
        Home home = Home.openOrCreate(folder, DefaultConfiguration.RANDOM);
        Warden warden = Warden.watching(JavaCommand.commandLine(List.of("down", "--home", folder.toString())));
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
