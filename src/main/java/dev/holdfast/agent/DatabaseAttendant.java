package dev.holdfast.agent;

import dev.holdfast.agent.ChildStatus.State;
import dev.holdfast.agent.postgres.KeptStatus;
import dev.holdfast.agent.postgres.PostgresKeeping;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.runtime.BoundedLogFile;
import dev.holdfast.runtime.Health;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows this host's PostgreSQL, which is not the agent's to start and stop but the recovery machine's. */
final class DatabaseAttendant implements Attended {

    private static final int SHOWN_LINES = 5;

    private final PostgresKeeping keeping;
    private final Path logFile;
    private volatile boolean stopped;

    DatabaseAttendant(PostgresKeeping keeping, Path logFile) {
        this.keeping = keeping;
        this.logFile = logFile;
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public void start() {
        keeping.start();
    }

    @Override
    public ChildStatus status() {
        KeptStatus kept = keeping.status();
        return new ChildStatus(
                name(),
                state(kept),
                stopped ? 0 : kept.pid(),
                0,
                null,
                null,
                kept.detail()
                        + (kept.failure().isEmpty() ? "" : "; the last start failed: " + kept.failure())
                        + (kept.cloneFailure().isEmpty() ? "" : "; the last clone failed: " + kept.cloneFailure()),
                BoundedLogFile.tail(logFile, SHOWN_LINES));
    }

    /** @return why not, empty when it is under way */
    String restart() throws InterruptedException {
        return keeping.restart();
    }

    private State state(KeptStatus kept) {
        if (stopped) {
            return State.STOPPED;
        }
        if (kept.role() != InstanceRole.NONE) {
            return State.RUNNING;
        }
        return kept.failure().isEmpty() && kept.cloneFailure().isEmpty() ? State.STARTING : State.WAITING;
    }

    /** Whether clients who write may be sent here. */
    Health primary() {
        return answer(keeping.status().serving(), "this host's PostgreSQL is not the primary in service");
    }

    /** Whether clients who only read may be sent here. */
    Health replica() {
        return answer(
                keeping.status().following(), "this host's PostgreSQL does not stream from the primary in service");
    }

    private Health answer(boolean yes, String otherwise) {
        KeptStatus kept = keeping.status();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("role", kept.role());
        details.put("phase", kept.phase());
        details.put("term", kept.term());
        details.put("holder", kept.holder());
        details.put("leaseMillis", kept.leaseMillis());
        details.put("usedTerm", kept.usedTerm());
        return yes ? Health.healthy(details) : Health.unhealthy(otherwise + ": " + kept.detail(), details);
    }

    @Override
    public void close() {
        keeping.close();
        stopped = true;
    }
}
