package dev.holdfast.cli;

import dev.holdfast.cluster.AeronLog;
import dev.holdfast.cluster.AeronLogOptions;
import dev.holdfast.log.Log;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;

/** Connects a process of the system to the log. */
final class EdgeLog {

    private EdgeLog() {}

    static Log connect(Home home, String hostName, String process) {
        return connect(home, home.configuration().host(hostName).address(), hostName, process);
    }

    /** For a command, which belongs to no host: some free port of the operator's address serves. */
    static Log connectOperator(Home home) {
        String name = Long.toString(ProcessHandle.current().pid());
        return connect(home, home.configuration().operatorAddress(), "cli", name);
    }

    private static Log connect(Home home, String address, String host, String process) {
        return AeronLog.connect(new AeronLogOptions(
                process,
                address,
                home.configuration().hostsWith(Role.TRADER).stream()
                        .map(Configuration.Host::address)
                        .toList(),
                home.secrets().read("cluster"),
                AeronFolders.of(home.path(), host, process)));
    }
}
