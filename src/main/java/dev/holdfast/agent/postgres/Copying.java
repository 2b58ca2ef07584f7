package dev.holdfast.agent.postgres;

import dev.holdfast.agent.LeftBehind;
import dev.holdfast.agent.ServerFolder;
import dev.holdfast.agent.ShortCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what reads a whole database: when nothing else wants the processor or the disk, and only a part of the time when it is told so. A
 * stopped reader fills the connection, and so stops its source from reading; nothing in the source is stopped, so no lock there is held longer.
 */
final class Copying {

    private static final Logger LOGGER = LoggerFactory.getLogger(Copying.class);

    /** In each it reads for its part. */
    private static final long ROUND_MILLIS = 1_000;

    /** A new session has a scheduling group of its own (sched(7), "the autogroup feature"), which must come last too. */
    private static final String LAST_OF_ALL = """
            echo 10 2>/dev/null > /proc/self/autogroup
            exec nice -n 10 ionice -c 2 -n 7 "$@"
            """;

    /** Has the kernel kill the copying process when the agent ends. A change of user would undo this (prctl(2), PR_SET_PDEATHSIG), so it comes after that change. */
    private static final List<String> MORTAL = List.of("setpriv", "--pdeathsig=KILL", "--");

    private final ServerFolder folder;
    private volatile int percent = 100;

    /** @param folder as whose user it runs */
    Copying(ServerFolder folder) {
        this.folder = folder;
    }

    /** How much of the time it may read, 1 to 100 percent. */
    void pace(int ofTheTime) {
        percent = ofTheTime;
    }

    /** An interrupt ends it and the program. */
    void run(String step, List<String> command, Map<String, String> environment, Duration limit)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("setsid", "sh", "-c", LAST_OF_ALL, "holdfast-" + step));
        List<String> mortal = new ArrayList<>(MORTAL);
        mortal.addAll(command);
        words.addAll(folder.asUser(mortal));
        ShortCommand.Result result = ShortCommand.run(
                words, environment, "", limit, process -> Thread.ofVirtual().start(() -> brake(step, process)));
        if (!result.succeeded()) {
            throw new IOException(step + " failed with exit code " + result.exitCode() + ": " + result.lastWords());
        }
    }

    private void brake(String step, Process process) {
        int told = 100;
        try {
            while (process.isAlive()) {
                int now = percent;
                if (now != told) {
                    LOGGER.info("{} may read {} percent of the time", step, now);
                    told = now;
                }
                if (now < 100) {
                    LeftBehind.signal(process.pid(), "STOP");
                    boolean _ = process.waitFor(ROUND_MILLIS * (100 - now) / 100, TimeUnit.MILLISECONDS);
                    LeftBehind.signal(process.pid(), "CONT");
                }
                boolean _ = process.waitFor(ROUND_MILLIS * now / 100, TimeUnit.MILLISECONDS);
            }
        } catch (IOException unsignalled) {
            LOGGER.warn("{} cannot be slowed, so it is ended: {}", step, unsignalled.getMessage());
            process.destroyForcibly(); // it may be stopped for good
        } catch (InterruptedException never) {
            process.destroyForcibly();
        }
    }
}
