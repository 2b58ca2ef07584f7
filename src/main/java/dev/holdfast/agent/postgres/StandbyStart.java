package dev.holdfast.agent.postgres;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.agent.postgres.Instance.Outcome;
import dev.holdfast.runtime.BoundedLogFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts the server under a fencer, always as a standby, and waits until it takes connections. */
final class StandbyStart {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final long LOOK_AGAIN_MILLIS = 5;
    private static final int SHOWN_LINES = 3;

    /** Of postmaster.pid (pidfile.h): the first line is the process, the eighth whether it takes connections. */
    private static final int STATUS_LINE = 7;

    private final PostgresBinaries binaries;
    private final ServerFolder folder;
    private final ServerFiles files;
    private final Path serverFile;
    private final DataProcesses processes;
    private final NewestFencer fencer;
    private final BootClock clock;
    private final Path logFile;

    StandbyStart(
            PostgresBinaries binaries,
            ServerFolder folder,
            ServerFiles files,
            Path serverFile,
            DataProcesses processes,
            NewestFencer fencer,
            BootClock clock,
            Path logFile) {
        this.binaries = binaries;
        this.folder = folder;
        this.files = files;
        this.serverFile = serverFile;
        this.processes = processes;
        this.fencer = fencer;
        this.clock = clock;
        this.logFile = logFile;
    }

    /** Ends what was left behind and starts the fencer with the postmaster. */
    void begin(Run run) throws IOException, InterruptedException, Run.Ended {
        run.requireOpen();
        // Also a fencer that an earlier agent left frozen: it would kill the server that is started now.
        processes.kill();
        files.writeConfiguration();
        files.standby();
        Files.createDirectories(logFile.toAbsolutePath().getParent());
        BoundedLogFile.trim(logFile);
        run.start(() -> {
            FencerProcess started = FencerProcess.start(
                    folder, folder.resolve("fencer"), files.dataDirectory(), command(), logFile, clock);
            fencer.started(started);
            return started;
        });
    }

    /** Waits until it takes connections. */
    Outcome await(Run run) throws InterruptedException, Run.Ended {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try {
            run.postmaster(run.fencer().postmaster().get(LIMIT.toNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException failure) {
            run.postmaster(-1);
            return new Outcome(
                    "the fencer did not start the postmaster (" + failure.getMessage() + "): " + lastWords());
        }
        while (!takesConnections(run.postmaster())) {
            run.requireOpen();
            if (!processes.contains(run.postmaster())) {
                return new Outcome("PostgreSQL ended while it started: " + lastWords());
            }
            if (System.nanoTime() - deadline >= 0) {
                return new Outcome("PostgreSQL took no connections within " + LIMIT.toSeconds() + " s: " + lastWords());
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        return Outcome.DONE;
    }

    /** As pg_ctl finds out, which costs the server nothing. */
    private boolean takesConnections(long postmaster) {
        try {
            List<String> lines = Files.readString(
                            files.dataDirectory().resolve("postmaster.pid"), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
            return lines.size() > STATUS_LINE
                    && lines.getFirst().strip().equals(Long.toString(postmaster))
                    && lines.get(STATUS_LINE).strip().equals("ready");
        } catch (IOException notYet) {
            return false;
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                binaries.program("postgres"),
                "-D",
                files.dataDirectory().toString(),
                "-c",
                "config_file=" + serverFile));
        command.addAll(PostgresSettings.fixed());
        return command;
    }

    private String lastWords() {
        return String.join(" | ", BoundedLogFile.tail(logFile, SHOWN_LINES)) + "; see " + logFile;
    }
}
