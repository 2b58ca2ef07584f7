package dev.holdfast.cli;

import dev.holdfast.runtime.Heartbeat;
import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Stands in for a machine's own service manager: a shell ({@code supervisor.sh}) that starts one agent again whenever it ends out of
 * order, and kills it first when it lives and does nothing. The agent replaces it in turn ({@link SupervisorWatch}). There is never
 * more than one for each agent: it holds a lock, and a second one ends by itself.
 */
final class Supervisor {

    /** Known to the shell under these names; the heartbeat is {@link Heartbeat#FILE}. */
    private static final String STOP_FILE = "stopping";

    /** Locked by the one that lives, and holds its pid. */
    private static final String OWN_FILE = "supervisor";

    private static final String SHELL_NAME = "holdfast-supervisor";
    private static final String LOOK_SECONDS = "2";
    private static final Duration KILL_LIMIT = Duration.ofSeconds(2);

    private final Path folder;
    private final Path logFile;

    /**
     * @param folder the agent's working directory, and the supervisor's
     * @param logFile receives what both print
     */
    Supervisor(Path folder, Path logFile) {
        this.folder = folder.toAbsolutePath().normalize();
        this.logFile = logFile;
    }

    Path folder() {
        return folder;
    }

    /** The shell, if it lives. */
    Optional<ProcessHandle> running() {
        String text;
        try {
            text = Files.readString(folder.resolve(OWN_FILE)).strip();
        } catch (NoSuchFileException never) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot tell whether an agent has a supervisor", unreadable);
        }
        return text.matches("\\d{1,18}")
                ? ProcessHandle.of(Long.parseLong(text)).filter(this::isOne)
                : Optional.empty();
    }

    /** A pid alone is soon another's. */
    private boolean isOne(ProcessHandle handle) {
        Path process = Path.of("/proc", Long.toString(handle.pid()));
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(folder.toRealPath())
                    && Files.readString(process.resolve("cmdline")).contains("\0" + SHELL_NAME + "\0");
        } catch (IOException gone) {
            return false;
        }
    }

    /** Whether it is stopped by a signal: it lives and would not notice the agent's end. */
    boolean frozen() {
        return running().map(shell -> OwnedProcess.frozen(shell.pid())).orElse(false);
    }

    /** The agent, if it lives, whoever started it. */
    Optional<ProcessHandle> agent() {
        return OwnedProcess.workingUnder(folder).stream()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .findFirst();
    }

    /**
     * Starts it. It takes over an agent that lives, otherwise it starts one.
     *
     * @param agentCommand starts the agent
     * @param inPlace makes of a command the one that runs it in the host's network
     */
    void start(List<String> agentCommand, UnaryOperator<List<String>> inPlace) throws IOException {
        new OwnedProcess(folder, logFile).start(inPlace.apply(around(agentCommand, agent(), LOOK_SECONDS)), Map.of());
    }

    List<String> around(List<String> agentCommand, Optional<ProcessHandle> agent, String lookSeconds)
            throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "bash",
                "-c",
                script(),
                SHELL_NAME,
                folder.toString(),
                lookSeconds,
                agent.map(living -> Long.toString(living.pid())).orElse("")));
        words.addAll(agentCommand);
        return words;
    }

    /** Kills it; the agent goes on. */
    void kill() throws InterruptedException {
        Optional<ProcessHandle> shell = running();
        if (shell.isPresent()) {
            shell.get().destroyForcibly();
            boolean _ = OwnedProcess.awaitExit(shell.get(), KILL_LIMIT);
        }
    }

    /** Before a start. */
    void allow() throws IOException {
        Files.deleteIfExists(folder.resolve(STOP_FILE));
    }

    /** From now on neither the agent nor its supervisor is started again. */
    void forbid() throws IOException {
        if (Files.isDirectory(folder)) {
            Files.writeString(folder.resolve(STOP_FILE), "");
        }
    }

    boolean forbidden() {
        return Files.exists(folder.resolve(STOP_FILE));
    }

    private static String script() throws IOException {
        try (InputStream resource =
                Objects.requireNonNull(Supervisor.class.getResourceAsStream("/supervisor/supervisor.sh"))) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
