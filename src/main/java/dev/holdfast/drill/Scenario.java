package dev.holdfast.drill;

import dev.holdfast.runtime.Configuration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The drills there are: each is one fault, and what it must show. */
public enum Scenario {
    TRADER_LEADER_KILL(
            FaultKind.TRADER_LEADER_KILL,
            0,
            Primary.STAYS,
            "Kills the trader that leads.",
            "Another leads and orders go on; none is lost or doubled."),
    GATEWAY_KILL(
            FaultKind.GATEWAY_KILL,
            0,
            Primary.STAYS,
            "Kills the gateway that may send orders.",
            "The other one sends, after the first one's grant is over; no order goes twice."),
    APPLICATION_RESTART(
            null,
            Scenario.SHORT_MILLIS,
            Primary.EITHER,
            "Kills every JVM of the host that has most of them, one after another, the agent last.",
            "Each is back before the next one dies; orders go on, also when the database moves with the agent."),
    FEED_LOSS(
            BrokerTrouble.DROPPED_TICKER,
            "The exchange drops every ticker connection and takes none for six seconds.",
            "Prices come back by themselves and orders go on."),
    FEED_MUTE(
            BrokerTrouble.MUTE_FEED,
            "One gateway's ticker connection has heartbeats and no ticks for six seconds; the other's has ticks.",
            "The other gateway reports the feed, and orders go on meanwhile."),
    ODD_ROWS(
            BrokerTrouble.ODD_ROWS,
            "For six seconds each of the broker's lists has a row that cannot be understood.",
            "It stops only the instrument that it names; orders in all others go on meanwhile."),
    ADDRESS_REFUSED(
            BrokerTrouble.REFUSED_ADDRESS,
            "For six seconds the broker takes no orders from any of our addresses, but lets us read.",
            "We soon stop asking; orders go on when it takes them again."),
    DASHBOARD_KILL(
            FaultKind.DASHBOARD_KILL,
            0,
            Primary.STAYS,
            "Kills the dashboard.",
            "Its agent starts it again; trading does not notice."),
    SUPERVISOR_KILL(
            FaultKind.SUPERVISOR_KILL,
            Scenario.SHORT_MILLIS,
            Primary.EITHER,
            "Kills the supervisor of one host's agent, and when another one is there the agent.",
            "Each is replaced by the other before anybody starts anything by hand."),
    POSTGRES_KILL(
            FaultKind.POSTGRES_KILL,
            0,
            Primary.MOVES,
            "Kills the postmaster of the primary, and nothing else.",
            "Its fencer ends the rest, a standby is promoted, every acknowledged row is there."),
    POSTGRES_KILL_ALL(
            FaultKind.POSTGRES_KILL_ALL,
            0,
            Primary.MOVES,
            "Kills the postmaster and every backend of the primary.",
            "A standby is promoted, every acknowledged row is there."),
    POSTGRES_FREEZE_POSTMASTER(
            FaultKind.POSTGRES_FREEZE_POSTMASTER,
            Scenario.LONG_MILLIS,
            Primary.MOVES,
            "Stops the primary's postmaster for six seconds; its sessions go on committing.",
            "It is fenced when its lease is over, and acknowledges nothing after the new primary's first row."),
    POSTGRES_FREEZE_BACKENDS(
            FaultKind.POSTGRES_FREEZE_BACKENDS,
            Scenario.LONG_MILLIS,
            Primary.EITHER,
            "Stops every process of the primary but its postmaster for six seconds.",
            "Rows are acknowledged again before it is thawed, by it or by another; none is lost."),
    POSTGRES_FREEZE_AGENT(
            FaultKind.POSTGRES_FREEZE_AGENT,
            Scenario.LONG_MILLIS,
            Primary.MOVES,
            "Stops the agent of the primary's host for six seconds.",
            "The fencer ends the primary alone when the lease is over, before another is promoted."),
    POSTGRES_FREEZE_SIDE(
            FaultKind.POSTGRES_FREEZE_SIDE,
            Scenario.LONG_MILLIS,
            Primary.MOVES,
            "Stops agent, fencer and every PostgreSQL process of the primary's host for six seconds.",
            "A standby is promoted meanwhile; what wakes up is fenced before it acknowledges anything."),
    REPLICA_LOSS(
            FaultKind.STANDBY_KILL,
            0,
            Primary.STAYS,
            "Kills the PostgreSQL of the standby that commits wait for; its agent lives.",
            "Commits wait for another or for nobody after a second; both copies follow again."),
    REPLICA_AGENT_LOSS(
            FaultKind.STANDBY_AGENT_KILL,
            Scenario.LONG_MILLIS,
            Primary.STAYS,
            "Kills the agent of the standby that commits wait for, which takes its PostgreSQL along; its supervisor starts it again.",
            "Commits wait for another or for nobody after a second; both copies follow again."),
    HOST_LOSS(
            FaultKind.PRIMARY_HOST_KILL,
            Scenario.LONG_MILLIS,
            Primary.MOVES,
            "Kills everything at once on the host that holds the primary, leads trading and sends orders, gathered there first; after six seconds its agent is started again, as when power is back.",
            "Trading and database go on elsewhere; the host comes back whole, its copy fresh."),
    HOST_PARTITION(
            FaultKind.PRIMARY_HOST_CUT,
            Scenario.LONG_MILLIS,
            Primary.MOVES,
            "Takes the primary's host off the network for six seconds; only with './holdfast up --network namespaces'.",
            "It fences its own primary, trading and database go on elsewhere; back on the network it acknowledges nothing."),
    POSTGRES_DISK_FULL(
            FaultKind.POSTGRES_DISK_FULL,
            Scenario.LONG_MILLIS,
            Primary.MOVES,
            "Takes all room of the primary's disk for six seconds; only with './holdfast up --database-disk MEGABYTES'.",
            "The standby that has room takes over while the disk is full, every acknowledged row is there; both copies follow again."),
    POSTGRES_SETTINGS_CHANGED(
            FaultKind.POSTGRES_SETTINGS_CHANGED,
            0,
            Primary.STAYS,
            "A superuser has the primary wait for no standby, by ALTER SYSTEM and by the file that is read last, sets synchronous_commit off for the database, and shuts the keeper's role and the superuser's password.",
            "It is put right and confirmed anew under the same term, nobody loses an office, no acknowledged row is lost."),
    POSTGRES_BLIPS(
            FaultKind.POSTGRES_FREEZE_SIDE,
            50,
            "Stops agent, fencer and every PostgreSQL process of the primary's host fifty times for half the database's lease, as when a virtual machine stalls.",
            "The primary stays in service under its term through all of them; no acknowledged row is lost."),
    RECOVERY_LEADER_KILL(
            FaultKind.RECOVERY_LEADER_KILL,
            Scenario.LONG_MILLIS,
            Primary.STAYS,
            "Kills the agent whose voter leads the recovery machine; if it is the primary's host, the database is moved away first.",
            "Another voter leads; the primary, which is well, stays in service under its term and rows go on."),
    RECOVERY_LEADER_FREEZE(
            FaultKind.RECOVERY_LEADER_FREEZE,
            Scenario.LONG_MILLIS,
            Primary.STAYS,
            "Stops the agent whose voter leads the recovery machine for six seconds; if it is the primary's host, the database is moved away first.",
            "Another voter leads; the primary, which is well, stays in service under its term and rows go on.");

