package dev.holdfast.cli;

import dev.holdfast.cluster.AeronLogOptions;
import dev.holdfast.cluster.AeronRecoveryLog;
import dev.holdfast.cluster.MemberProfile;
import dev.holdfast.cluster.TraderOptions;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connects agents and commands to the log of the recovery machine. */
final class RecoveryAccess {

    private RecoveryAccess() {}

    /** What the voter of a host needs; its place among the voters is its member number. */
    static TraderOptions voter(Home home, Configuration.Host host) {
        return TraderOptions.of(
                MemberProfile.VOTER,
                home.configuration().hostsWith(Role.VOTER).indexOf(host),
                addresses(home),
                home.path().resolve("hosts").resolve(host.name()).resolve("voter"),
                AeronFolders.of(home.path(), host.name(), "voter"),
                home.secrets().read("cluster"),
                home.configuration().fsync() == Configuration.Fsync.ALWAYS);
    }

    /** For an agent: on its own voter's driver where it has one. */
    static RecoveryLog connect(Home home, Configuration.Host host) {
        String name = "agent-" + host.name();
        return host.roles().contains(Role.VOTER)
                ? AeronRecoveryLog.attached(name, voter(home, host))
                : connect(home, host.address(), host.name(), name);
    }

    /** For a command, which belongs to no host. */
    static RecoveryLog connectOperator(Home home) {
        List<String> voters = addresses(home);
        if (voters.isEmpty()) {
            throw Failure.usage("no host in holdfast.yaml has the role voter, so nothing decides about PostgreSQL");
        }
        return connect(
                home,
                home.configuration().operatorAddress(),
                "cli",
                "recovery-" + ProcessHandle.current().pid());
    }

    /** For a drill; null where nobody decides about a database. */
    static @Nullable RecoveryLog connectDrill(Home home) {
        boolean decided = !home.configuration().hostsWith(Role.POSTGRES).isEmpty()
                && !addresses(home).isEmpty();
        return decided ? connectOperator(home) : null;
    }

    /** For another process of a host that follows the decisions. */
    static RecoveryLog connect(Home home, Configuration.Host host, String process) {
        return connect(home, host.address(), host.name(), process);
    }

    private static RecoveryLog connect(Home home, String address, String host, String process) {
        return AeronRecoveryLog.connect(new AeronLogOptions(
                process,
                address,
                addresses(home),
                home.secrets().read("cluster"),
                AeronFolders.of(home.path(), host, process)));
    }

    private static List<String> addresses(Home home) {
        return home.configuration().hostsWith(Role.VOTER).stream()
                .map(Configuration.Host::address)
                .toList();
    }
}
