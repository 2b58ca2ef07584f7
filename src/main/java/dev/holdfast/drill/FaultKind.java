package dev.holdfast.drill;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** What chaos does to a running system. */
public enum FaultKind {
    TRADER_LEADER_KILL(Deed.KILL, Aim.LEADER),
    TRADER_FOLLOWER_KILL(Deed.KILL, Aim.FOLLOWER),
    /** Without a majority trading stops, and goes on by itself when one is back. */
    TRADERS_TWO_KILL(Deed.KILL, Aim.TWO_TRADERS),
    /** The gateway that may send. */
    GATEWAY_KILL(Deed.KILL, Aim.SENDER),
    GATEWAY_STANDBY_KILL(Deed.KILL, Aim.STANDBY_GATEWAY),
    /** Its supervisor starts it again; its fencer has ended what it kept. */
    AGENT_KILL(Deed.KILL, Aim.AGENT),
    /** The shell that would start the agent again; the agent starts another one. */
    SUPERVISOR_KILL(Deed.KILL, Aim.AGENT, Part.SUPERVISOR),
    DASHBOARD_KILL(Deed.KILL, Aim.DASHBOARD),
    TRADER_LEADER_FREEZE(Deed.FREEZE, Aim.LEADER),
    TRADER_FOLLOWER_FREEZE(Deed.FREEZE, Aim.FOLLOWER),
    GATEWAY_FREEZE(Deed.FREEZE, Aim.SENDER),
    GATEWAY_STANDBY_FREEZE(Deed.FREEZE, Aim.STANDBY_GATEWAY),
    AGENT_FREEZE(Deed.FREEZE, Aim.AGENT),
    DASHBOARD_FREEZE(Deed.FREEZE, Aim.DASHBOARD),
    /** The primary's postmaster alone; its backends see it a little later. */
    POSTGRES_KILL(Deed.KILL, Aim.PRIMARY),
    /** The postmaster and every backend. */
    POSTGRES_KILL_ALL(Deed.KILL, Aim.PRIMARY, Part.SERVER),
    /** Sessions that stand go on committing, new ones get no answer. */
    POSTGRES_FREEZE_POSTMASTER(Deed.FREEZE, Aim.PRIMARY),
    POSTGRES_FREEZE_BACKENDS(Deed.FREEZE, Aim.PRIMARY, Part.BACKENDS),
    POSTGRES_FREEZE_AGENT(Deed.FREEZE, Aim.PRIMARY, Part.AGENT),
    /** Agent, fencer and server: nobody on that host can fence it before it is thawed. */
    POSTGRES_FREEZE_SIDE(Deed.FREEZE, Aim.PRIMARY, Part.DATABASE_SIDE),
    STANDBY_KILL(Deed.KILL, Aim.STANDBY, Part.SERVER),
    /** With the agent goes its PostgreSQL: the fencer sees to that. */
    STANDBY_AGENT_KILL(Deed.KILL, Aim.STANDBY, Part.AGENT),
    /** All that runs on one host; then its agent is started again, as when power is back. */
    HOST_KILL(Deed.KILL, Aim.HOST, Part.HOST),
    PRIMARY_HOST_KILL(Deed.KILL, Aim.PRIMARY, Part.HOST),
    /** Takes the primary's host off the network; only where hosts are network namespaces. */
    PRIMARY_HOST_CUT(Deed.CUT, Aim.PRIMARY, Part.HOST),
    /** Takes all room of the primary's disk; only where databases have disks of their own. */
    POSTGRES_DISK_FULL(Deed.FILL, Aim.PRIMARY, Part.SERVER),
    /** A superuser changes what an acknowledgement and the keeper's way in rest on. */
    POSTGRES_SETTINGS_CHANGED(Deed.CHANGE, Aim.PRIMARY),
    /** The agent whose voter leads the recovery machine. */
    RECOVERY_LEADER_KILL(Deed.KILL, Aim.RECOVERY_LEADER, Part.AGENT),
    RECOVERY_LEADER_FREEZE(Deed.FREEZE, Aim.RECOVERY_LEADER, Part.AGENT),
    REDIS_KILL(Deed.KILL, Aim.REDIS),
    /** The exchange answers late, never, or after it has accepted. */
    EXCHANGE_FAULTS(Deed.DISTURB, Aim.EXCHANGE);

