package dev.holdfast.runtime;

import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.Product;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The whole of {@code holdfast.yaml}, checked. The same file serves every host.
 *
 * @param instruments what to subscribe and trade, as EXCHANGE:SYMBOL
 * @param fsync when the traders' log counts as written
 * @param namespaces empty when the hosts' addresses are this machine's, or each host a machine of its own
 * @param databaseDiskMegabytes of the disk that each PostgreSQL has to itself; empty when it has none
 * @param recovery how long PostgreSQL's fail-over waits for what
 */
public record Configuration(
        String region,
        List<Host> hosts,
        Broker broker,
        Risk risk,
        List<Strategy> strategies,
        List<String> instruments,
        Fsync fsync,
        Optional<Namespaces> namespaces,
        OptionalInt databaseDiskMegabytes,
        RecoveryDurations recovery) {

    public static final int POSTGRES_PORT = 5432;
    public static final int REDIS_PORT = 6379;
    public static final int SENTINEL_PORT = 26379;
    public static final int DASHBOARD_PORT = 8080;
    public static final int AGENT_PORT = 8081;
    public static final int TRADER_HEALTH_PORT = 8082;
    public static final int GATEWAY_HEALTH_PORT = 8083;
    public static final int EXCHANGE_PORT = 8090;

    /** Name of the Redis master that the Sentinels watch. */
    public static final String REDIS_MASTER = "holdfast";

    public Configuration {
        hosts = List.copyOf(hosts);
        strategies = List.copyOf(strategies);
        instruments = List.copyOf(instruments);
    }

    /** On addresses that are there, with a log that counts as written when the disk has it, and the durations of a new home. */
    public Configuration(
            String region,
            List<Host> hosts,
            Broker broker,
            Risk risk,
            List<Strategy> strategies,
            List<String> instruments) {
        this(
                region,
                hosts,
                broker,
                risk,
                strategies,
                instruments,
                Fsync.ALWAYS,
                Optional.empty(),
                OptionalInt.empty(),
                RecoveryDurations.DEFAULT);
    }

    /** The hosts with this role, in the file's order; a trader's place in the list is its member number. */
    public List<Host> hostsWith(Role role) {
        return hosts.stream().filter(host -> host.roles().contains(role)).toList();
    }

    public Host host(String name) {
        return hosts.stream()
                .filter(host -> host.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("holdfast.yaml has no host '" + name + "'; it has "
                        + hosts.stream().map(Host::name).toList()));
    }

    /** From where commands on this machine reach the hosts. */
    public String operatorAddress() {
        return namespaces
                .map(Namespaces::operatorAddress)
                .orElseGet(() -> hostsWith(Role.TRADER).getFirst().address());
    }

    /**
     * When a trader counts what it wrote. ALWAYS: when the disk has it, so that nothing is lost even if all machines lose their
     * power at once. NEVER: when the operating system has it, which survives the death of every process, and the loss of
     * power of fewer machines than a majority.
     */
    public enum Fsync {
        ALWAYS,
        NEVER
    }

    /** What a host can run, besides its agent. A voter is part of the agent: a member of the recovery machine's own log. */
    public enum Role {
        VOTER,
        TRADER,
        GATEWAY,
        DASHBOARD,
        POSTGRES,
        REDIS,
        SENTINEL
    }

    /** @param address the one address its processes listen on */
    public record Host(String name, String address, List<Role> roles) {
        public Host {
            roles = List.copyOf(roles);
        }
    }

    /**
     * @param address of the simulated exchange or empty
     * @param profile the order budgets that engine and exchange enforce
     * @param marketOpen start of the session, IST; null with marketClose when the market never closes
     * @param restUrl root of the REST interface
     * @param tickerUrl of the WebSocket ticker
     */
    public record Broker(
            boolean simulated,
            String address,
            BrokerProfile profile,
            @org.jspecify.annotations.Nullable LocalTime marketOpen,
            @org.jspecify.annotations.Nullable LocalTime marketClose,
            String restUrl,
            String tickerUrl,
            String loginUrl) {}

    /** Limits; money in paise. */
    public record Risk(
            long maxOrderValuePaise,
            long maxOrderQuantity,
            long maxPositionQuantity,
            long maxExposurePaise,
            int priceBandBasisPoints,
            long maxDailyLossPaise,
            int staleFeedMillis) {}

    /** A strategy to define at the first start; parameters are the kind's own, as key and value. */
    public record Strategy(
            String name,
            String kind,
            String instrument,
            Product product,
            long quantity,
            Map<String, String> parameters,
            boolean start) {
        public Strategy {
            parameters = Map.copyOf(parameters);
        }
    }
}
