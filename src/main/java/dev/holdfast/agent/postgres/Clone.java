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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replaces the data directory by a copy of another host's. Until the copy is complete the old one stays where it is. */
final class Clone {

    private static final Logger LOGGER = LoggerFactory.getLogger(Clone.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** What must be free beyond the copy, for the WAL that comes meanwhile. */
    private static final long HEADROOM_BYTES = 64L * 1024 * 1024;

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

    /** An interrupt ends it and the copying process. */
    Outcome run(String source, String address, long number) throws IOException, InterruptedException, SQLException {
        long startedNanos = System.nanoTime();
        if (!processes.find().isEmpty()) {
            return new Outcome("processes " + processes.find() + " work in " + files.dataDirectory()
                    + ", expected none; kill it before it is cloned");
        }
        files.writeConfiguration();
        Path folder = files.dataDirectory().getParent();
        long neededBytes;
        try (Connection connection = connections.openRemote(address, ANSWER)) {
            Promotion.makeSlot(connection, slot);
            neededBytes = sizeBytes(connection) + HEADROOM_BYTES;
        }
        long freeBytes = Files.getFileStore(folder).getUsableSpace();
        if (freeBytes < neededBytes) {
            return new Outcome("a copy of " + source + " needs " + neededBytes + " bytes and " + freeBytes
                    + " are free in " + folder + "; the old data is kept beside it, so make room there");
        }
        directory.copyFrom(address, slot);
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
                neededBytes - HEADROOM_BYTES,
                (System.nanoTime() - startedNanos) / 1_000_000);
        return Outcome.DONE;
    }

    private static long sizeBytes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SIZE)) {
            row.next();
            return row.getLong(1);
        }
    }
}
