package dev.holdfast.drill;

import dev.holdfast.runtime.Configuration;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The running system of one home, as far as a drill looks at it and acts on it. No process of another home is ever shown. */
public interface RunningSystem {

    Configuration configuration();

    /** Asks all agents at once; bounded to a few seconds. */
    List<HostView> look() throws InterruptedException;

    /** Asks one agent. */
    HostView look(String host) throws InterruptedException;

    /** Whether the simulated exchange runs. */
    boolean exchangeRuns();

    /** Starts an agent that is gone, as {@code up} does; nothing when it runs. */
    void startAgent(String host) throws IOException;

    /** Tells the agent that a process died by a drill's hand, so that its back-off does not grow. */
    void forgive(String host, String process) throws InterruptedException;

    /**
     * Log time of the newest event that the primary database holds.
     *
     * @throws Exception if it cannot be told now
     */
    long durableLogTimeNanos() throws Exception;

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
     */
    record HostView(String host, boolean answers, long agentPid, List<ProcessView> processes) {
        public HostView {
            processes = List.copyOf(processes);
        }
    }

    /**
     * @param state as its agent names it
     * @param pid 0 when it does not run
     * @param health what it says of itself, empty when it says nothing
     */
    record ProcessView(String host, String name, String state, long pid, String detail, Map<String, Object> health) {
        public ProcessView {
            health = Map.copyOf(health);
        }

        public String label() {
            return host + "-" + name;
        }

        boolean runs() {
            return state.equals("RUNNING") && pid != 0;
        }
    }
}
