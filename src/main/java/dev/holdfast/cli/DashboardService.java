package dev.holdfast.cli;

import dev.holdfast.dashboard.Dashboard;
import dev.holdfast.log.Log;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.Metrics;
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
                new Metrics(hostName, "dashboard").registry());
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