    /** A killed agent stays away for so long where the drill is not about that. */
    private static final long SHORT_MILLIS = 500;

    /** Three times the database's lease. */
    private static final long LONG_MILLIS = 6_000;

    private final Optional<FaultKind> kind;
    private final Optional<BrokerTrouble> trouble;
    private final long lengthMillis;
    private final int times;
    private final Primary primary;
    private final String does;
    private final String shows;

    /** @param kind null for every JVM of one host */
    Scenario(@Nullable FaultKind kind, long lengthMillis, Primary primary, String does, String shows) {
        this(kind, null, lengthMillis, 1, primary, does, shows);
    }

    /** Something that the broker does or shows. */
    Scenario(BrokerTrouble trouble, String does, String shows) {
        this(FaultKind.EXCHANGE_FAULTS, trouble, Scenario.LONG_MILLIS, 1, Primary.STAYS, does, shows);
    }

    /** So many blips, which the primary must survive. */
    Scenario(FaultKind kind, int times, String does, String shows) {
        this(kind, null, 0, times, Primary.STAYS, does, shows);
    }

    Scenario(
            @Nullable FaultKind kind,
            @Nullable BrokerTrouble trouble,
            long lengthMillis,
            int times,
            Primary primary,
            String does,
            String shows) {
        this.kind = Optional.ofNullable(kind);
        this.trouble = Optional.ofNullable(trouble);
        this.lengthMillis = lengthMillis;
        this.times = times;
        this.primary = primary;
        this.does = does;
        this.shows = shows;
    }

    /** What is to become of the database's primary. */
    enum Primary {
        STAYS,
        MOVES,
        EITHER
    }

    /** As it is called on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In one sentence. */
    public String does() {
        return does;
    }

    /** In one sentence. */
    public String shows() {
        return shows;
    }

    /** Empty for every JVM of one host. */
    Optional<FaultKind> kind() {
        return kind;
    }

    /** The trouble that the broker makes in this scenario; empty in scenarios without one. */
    Optional<BrokerTrouble> trouble() {
        return trouble;
    }

    /** Whether orders must reach the exchange all the time. */
    boolean mustTradeOn() {
        return this == FEED_MUTE || this == ODD_ROWS;
    }

    /** Whether orders that are refused must become few. */
    boolean mustStopAsking() {
        return this == ADDRESS_REFUSED;
    }

    /** How long a freeze or a disturbance lasts, and a killed agent stays away. 0 for half the database's lease. */
    long lengthMillis() {
        return lengthMillis;
    }

    /** How often it strikes, with a lease between. */
    int times() {
        return times;
    }

    /** Whether it is about the recovery machine itself: then the primary must be elsewhere. */
    boolean strikesRecoveryLeader() {
        return kind.map(each -> each.aim == FaultKind.Aim.RECOVERY_LEADER).orElse(false);
    }

    /** Whether the agent of the same host is killed once that is survived. */
    boolean killsAgentToo() {
        return this == SUPERVISOR_KILL;
    }

    /** Whether leader of trading, sender and primary must be on the one host that it strikes. */
    boolean takesAll() {
        return this == HOST_LOSS;
    }

    /** Whether rows must be acknowledged again before the fault is lifted. */
    boolean mustGoOn() {
        return kind.map(each -> switch (each.deed) {
                    // Nobody can acknowledge anything during a blip.
                    case FREEZE -> times == 1;
                    case CUT, FILL -> true;
                    case KILL -> each.killsAgent();
                    case CHANGE, DISTURB -> false;
                })
                .orElse(false);
    }

    Primary primary() {
        return primary;
    }

    /** Whether this system has what it strikes. */
    public boolean possibleIn(Configuration configuration) {
        return kind.map(each -> each.hasTargetIn(configuration)).orElse(true);
    }

    /** @throws IllegalArgumentException says which there are */
    public static Scenario named(String word) {
        List<String> words = Arrays.stream(values()).map(Scenario::word).toList();
        if (!words.contains(word)) {
            throw new IllegalArgumentException("there is no drill '" + word + "'; there are " + words);
        }
        return values()[words.indexOf(word)];
    }
}
