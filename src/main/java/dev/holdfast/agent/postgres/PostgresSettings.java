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
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The text of the server's configuration files. They stand outside the data directory, so that a clone never inherits
 * another host's settings. Durability settings are PostgreSQL's own defaults and are not mentioned.
 */
public final class PostgresSettings {

    /** The keeper's own role: nobody else logs in as it, and it only through the Unix socket. */
    static final String KEEPER = "keeper";

    /** The role that initdb makes. */
    static final String SUPERUSER = "postgres";

    static final String SOCKET = ".s.PGSQL." + Configuration.POSTGRES_PORT;

    /** A Unix socket's path has at most 107 bytes on Linux (unix(7)), of which "/.s.PGSQL.5432" takes 14. */
    private static final int LONGEST_SOCKET_FOLDER = 93;

    /**
     * Settings on which acknowledgements and log-ins rest. They are given on the command line, where they win over every file and no
     * reload changes them. The names that commits wait for are not among them, because those must change while the server runs.
     */
    private static final Map<String, String> FIXED = new TreeMap<>(Map.of(
            "fsync", "on",
            "full_page_writes", "on",
            "synchronous_commit", "on",
            "zero_damaged_pages", "off",
            "ignore_checksum_failure", "off",
            "session_preload_libraries", "",
            "local_preload_libraries", "",
            "shared_preload_libraries", ""));

    /** What has nothing to do with the host, nor with who follows whom. */
    private static final String SHARED = """
            # Small: the log is the truth, this is for people and reports.
            max_connections = 40
            # The keeper's, for its looks, its proofs of health and what it ends.
            superuser_reserved_connections = 8
            # Whoever connects and says nothing takes a place for a minute by default.
            authentication_timeout = 5s
            # A query that sorts too much fails; without a limit it takes the room that the WAL needs.
            temp_file_limit = 256MB
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

    /** Options of the program. */
    static List<String> fixed() {
        return FIXED.entrySet().stream()
                .flatMap(each -> Stream.of("-c", each.getKey() + "=" + each.getValue()))
                .toList();
    }

    /** Whom the kernel knows as the keeper's user: the agent's own. */
    static String identity() {
        String user = System.getProperty("user.name");
        return "# Written by holdfast before every start; changes are lost.\n"
                + KEEPER + " " + user + " " + KEEPER + "\n"
                + KEEPER + " " + user + " " + SUPERUSER + "\n";
    }

    /** Who may connect: with a password, from the region's hosts, each role only where it has business; the keeper by the socket. */
    String access() {
        StringBuilder rules = new StringBuilder("# Written by holdfast before every start; changes are lost.\n");
        rules.append("local all ")
                .append(KEEPER)
                .append(",")
                .append(SUPERUSER)
                .append(" peer map=")
                .append(KEEPER)
                .append("\n");
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

    static Path socketFolder(Path inFolder) {
        return inFolder.resolve("socket");
    }

    static boolean fitsSocket(Path socketFolder) {
        return socketFolder.toString().length() <= LONGEST_SOCKET_FOLDER;
    }

    /** One that is too long is named from the data directory, where the server works. */
    private String socketFolder() {
        Path path = socketFolder(folder);
        return fitsSocket(path) ? path.toString() : "../" + path.getFileName();
    }

    /** @param standbyNames whom commits wait for; empty for nobody */
    static String names(String standbyNames) {
        return "synchronous_standby_names = '" + standbyNames.replace("'", "''") + "'\n";
    }

    /** Of a server that is to be primary. */
    static String leading() {
        return "primary_conninfo = ''\n";
    }

    /**
     * Of a standby. Should somebody promote it behind the keeper's back, nobody writes to it before it is ended.
     *
     * @param primaryAddress empty for nobody
     */
    String following(String primaryAddress) {
        String readOnly = "default_transaction_read_only = on\n";
        if (primaryAddress.isEmpty()) {
            return readOnly + leading();
        }
        return readOnly
                + "primary_slot_name = '%s'\nprimary_conninfo = 'host=%s port=%d user=replicator passfile=''%s'' application_name=%s sslmode=disable connect_timeout=2'\n"
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
