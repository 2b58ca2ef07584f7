package dev.holdfast.agent.postgres;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.agent.ShortCommand;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Makes a new data directory. It is made beside its place and renamed when complete: an interrupted one is begun anew. */
final class DataDirectory {

    private static final Duration INITIALISE_LIMIT = Duration.ofSeconds(60);
    private static final Duration CLONE_LIMIT = Duration.ofMinutes(10);

    /** A copy that comes no faster than this, beyond the limit, is given up. */
    private static final long SLOWEST_BYTES_PER_SECOND = 2L << 20;

    /** The most that a clone may read of its source in a second, as pg_basebackup takes it. A present-day disk then has room left for writes that cannot wait. */
    private static final String MOST_PER_SECOND = "64M";

    /** A copy that is held back reads nothing for longer than the second after which the source gives a standby up. */
    private static final String PATIENT = "-c wal_sender_timeout=60s -c tcp_user_timeout=60s";

    private final PostgresBinaries binaries;
    private final ServerFolder folder;
    private final PostgresSettings settings;
    private final Secrets secrets;
    private final Copying copying;
    private final Path unfinished;

    DataDirectory(
            PostgresBinaries binaries,
            ServerFolder folder,
            PostgresSettings settings,
            Secrets secrets,
            Copying copying) {
        this.binaries = binaries;
        this.folder = folder;
        this.settings = settings;
        this.secrets = secrets;
        this.copying = copying;
        this.unfinished = folder.resolve("data.unfinished");
    }

    /** A new, empty database cluster with its roles and its database. */
    void initialise() throws IOException, InterruptedException {
        begin();
        Path passwordFile = folder.resolve("conf").resolve("superuser.pass");
        folder.write(passwordFile, secrets.read("postgres-superuser") + "\n");
        try {
            require(
                    "initdb",
                    ShortCommand.run(
                            folder.asUser(List.of(
                                    binaries.program("initdb"),
                                    "--pgdata=" + unfinished,
                                    "--username=postgres",
                                    "--pwfile=" + passwordFile,
                                    "--auth=scram-sha-256",
                                    "--data-checksums",
                                    "--encoding=UTF8",
                                    "--locale=C.UTF-8",
                                    "--no-instructions")),
                            INITIALISE_LIMIT));
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        // Single-user mode needs no network and no moment in which the server is up without its passwords.
        require(
                "the first statements",
                ShortCommand.run(
                        folder.asUser(List.of(
                                binaries.program("postgres"),
                                "--single",
                                "-D",
                                unfinished.toString(),
                                "-c",
                                "config_file=" + settings.serverFile(),
                                "-c",
                                "default_transaction_read_only=off",
                                "-c",
                                "exit_on_error=on",
                                "-c",
                                "log_min_error_statement=panic",
                                "postgres")),
                        Map.of(),
                        firstStatements(),
                        INITIALISE_LIMIT));
        finish();
    }

    /**
     * Copies the server at this address, which has the slot, checks that every file is the one that was sent, and leaves the copy
     * unfinished. An interrupt ends it. The source checks the checksum of each page that it sends, and fails if one is wrong.
     *
     * @param bytes about so much there is to copy
     */
    void copyFrom(String address, String slot, long bytes) throws IOException, InterruptedException {
        begin();
        Duration limit = CLONE_LIMIT.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
        copying.run(
                "pg_basebackup",
                List.of(
                        binaries.program("pg_basebackup"),
                        "--pgdata=" + unfinished,
                        "--host=" + address,
                        "--port=" + Configuration.POSTGRES_PORT,
                        "--username=replicator",
                        "--no-password",
                        "--wal-method=stream",
                        "--slot=" + slot,
                        "--checkpoint=fast",
                        "--max-rate=" + MOST_PER_SECOND,
                        "--no-sync"),
                Map.of(
                        "PGPASSFILE",
                        settings.passwordFile().toString(),
                        "PGSSLMODE",
                        "disable",
                        "LC_ALL",
                        "C",
                        "PGOPTIONS",
                        PATIENT),
                limit);
        copying.run(
                "pg_verifybackup",
                List.of(binaries.program("pg_verifybackup"), "--exit-on-error", "--quiet", unfinished.toString()),
                Map.of(),
                limit);
        folder.write(unfinished.resolve("standby.signal"), "");
        // Flushed all at once: a thousand files one by one take longer than to copy them.
        require("sync", ShortCommand.run(List.of("sync", "--file-system", unfinished.toString()), limit));
    }

    /** Deletes what was begun and not completed: it takes room that the next copy needs. */
    void discard() throws IOException {
        ServerFolder.deleteUnfinished(unfinished);
    }

    private void begin() throws IOException {
        ServerFolder.deleteUnfinished(unfinished);
        folder.make(unfinished);
    }

    /** Puts what was made in its place, which is free. */
    void finish() throws IOException {
        Files.move(unfinished, folder.resolve("data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private String firstStatements() {
        StringBuilder statements = new StringBuilder();
        statements.append("CREATE ROLE " + PostgresSettings.KEEPER + " LOGIN SUPERUSER;\n");
        statements.append(role("replicator", "REPLICATION", "postgres-replication"));
        statements.append(role("recorder", "", "postgres-recorder"));
        statements.append(role("reader", "", "postgres-reader"));
        statements.append("ALTER ROLE reader SET default_transaction_read_only = on;\n");
        statements.append("CREATE DATABASE ").append(PostgresServer.DATABASE).append(";\n");
        statements
                .append("REVOKE ALL ON DATABASE ")
                .append(PostgresServer.DATABASE)
                .append(" FROM PUBLIC;\n");
        statements
                .append("GRANT CONNECT ON DATABASE ")
                .append(PostgresServer.DATABASE)
                .append(" TO recorder, reader;\n");
        return statements.toString();
    }

    private String role(String role, String attributes, String secret) {
        return "CREATE ROLE " + role + " LOGIN " + attributes + " PASSWORD '"
                + secrets.read(secret).replace("'", "''") + "';\n";
    }

    private static void require(String step, ShortCommand.Result result) throws IOException {
        if (!result.succeeded()) {
            throw new IOException(step + " failed with exit code " + result.exitCode() + ": " + result.lastWords());
        }
    }
}
