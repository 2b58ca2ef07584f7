package dev.holdfast.agent.postgres;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

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
        folder.make(PostgresSettings.socketFolder(folder.path()));
        folder.writeReadOnly(settings.accessFile(), settings.access());
        folder.writeReadOnly(settings.identityFile(), PostgresSettings.identity());
        folder.writeReadOnly(
                settings.passwordFile(), "*:*:*:replicator:" + secrets.read("postgres-replication") + "\n");
        names("");
        following("");
        folder.writeReadOnly(settings.serverFile(), settings.kept());
    }

    /** Makes the next start one of a standby. Only when no process works in the data directory. */
    void standby() throws IOException {
        Path data = dataDirectory();
        // Nobody works here, so what says otherwise is stale, even if a stranger has that pid by now.
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        Files.deleteIfExists(PostgresSettings.socketFolder(folder.path()).resolve(PostgresSettings.SOCKET + ".lock"));
        overruleAlterSystem();
        Files.deleteIfExists(data.resolve("recovery.signal"));
        folder.write(data.resolve("standby.signal"), "");
    }

    /**
     * Empties postgresql.auto.conf, which is read last and so would win over our files, and keeps SQL from writing it: the server may
     * only read it, and ALTER SYSTEM, which writes a file beside it first, finds a folder of that name and fails.
     */
    void overruleAlterSystem() throws IOException {
        folder.writeReadOnly(dataDirectory().resolve("postgresql.auto.conf"), "");
        folder.makeReadOnly(dataDirectory().resolve("postgresql.auto.conf.tmp"));
    }

    /** Whether nothing but our own files is read. */
    boolean onlyOursAreRead() {
        try {
            return Files.size(dataDirectory().resolve("postgresql.auto.conf")) == 0;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Takes effect with the next reload. */
    void leading() throws IOException {
        folder.writeReadOnly(settings.followingFile(), PostgresSettings.leading());
    }

    /** Has the server ended the recovery of a standby, as pg_ctl does: it looks for this file when it is signalled. */
    void promote() throws IOException {
        folder.write(dataDirectory().resolve("promote"), "");
    }

    /** Writes and flushes a file on the disk of the data directory. */
    void proveDisk() throws IOException {
        Path proof = folder.resolve("conf").resolve("proof");
        try (FileChannel channel = FileChannel.open(proof, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}));
            channel.force(true);
        }
    }

    /** A page of this data directory is damaged: known for as long as the directory is, whatever the server forgets. */
    void damaged(long checksumFailures) throws IOException {
        folder.write(damageFile(), checksumFailures + "\n");
    }

    /** Checksum failures that were seen in this data directory. */
    long damage() {
        try {
            return Files.exists(damageFile())
                    ? Math.max(1, Long.parseLong(Files.readString(damageFile()).strip()))
                    : 0;
        } catch (IOException | NumberFormatException unreadable) {
            return 1;
        }
    }

    private Path damageFile() {
        return dataDirectory().resolve("holdfast.damaged");
    }

    /** Takes effect with the next reload. */
    void names(String standbyNames) throws IOException {
        folder.writeReadOnly(settings.namesFile(), PostgresSettings.names(standbyNames));
    }

    /** Takes effect with the next reload. */
    void following(String primaryAddress) throws IOException {
        folder.writeReadOnly(settings.followingFile(), settings.following(primaryAddress));
    }
}
