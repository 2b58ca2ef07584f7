package dev.holdfast.cli;

import dev.holdfast.dashboard.Dashboard;
import dev.holdfast.dashboard.DrillDesk;
import dev.holdfast.drill.Scenario;
import dev.holdfast.log.Log;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.JavaCommand;
import dev.holdfast.runtime.Metrics;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The dashboard's process. */
final class DashboardService implements AutoCloseable {

    private final Log log;
    private final @Nullable RecoveryLog recovery;
    private final Dashboard dashboard;

    DashboardService(Home home, String hostName) {
        this.log = EdgeLog.connect(home, hostName, "dashboard");
        this.recovery = home.configuration().hostsWith(Role.VOTER).isEmpty()
                ? null
                : RecoveryAccess.connect(home, home.configuration().host(hostName), "dashboard-recovery");
        this.dashboard = new Dashboard(
                home.configuration(),
                hostName,
                home.secrets(),
                log,
                recovery,
                drills(home),
                new Metrics(hostName, "dashboard").registry());
    }

    private static DrillDesk drills(Home home) {
        return new DrillDesk(
                home.drills(),
                home.chaos(),
                Arrays.stream(Scenario.values())
                        .filter(scenario -> scenario.possibleIn(home.configuration()))
                        .collect(Collectors.toSet()),
                refusal(home.configuration()),
                (scenario, reason) -> JavaCommand.commandLine(List.of(
                        "drill", "run", scenario.word(), "--reason=" + reason, "--home=" + home.path(), "--json")));
    }

    /** Inside a host's network a drill would be cut off with that host, and stand on the wrong side of it. */
    private static String refusal(Configuration configuration) {
        if (!configuration.broker().simulated()) {
            return "drills never run against a real broker";
        }
        return configuration.namespaces().isPresent()
                ? "hosts of this system can be cut off, and this page with its host; start drills from the command line:"
                        + " './holdfast drill run NAME --reason TEXT'"
                : "";
    }

    void start() {
        dashboard.start();
    }

    @Override
    public void close() {
        dashboard.close();
        if (recovery != null) {
            recovery.close();
        }
        log.close();
    }
}
