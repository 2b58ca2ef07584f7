package dev.holdfast.agent.postgres;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Namespaces;
import dev.holdfast.runtime.RecoveryDurations;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The text of the server's configuration files. They stand outside the data directory, so that a clone never inherits
 * another host's settings. Durability settings are PostgreSQL's own defaults and are not mentioned.
 */
public final class PostgresSettings {

    /** A Unix socket's path has at most 107 bytes on Linux (unix(7)), of which "/.s.PGSQL.5432" takes 14. */
    private static final int LONGEST_SOCKET_FOLDER = 93;

    /** What has nothing to do with the host, nor with who follows whom. */
    private static final String SHARED = """
            # Small: the log is the truth, this is for people and reports.
            max_connections = 40
            shared_buffers = 32MB
            work_mem = 2MB
            maintenance_work_mem = 32MB
            max_wal_size = 256MB
            min_wal_size = 64MB
            max_parallel_workers_per_gather = 0
            jit = off
            # In the data directory, and gone with it: in shared memory, what a killed server leaves stays until the machine restarts.
            dynamic_shared_memory_type = mmap
            autovacuum_naptime = 60s
            autovacuum_max_workers = 2
            bgwriter_delay = 1s
            wal_compression = on
            # After a crash every file is flushed first: one by one takes seconds, the file system at once a tenth of one.
            recovery_init_sync_method = syncfs

            # Replication. A standby that died for good must not fill the primary's disk.
            wal_level = replica
            hot_standby = on
            hot_standby_feedback = on
            max_wal_senders = 10
            max_replication_slots = 10
            wal_keep_size = 64MB
            max_slot_wal_keep_size = 1GB
            # What the recovery machine is told about who streams is true within this time.
            wal_sender_timeout = 1s
            wal_receiver_timeout = 1s
            wal_receiver_status_interval = 1s
            # A promotion that meets a dying walreceiver waits this long: 5 s by default.
            wal_retrieve_retry_interval = 100ms
            tcp_keepalives_idle = 5
            tcp_keepalives_interval = 2
            tcp_keepalives_count = 3
            idle_in_transaction_session_timeout = 60s
            # An answer written before the host was cut off is not delivered when another primary answers.
            tcp_user_timeout = %dms
            """;

    private final Configuration.Host host;
    private final List<Configuration.Host> allHosts;
    private final Optional<Namespaces> namespaces;
    private final int leaseMillis;
    private final Path folder;

    PostgresSettings(Configuration configuration, Configuration.Host host, Path folder) {
        this.host = host;
        this.allHosts = configuration.hosts();
        this.namespaces = configuration.namespaces();
        this.leaseMillis = configuration.recovery().leaseMillis();
        this.folder = folder;
    }

    /** How a host's standby and its replication slot are called. */
    static String standbyName(Configuration.Host host) {
        return "pg_" + host.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
    }

    /** For a server without standbys. */
    String alone() {
        return text("");
    }

    /** For a server that is told while it runs whom it follows and whom its commits wait for. */
    String kept() {
        return text("include = '" + namesFile().getFileName() + "'\ninclude = '"
                + followingFile().getFileName() + "'");
    }

    private String text(String replication) {
        return """
                # Written by holdfast before every start; changes are lost.
                hba_file = '%s'
                ident_file = '%s'
                listen_addresses = '%s'
                port = %d
                unix_socket_directories = '%s'
                unix_socket_permissions = 0700
                password_encryption = scram-sha-256
                cluster_name = '%s'
                timezone = 'UTC'
                log_timezone = 'UTC'
                lc_messages = 'C'
                log_line_prefix = '%%m [%%p] %%q%%u@%%d '

                %s
                %s
                """.formatted(
                        accessFile(),
                        identityFile(),
                        host.address(),
                        Configuration.POSTGRES_PORT,
                        socketFolder(),
                        standbyName(host),
                        SHARED.formatted(leaseMillis),
                        replication);
    }

    /** By name, what each of our servers is set to: for one of another keeper that is compared with it. */
    public static Map<String, String> shared() {
        Map<String, String> values = new LinkedHashMap<>();
        SHARED.formatted(RecoveryDurations.DEFAULT.leaseMillis())
                .lines()
                .filter(line -> line.contains(" = "))
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> {
                    String[] parts = line.split(" = ", 2);
                    values.put(parts[0], parts[1]);
                });
        return values;
    }

    /** Who may connect: with a password, from the region's hosts, each role only where it has business. */
    String access() {
        StringBuilder rules = new StringBuilder("# Written by holdfast before every start; changes are lost.\n");
        rules.append("local all postgres scram-sha-256\n");
        for (String address : clientAddresses()) {
            rules.append("host all postgres ").append(address).append(" scram-sha-256\n");
            rules.append("host ")
                    .append(PostgresServer.DATABASE)
                    .append(" recorder,reader ")
                    .append(address)
                    .append(" scram-sha-256\n");
            rules.append("host replication replicator ").append(address).append(" scram-sha-256\n");
        }
        return rules.toString();
    }

    Path serverFile() {
        return folder.resolve("conf").resolve("postgresql.conf");
    }

    Path namesFile() {
        return folder.resolve("conf").resolve("names.conf");
    }

    Path followingFile() {
        return folder.resolve("conf").resolve("following.conf");
    }

    Path accessFile() {
        return folder.resolve("conf").resolve("pg_hba.conf");
    }

    Path identityFile() {
        return folder.resolve("conf").resolve("pg_ident.conf");
    }

    Path passwordFile() {
        return folder.resolve("conf").resolve("replication.pass");
    }

    Path socketFolder(Path inFolder) {
        return inFolder.resolve("socket");
    }

    private String socketFolder() {
        String path = socketFolder(folder).toString();
        return path.length() <= LONGEST_SOCKET_FOLDER ? path : ""; // empty: no Unix socket, TCP serves
    }

    /** @param standbyNames whom commits wait for; empty for nobody */
    static String names(String standbyNames) {
        return "synchronous_standby_names = '" + standbyNames.replace("'", "''") + "'\n";
    }

    /** @param primaryAddress empty for nobody */
    String following(String primaryAddress) {
        if (primaryAddress.isEmpty()) {
            return "primary_conninfo = ''\n";
        }
        return "primary_slot_name = '%s'\nprimary_conninfo = 'host=%s port=%d user=replicator passfile=''%s'' application_name=%s sslmode=disable connect_timeout=2'\n"
                .formatted(
                        standbyName(host),
                        primaryAddress,
                        Configuration.POSTGRES_PORT,
                        passwordFile(),
                        standbyName(host));
    }

    private List<String> clientAddresses() {
        List<String> addresses = new ArrayList<>();
        for (Configuration.Host each : allHosts) {
            InetAddress address = InetAddress.ofLiteral(each.address());
            addresses.add(each.address() + (address.getAddress().length == 4 ? "/32" : "/128"));
        }
        if (InetAddress.ofLiteral(host.address()).isLoopbackAddress()) {
            addresses.add("127.0.0.1/32"); // the kernel's source address for any 127.x destination
        }
        namespaces.ifPresent(network -> addresses.add(network.operatorAddress() + "/32")); // the audit's, for one
        return addresses;
    }
}
