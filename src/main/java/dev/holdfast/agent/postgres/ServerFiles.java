package dev.holdfast.agent.postgres;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what a server reads when it starts and when it is told to reload. Nothing in the data directory is trusted but data. */
final class ServerFiles {

    private final ServerFolder folder;
    private final PostgresSettings settings;
    private final Secrets secrets;

    ServerFiles(ServerFolder folder, PostgresSettings settings, Secrets secrets) {
        this.folder = folder;
        this.settings = settings;
        this.secrets = secrets;
    }

    Path dataDirectory() {
        return folder.resolve("data");
    }

    /** For a server that follows nobody and waits for nobody. */
    void writeConfiguration() throws IOException {
        folder.make(folder.resolve("conf"));
        folder.make(settings.socketFolder(folder.path()));
        folder.write(settings.accessFile(), settings.access());
        folder.write(settings.identityFile(), "");
        folder.write(settings.passwordFile(), "*:*:*:replicator:" + secrets.read("postgres-replication") + "\n");
        names("");
        following("");
        folder.write(settings.serverFile(), settings.kept());
    }

    /** Makes the next start one of a standby. Only when no process works in the data directory. */
    void standby() throws IOException {
        Path data = dataDirectory();
        // Nobody works here, so what says otherwise is stale, even if a stranger has that pid by now.
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        Files.deleteIfExists(settings.socketFolder(folder.path()).resolve(".s.PGSQL.5432.lock"));
        // What ALTER SYSTEM or a base backup wrote would win over our files.
        Files.deleteIfExists(data.resolve("postgresql.auto.conf"));
        Files.deleteIfExists(data.resolve("recovery.signal"));
        folder.write(data.resolve("standby.signal"), "");
    }

    /** Takes effect with the next reload. */
    void names(String standbyNames) throws IOException {
        folder.write(settings.namesFile(), PostgresSettings.names(standbyNames));
    }

    /** Takes effect with the next reload. */
    void following(String primaryAddress) throws IOException {
        folder.write(settings.followingFile(), settings.following(primaryAddress));
    }
}
