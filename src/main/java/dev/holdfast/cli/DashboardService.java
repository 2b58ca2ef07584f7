package dev.holdfast.cli;

import dev.holdfast.dashboard.Dashboard;
import dev.holdfast.log.Log;
import dev.holdfast.runtime.Metrics;

/** The dashboard's process. */
final class DashboardService implements AutoCloseable {

    private final Log log;
    private final Dashboard dashboard;

    DashboardService(Home home, String hostName) {
        this.log = EdgeLog.connect(home, hostName, "dashboard");
        this.dashboard = new Dashboard(
                home.configuration(), hostName, home.secrets(), log, new Metrics(hostName, "dashboard").registry());
    }

    void start() {
        dashboard.start();
    }

    @Override
    public void close() {
        dashboard.close();
        log.close();
    }
}
