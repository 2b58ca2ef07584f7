package dev.holdfast.agent.postgres;

import dev.holdfast.agent.postgres.Instance.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replaces the data directory by a copy of another host's. Until the copy is complete the old one stays where it is. */
final class Clone {

    private static final Logger LOGGER = LoggerFactory.getLogger(Clone.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** What must be free beyond the copy, for the WAL that comes meanwhile. */
    private static final long HEADROOM_BYTES = 64L * 1024 * 1024;

    /** The message of pg_basebackup for a page of the source whose checksum is wrong. */
    private static final String DAMAGED_PAGE = "checksum error occurred";

    private static final String SIZE = """
            SELECT (SELECT sum(pg_database_size(oid)) FROM pg_database) + (SELECT sum(size) FROM pg_ls_waldir())
            """;

    private final DataDirectory directory;
    private final ServerFiles files;
    private final DataProcesses processes;
    private final Evidence evidence;
    private final Connections connections;
    private final String slot;

    Clone(
            DataDirectory directory,
            ServerFiles files,
            DataProcesses processes,
            Evidence evidence,
            Connections connections,
            String slot) {
        this.directory = directory;
        this.files = files;
        this.processes = processes;
        this.evidence = evidence;
        this.connections = connections;
        this.slot = slot;
    }

    /**
     * An interrupt ends it and the copying process.
     *
     * @param oldMayGo whether the data that are replaced may be given up before the copy is complete, if there is no room for both
     */
    Outcome run(String source, String address, long number, boolean oldMayGo)
            throws IOException, InterruptedException, SQLException {
        long startedNanos = System.nanoTime();
        if (!processes.find().isEmpty()) {
            return new Outcome("processes " + processes.find() + " work in " + files.dataDirectory()
                    + ", expected none; kill it before it is cloned");
        }
        files.writeConfiguration();
        directory.discard();
        long copyBytes;
        try (Connection connection = connections.openRemote(address, ANSWER)) {
            Promotion.makeSlot(connection, slot);
            copyBytes = sizeBytes(connection);
        }
        Outcome room = makeRoom(source, copyBytes + HEADROOM_BYTES, oldMayGo);
        if (!room.succeeded()) {
            return room;
        }
        try {
            directory.copyFrom(address, slot, copyBytes);
        } catch (IOException failure) {
            directory.discard();
            String words = String.valueOf(failure.getMessage());
            if (words.contains(DAMAGED_PAGE)) {
                return Outcome.refused(source + " has a damaged page, so it cannot be copied: " + words);
            }
            throw failure;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (Files.exists(files.dataDirectory())) {
            evidence.keep(files.dataDirectory());
        }
        directory.finish();
        LOGGER.info(
                "cloned number={} source={} bytes={} millis={}",
                number,
                source,
                copyBytes,
                (System.nanoTime() - startedNanos) / 1_000_000);
        return Outcome.DONE;
    }

    private Outcome makeRoom(String source, long neededBytes, boolean oldMayGo) throws IOException {
        Path folder = Objects.requireNonNull(files.dataDirectory().getParent());
        long freeBytes = usableBytes(folder);
        if (freeBytes >= neededBytes) {
            return Outcome.DONE;
        }
        String lack = "no room for a clone: a copy of " + source + " needs " + neededBytes + " bytes and " + freeBytes
                + " are free in " + folder;
        long oldBytes = Evidence.bytes(files.dataDirectory()) + evidence.bytes();
        if (freeBytes + oldBytes < neededBytes) {
            return Outcome.refused(lack + "; the old data there are only " + oldBytes
                    + " bytes, so a person must make room on that disk");
        }
        if (!oldMayGo) {
            return Outcome.refused(lack + "; the old data there, " + oldBytes
                    + " bytes, make room once another standby is eligible, else a person must");
        }
        LOGGER.warn("{}; the old data, {} bytes, make room, their newest WAL is kept", lack, oldBytes);
        evidence.keepLastWal(files.dataDirectory());
        freeBytes = usableBytes(folder);
        return freeBytes >= neededBytes
                ? Outcome.DONE
                : Outcome.refused("no room for a clone: a copy of " + source + " needs " + neededBytes + " bytes and "
                        + freeBytes + " are free in " + folder
                        + " after the old data there made room, so a person must make more");
    }

    private static long usableBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    private static long sizeBytes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SIZE)) {
            row.next();
            return row.getLong(1);
        }
    }
}
