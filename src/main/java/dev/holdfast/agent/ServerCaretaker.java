package dev.holdfast.agent;

import dev.holdfast.runtime.BoundedLogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks after one foreign server. One that outlived an earlier agent is ended by its own preparation. */
final class ServerCaretaker implements Caretaker {

    private static final Duration GRACE = Duration.ofSeconds(4);

    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(5);

    private final Source source;
    private final Path logFile;
    private volatile @Nullable Server server;
    private @Nullable Process process;
    private String detail = "";
    private boolean serving;
    private long probedNanos;

    ServerCaretaker(Source source, Path logFile) {
        this.source = source;
        this.logFile = logFile;
    }

    /** Finds a server's programs and folders; a machine that lacks them shows it as a failed start. */
    interface Source {
        Server open() throws IOException, InterruptedException;
    }

    @Override
    public Observation observe() {
        Process known = process;
        if (known == null) {
            return new Observation(false, 0, OptionalInt.empty(), "");
        }
        if (!known.isAlive()) {
            serving = false;
            return new Observation(false, 0, OptionalInt.of(known.exitValue()), "");
        }
        if (!serving || System.nanoTime() - probedNanos > PROBE_INTERVAL.toNanos()) {
            probe();
        }
        return new Observation(true, known.pid(), OptionalInt.empty(), detail);
    }

    @Override
    public String ask() throws IOException {
        Server known = server;
        if (known != null) {
            known.ping();
        }
        return "";
    }

    @Override
    public void act(Decision decision) throws IOException, InterruptedException {
        switch (decision) {
            case START -> start();
            case STOP -> {
                Server known = server;
                if (known != null && process != null && process.isAlive()) {
                    known.stop(process, GRACE);
                }
            }
            case KILL -> {
                Process known = process;
                if (known != null) {
                    known.destroyForcibly();
                    if (!known.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                        throw new IOException("process " + known.pid() + " cannot be killed");
                    }
                }
            }
        }
    }

    private void probe() {
        Server known = server;
        if (known != null) {
            Server.Probe probe = known.probe();
            serving = probe.serving();
            detail = probe.detail();
            probedNanos = System.nanoTime();
        }
    }

    private void start() throws IOException, InterruptedException {
        Server prepared = server == null ? source.open() : server;
        server = prepared;
        prepared.prepare();
        Files.createDirectories(logFile.getParent());
        BoundedLogFile.trim(logFile);
        process = new ProcessBuilder(prepared.command())
                .directory(prepared.workingDirectory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .start();
    }
}
