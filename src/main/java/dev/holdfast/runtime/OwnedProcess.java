package dev.holdfast.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One process that works in a folder of its own and is remembered there, so that whoever comes after the starter's death finds
 * it again. It is known by pid, start time and working directory together: a pid alone is soon another's, and some programs
 * (Redis) rewrite their arguments. It outlives its starter, and a terminal's interrupt does not reach it. Not thread-safe.
 */
public final class OwnedProcess {

    /** A file of this name in its folder says why the process must not be started until a person has looked. */
    public static final String HALT_FILE = "HALTED";

    private static final String PID_FILE = "pid";
    /** The kernel tells processor times in hundredths of a second, on every machine. */
    private static final long TICK_NANOS = 10_000_000;

    private static final Path PROCESSES = Path.of("/proc");
    private static final Path SET_SESSION = Path.of("/usr/bin/setsid");
    private static final Duration KILL_LIMIT = Duration.ofSeconds(2);

    private final Path folder;
    private final Path logFile;
    private @Nullable Process started;

    /**
     * @param folder its working directory; made at the start if absent
     * @param logFile receives what it prints, after what is there
     */
    public OwnedProcess(Path folder, Path logFile) {
        this.folder = folder.toAbsolutePath().normalize();
        this.logFile = logFile.toAbsolutePath();
    }

    public Path folder() {
        return folder;
    }

    public Path logFile() {
        return logFile;
    }

    /** Starts it with these variables added to the environment. Call only when {@link #running} is empty. */
    public void start(List<String> command, Map<String, String> environment) throws IOException {
        Files.createDirectories(folder);
        Files.createDirectories(logFile.getParent());
        BoundedLogFile.trim(logFile);
        ProcessBuilder builder = new ProcessBuilder(inOwnSession(command))
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started = process;
        remember(process.toHandle());
    }

    /** The process, if it lives: started by this object or remembered in the folder. */
    public Optional<ProcessHandle> running() {
        Process own = started;
        if (own != null) {
            return own.isAlive() ? Optional.of(own.toHandle()) : Optional.empty();
        }
        return remembered();
    }

    /** How it ended, known only for a process that this object started. A signal counts as 128 and its number. */
    public OptionalInt exitCode() {
        Process own = started;
        return own == null || own.isAlive() ? OptionalInt.empty() : OptionalInt.of(own.exitValue());
    }

    /** Why it must not be started; empty when it may be. */
    public Optional<String> halted() {
        Path file = folder.resolve(HALT_FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException unreadable) {
            return Optional.of(file + " says why and cannot be read: " + unreadable.getMessage());
        }
    }

    /** Asks it to end (SIGTERM), and kills it when the grace is over. Returns when it is gone. */
    public void stop(Duration grace) throws InterruptedException {
        Optional<ProcessHandle> handle = running();
        if (handle.isPresent()) {
            handle.get().destroy();
            if (!awaitExit(handle.get(), grace)) {
                kill();
            }
        }
        forget();
    }

    /** Kills it at once (SIGKILL). */
    public void kill() throws InterruptedException {
        Optional<ProcessHandle> handle = running();
        if (handle.isPresent()) {
            handle.get().destroyForcibly();
            awaitExit(handle.get(), KILL_LIMIT);
        }
        forget();
    }

    /** @return false if it still lives after this time */
    public static boolean awaitExit(ProcessHandle handle, Duration limit) throws InterruptedException {
        try {
            handle.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillAlive) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("waiting for the end of process " + handle.pid(), impossible);
        }
    }

    /** Every living process whose working directory is this folder or lies below it; none where there is no /proc. */
    public static List<ProcessHandle> workingUnder(Path folder) {
        Path real = real(folder);
        try (Stream<Path> entries = Files.isDirectory(PROCESSES) ? Files.list(PROCESSES) : Stream.empty()) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> Character.isDigit(name.charAt(0)))
                    .mapToLong(Long::parseLong)
                    .filter(pid -> workingDirectory(pid)
                            .map(directory -> directory.startsWith(real))
                            .orElse(false))
                    .boxed()
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot list " + PROCESSES, unreadable);
        }
    }

    /** Whether a process is stopped by a signal (SIGSTOP): it lives and does nothing. */
    public static boolean frozen(long pid) {
        return seen(pid).frozen();
    }

    /**
     * One look at a process from outside, without asking it. One read gives all of it, where {@link ProcessHandle#info} reads three
     * files and looks the user up.
     *
     * @param frozen whether a signal has stopped it
     * @param traced whether a debugger holds it
     * @param processorNanos processor time that it has used since its start
     */
    public record Seen(boolean frozen, boolean traced, long processorNanos) {}

    /** As Linux writes it (proc(5), {@code stat}, fields 3, 14 and 15); nothing of a process that is gone. */
    public static Seen seen(long pid) {
        try {
            String stat = Files.readString(PROCESSES.resolve(Long.toString(pid)).resolve("stat"));
            // The program's name before it may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 14);
            long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            return new Seen(fields[0].equals("T"), fields[0].equals("t"), ticks * TICK_NANOS);
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException goneOrForeign) {
            return new Seen(false, false, 0);
        }
    }

    private static List<String> inOwnSession(List<String> command) {
        return Files.isExecutable(SET_SESSION)
                ? Stream.concat(Stream.of(SET_SESSION.toString()), command.stream())
                        .toList()
                : command;
    }

    private void remember(ProcessHandle handle) throws IOException {
        Path fresh = folder.resolve(PID_FILE + ".new");
        Files.writeString(fresh, handle.pid() + " " + startMillis(handle) + "\n");
        Files.move(
                fresh, folder.resolve(PID_FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void forget() {
        try {
            Files.deleteIfExists(folder.resolve(PID_FILE));
        } catch (IOException undeletable) {
            throw new UncheckedIOException("cannot delete the pid file in " + folder, undeletable);
        }
    }

    private Optional<ProcessHandle> remembered() {
        String text;
        try {
            text = Files.readString(folder.resolve(PID_FILE)).strip();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            text = "";
        }
        if (!text.matches("\\d{1,18} \\d{1,18}")) {
            // A pid file is a hint; a torn one means that the process must be found by its working directory.
            return workingUnder(folder).stream().findFirst();
        }
        String[] words = text.split(" ", -1);
        long pid = Long.parseLong(words[0]);
        long start = Long.parseLong(words[1]);
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> startMillis(handle) == start)
                // A dead process that nobody has waited for yet has no working directory any more.
                .filter(handle -> !Files.isDirectory(PROCESSES)
                        || workingDirectory(pid)
                                .map(directory -> directory.startsWith(real(folder)))
                                .orElse(false));
    }

    private static long startMillis(ProcessHandle handle) {
        return handle.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
    }

    private static Optional<Path> workingDirectory(long pid) {
        try {
            return Optional.of(
                    Files.readSymbolicLink(PROCESSES.resolve(Long.toString(pid)).resolve("cwd")));
        } catch (IOException goneOrForeign) {
            return Optional.empty();
        }
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException absent) {
            return folder.toAbsolutePath().normalize();
        }
    }
}