    final Deed deed;
    final Aim aim;
    final Part part;

    FaultKind(Deed deed, Aim aim) {
        this(deed, aim, Part.PROCESS);
    }

    FaultKind(Deed deed, Aim aim, Part part) {
        this.deed = deed;
        this.aim = aim;
        this.part = part;
    }

    /** Whether an agent dies of it: in the end the drill makes sure that it runs again. */
    boolean killsAgent() {
        return deed == Deed.KILL
                && switch (part) {
                    case PROCESS -> aim == Aim.AGENT;
                    case SERVER, BACKENDS, SUPERVISOR -> false;
                    case AGENT, DATABASE_SIDE, HOST -> true;
                };
    }

    enum Deed {
        KILL,
        FREEZE,
        CUT,
        FILL,
        CHANGE,
        DISTURB
    }

    /** Whom it meets. */
    enum Aim {
        LEADER,
        FOLLOWER,
        TWO_TRADERS,
        SENDER,
        STANDBY_GATEWAY,
        AGENT,
        DASHBOARD,
        PRIMARY,
        STANDBY,
        HOST,
        RECOVERY_LEADER,
        REDIS,
        EXCHANGE
    }

    /** What of the target's host it meets. */
    enum Part {
        /** The target itself; of a PostgreSQL, its postmaster. */
        PROCESS,
        /** All that works in the data directory. */
        SERVER,
        /** The same without the postmaster. */
        BACKENDS,
        AGENT,
        /** The supervisor, a shell that starts the agent again. */
        SUPERVISOR,
        /** The agent, its fencer, and all of the PostgreSQL. */
        DATABASE_SIDE,
        HOST
    }

    /** Whether it meets hosts whose state outlives us, so that the journal must name them. */
    boolean leavesHosts() {
        return killsAgent() || deed == Deed.CUT || deed == Deed.FILL;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The kinds with these names that this system can suffer; all of those when none is named.
     *
     * @throws IllegalArgumentException says which names there are
     */
    public static List<FaultKind> chosen(List<String> words, Configuration configuration) {
        List<FaultKind> possible = Arrays.stream(values())
                .filter(kind -> kind.hasTargetIn(configuration))
                .toList();
        if (words.isEmpty()) {
            return possible;
        }
        EnumSet<FaultKind> chosen = EnumSet.noneOf(FaultKind.class);
        for (String word : words) {
            FaultKind kind = Arrays.stream(values())
                    .filter(each -> each.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no fault kind '" + word + "'; there are "
                            + Arrays.stream(values()).map(FaultKind::word).toList()));
            if (!possible.contains(kind)) {
                throw new IllegalArgumentException(
                        "fault kind '" + word + "' has no target in this system; "
                                + "holdfast.yaml has too few processes of that role, hosts that cannot be cut off, or databases without a disk of their own");
            }
            chosen.add(kind);
        }
        return new ArrayList<>(chosen);
    }

    boolean hasTargetIn(Configuration configuration) {
        if ((deed == Deed.CUT && configuration.namespaces().isEmpty())
                || (deed == Deed.FILL && configuration.databaseDiskMegabytes().isEmpty())) {
            return false;
        }
        return switch (aim) {
            case LEADER -> count(configuration, Role.TRADER) > 0;
            case FOLLOWER, TWO_TRADERS -> count(configuration, Role.TRADER) > 1;
            case SENDER -> count(configuration, Role.GATEWAY) > 0;
            case STANDBY_GATEWAY -> count(configuration, Role.GATEWAY) > 1;
            case AGENT -> true;
            case DASHBOARD -> count(configuration, Role.DASHBOARD) > 0;
            case PRIMARY -> count(configuration, Role.POSTGRES) > 0;
            case STANDBY -> count(configuration, Role.POSTGRES) > 1;
            case RECOVERY_LEADER -> count(configuration, Role.POSTGRES) > 0 && count(configuration, Role.VOTER) > 1;
            case HOST -> configuration.hosts().size() > 1;
            case REDIS -> count(configuration, Role.REDIS) > 0;
            case EXCHANGE -> configuration.broker().simulated();
        };
    }

    private static int count(Configuration configuration, Role role) {
        return configuration.hostsWith(role).size();
    }
}
