package dev.holdfast.drill;

import dev.holdfast.runtime.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The running system of one home, as far as a drill looks at it and acts on it. No process of another home is ever shown. */
public interface RunningSystem {

    Configuration configuration();

    /** Asks all agents at once; bounded to a few seconds. */
    List<HostView> look() throws InterruptedException;

    /** Asks one agent. */
    HostView look(String host) throws InterruptedException;

    /**
     * Where the processes of a host work, as the kernel names it.
     *
     * @param process one of them, or empty for all of the host
     */
    List<Path> folders(String host, String process);

    /** Whether the simulated exchange runs. */
    boolean exchangeRuns();

    /** Starts an agent that is gone, as {@code up} does; nothing when it runs. */
    void startAgent(String host) throws IOException, InterruptedException;

    /** Tells the agent that a process died by a drill's hand, so that its back-off does not grow. */
    void forgive(String host, String process) throws InterruptedException;

    /**
     * Log time of the newest event that the primary database holds.
     *
     * @throws Exception if it cannot be told now
     */
    long durableLogTimeNanos() throws Exception;

    /**
     * Takes a host off the network. What is cut stays so until it is healed, whatever becomes of us.
     *
     * @throws IOException if it cannot be done, or cannot be seen to have been done
     */
    void cut(String host) throws IOException, InterruptedException;

    /** Ends {@link #cut}; may be repeated. */
    void heal(String host) throws IOException, InterruptedException;

    /**
     * Takes all room on the disk of a host's database. It stays taken until it is given back, whatever becomes of us.
     *
     * @throws IOException if it has no disk of its own, or there is room left
     */
    void fillDisk(String host) throws IOException, InterruptedException;

    /** Ends {@link #fillDisk}; may be repeated. */
    void relieveDisk(String host) throws IOException, InterruptedException;

    /**
     * Does to a host's PostgreSQL what a careless or hostile superuser could. The system puts it right by itself.
     *
     * @throws IOException if it could not be done
     */
    void changeSettings(String host) throws IOException, InterruptedException;

    /** Makes the table that {@link Rows} writes, where there is none, and empties it of what earlier drills left. */
    void prepareRows() throws SQLException;

    /** A session with the primary as a client makes it, with short time-outs. */
    Connection primarySession() throws SQLException;

    /** A session with this host's database, whatever it is, that waits longer than a freeze lasts. */
    Connection sessionWith(String host) throws SQLException;

    /**
     * Makes the simulated exchange misbehave, bounded by itself.
     *
     * @throws IOException if it does not take it
     */
    void disturbExchange(String faultJson) throws IOException, InterruptedException;

    /** Ends every fault at the exchange. */
    void calmExchange() throws IOException, InterruptedException;

    /**
     * @param answers whether the agent answers; then the processes are what it says
     * @param agentPid 0 when it does not run
     * @param supervisorPid of what starts the agent again; 0 when it does not run
     */
    record HostView(String host, boolean answers, long agentPid, long supervisorPid, List<ProcessView> processes) {
        public HostView {
            processes = List.copyOf(processes);
        }
    }

    /**
     * @param state as its agent names it
     * @param pid 0 when it does not run
     * @param health what it says of itself, null for what it does not know, empty when it says nothing
     */
    record ProcessView(String host, String name, String state, long pid, String detail, Map<String, Object> health) {
        public ProcessView {
            health = Collections.unmodifiableMap(new LinkedHashMap<>(health)); // copyOf takes no null
        }

        public String label() {
            return host + "-" + name;
        }

        boolean runs() {
            return state.equals("RUNNING") && pid != 0;
        }
    }
}
