package dev.holdfast.bench.patroni;

import dev.holdfast.agent.postgres.PostgresSettings;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Host;
import dev.holdfast.runtime.Secrets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What Patroni and etcd of a node are told: the least times that Patroni documents, and the settings of our own PostgreSQL. */
final class PatroniSettings {

    static final int REST_PORT = 8008;
    static final int ETCD_PORT = 2379;

    private static final int PEER_PORT = 2380;

    private final List<Host> nodes;
    private final Path binaries;
    private final Secrets secrets;

    /** @param binaries folder of PostgreSQL's programs */
    PatroniSettings(List<Host> nodes, Path binaries, Secrets secrets) {
        this.nodes = List.copyOf(nodes);
        this.binaries = binaries;
        this.secrets = secrets;
    }

    /** @param folder of the node */
    String patroni(Host node, Path folder) {
        return """
                scope: bench
                name: %1$s
                restapi:
                  listen: %2$s:%3$d
                  connect_address: %2$s:%3$d
                etcd3:
                  hosts: %4$s
                bootstrap:
                  dcs:
                    # The least that Patroni documents.
                    ttl: 20
                    loop_wait: 1
                    retry_timeout: 3
                    # A primary that dies is not started again where a standby can take over.
                    primary_start_timeout: 0
                    maximum_lag_on_failover: 1048576
                    synchronous_mode: true
                    postgresql:
                      use_pg_rewind: true
                      use_slots: true
                      parameters:
                %5$s
                  initdb:
                  - encoding: UTF8
                  - locale: C.UTF-8
                  - data-checksums
                postgresql:
                  listen: %2$s:%6$d
                  connect_address: %2$s:%6$d
                  data_dir: %7$s/data
                  bin_dir: %8$s
                  pgpass: %7$s/pgpass
                  authentication:
                    superuser: {username: postgres, password: %9$s}
                    replication: {username: replicator, password: %10$s}
                  basebackup:
                  - checkpoint: fast
                  parameters:
                    unix_socket_directories: ''
                  pg_hba:
                  - host all all 127.0.0.0/8 scram-sha-256
                  - host replication replicator 127.0.0.0/8 scram-sha-256
                  remove_data_directory_on_rewind_failure: true
                  remove_data_directory_on_diverged_timelines: true
                watchdog:
                  mode: 'off'
                """.formatted(
                        node.name(),
                        node.address(),
                        REST_PORT,
                        each(address -> address + ":" + ETCD_PORT),
                        parameters(),
                        Configuration.POSTGRES_PORT,
                        folder,
                        binaries,
                        secrets.read("postgres-superuser"),
                        secrets.read("postgres-replication"));
    }

    /** @param data folder that etcd makes */
    List<String> etcd(Host node, Path data) {
        String client = "http://" + node.address() + ":" + ETCD_PORT;
        String peer = "http://" + node.address() + ":" + PEER_PORT;
        String cluster = nodes.stream()
                .map(each -> each.name() + "=http://" + each.address() + ":" + PEER_PORT)
                .collect(Collectors.joining(","));
        return List.of(
                "--name=" + node.name(),
                "--data-dir=" + data,
                "--logger=zap",
                "--log-level=warn",
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=" + cluster);
    }

    private static String parameters() {
        return PostgresSettings.shared().entrySet().stream()
                .map(each -> " ".repeat(8) + each.getKey() + ": '" + each.getValue() + "'")
                .collect(Collectors.joining("\n"));
    }

    private String each(java.util.function.UnaryOperator<String> text) {
        return nodes.stream().map(Host::address).map(text).collect(Collectors.joining(","));
    }
}
