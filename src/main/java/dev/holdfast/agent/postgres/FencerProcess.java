package dev.holdfast.agent.postgres;

import dev.holdfast.agent.ServerFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of {@code fencer.sh} and of the postmaster under it. A thread of its own writes to the pipe: when that is full, the thread
 * waits and the fencer's answer stays out, but no caller does.
 */
final class FencerProcess implements Fencer {

    private static final Logger LOGGER = LoggerFactory.getLogger(FencerProcess.class);
    private static final String SCRIPT = "fencer.sh";
    private static final String ANNOUNCEMENT = "postmaster ";
    private static final long LOOK_MILLIS = 1_000;

    private final Process process;
    private final BootClock clock;
    private final CompletableFuture<Long> postmaster = new CompletableFuture<>();

    /** Only the newest deadline matters, so there is room for one. */
    private final BlockingQueue<Long> next = new ArrayBlockingQueue<>(1);

    private volatile Answer answer = new Answer(0, 0);

    private record Answer(long deadline, long nanos) {}

    private FencerProcess(Process process, BootClock clock) {
        this.process = process;
        this.clock = clock;
    }

    /**
     * Starts it and the postmaster.
     *
     * @param fencerFolder where it works: a postmaster that has not yet entered its data directory is found there
     * @param postgres the server's program and arguments
     * @param logFile what both print is added to it
     */
    static FencerProcess start(
            ServerFolder folder,
            Path fencerFolder,
            Path dataDirectory,
            List<String> postgres,
            Path logFile,
            BootClock clock)
            throws IOException {
        folder.make(fencerFolder);
        Path script = fencerFolder.resolve(SCRIPT);
        folder.write(script, script());
        List<String> command = new ArrayList<>(List.of("bash", script.toString(), dataDirectory.toString()));
        command.addAll(postgres);
        FencerProcess fencer = new FencerProcess(
                new ProcessBuilder(folder.asUser(command))
                        .directory(fencerFolder.toFile())
                        .redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                        .start(),
                clock);
        Thread.ofPlatform().daemon().name("fencer-answers").start(fencer::readAnswers);
        Thread.ofPlatform().daemon().name("fencer-deadlines").start(fencer::writeDeadlines);
        return fencer;
    }

    @Override
    public boolean alive() {
        return process.isAlive();
    }

    @Override
    public synchronized void deadline(long bootNanos) {
        next.poll();
        next.add(bootNanos);
    }

    @Override
    public long answeredDeadline() {
        return answer.deadline;
    }

    @Override
    public long answeredNanos() {
        return answer.nanos;
    }

    /** The postmaster's process id, once it has told; fails when it ended before. */
    CompletableFuture<Long> postmaster() {
        return postmaster;
    }

    /** Ends it without letting it fence: what is in the data directory is then the caller's to kill. */
    void kill() {
        process.destroyForcibly();
    }

    private void readAnswers() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ANNOUNCEMENT)) {
                    postmaster.complete(Long.parseLong(line.substring(ANNOUNCEMENT.length())));
                } else {
                    answer = new Answer(Long.parseLong(line), clock.nanos());
                }
            }
        } catch (IOException | NumberFormatException unreadable) {
            LOGGER.error("fencer cannot be understood, so it counts as silent pid={}", process.pid(), unreadable);
        } finally {
            postmaster.completeExceptionally(new IOException("the fencer ended"));
        }
    }

    private void writeDeadlines() {
        try (OutputStream pipe = process.getOutputStream()) {
            while (process.isAlive()) {
                Long deadline = next.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (deadline != null) {
                    pipe.write((deadline + "\n").getBytes(StandardCharsets.US_ASCII));
                    pipe.flush();
                }
            }
        } catch (IOException ended) {
            LOGGER.info("fencer takes no more deadlines pid={}: {}", process.pid(), ended.getMessage());
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    private static String script() throws IOException {
        try (InputStream resource =
                Objects.requireNonNull(FencerProcess.class.getResourceAsStream("/postgres/" + SCRIPT))) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
