package dev.holdfast.dashboard;

import dev.holdfast.log.Log;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.projection.Database;
import dev.holdfast.projection.Sessions;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * What the dashboard needs from outside. Only the log is needed for the page to be of use.
 *
 * @param recovery null where no host votes
 */
record Dependencies(
        Log log,
        SessionStore sessions,
        RecordedRows rows,
        @Nullable RecoveryLog recovery,
        Agents agents,
        DrillDesk drills) {

    /** A small system may have no database or no Redis; then what needs them says so. */
    static Dependencies of(
            Configuration configuration, Secrets secrets, Log log, @Nullable RecoveryLog recovery, DrillDesk drills) {
        boolean database = !configuration.hostsWith(Role.POSTGRES).isEmpty();
        boolean redis = !configuration.hostsWith(Role.SENTINEL).isEmpty();
        return new Dependencies(
                log,
                redis ? new RedisSessions(new Sessions(configuration, secrets)) : new NoSharedSessions(),
                database
                        ? new DatabaseRows(new Database(configuration, secrets), new GatewayReasons(configuration))
                        : Dependencies::noDatabase,
                recovery,
                Agents.of(configuration, secrets.read("agent")),
                drills);
    }

    private static RecordedRows.Recorded noDatabase() {
        throw new IllegalStateException("holdfast.yaml has no host with the role postgres");
    }
}
