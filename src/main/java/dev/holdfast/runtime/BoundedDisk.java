package dev.holdfast.runtime;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A disk of its own for one folder: a file with a file system in it, mounted there. It can be filled to its last byte without danger
 * to the machine's disk, of which it takes only what was written to it.
 */
public final class BoundedDisk {

    /** A database and two copies of it find room in it, and the WAL that it keeps for a standby that is away. */
    public static final int LEAST_MEGABYTES = 1_024;

    public static final int MOST_MEGABYTES = 1_048_576;

    private static final List<String> PROGRAMS = List.of("mkfs.ext4", "mount", "umount", "mountpoint", "fallocate");
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String BALLAST = "ballast-";

    /** Others write to it meanwhile, and the file system itself needs blocks for what it is given. */
    private static final int MOST_ROUNDS = 50;

    private final Path image;
    private final Path folder;

    /**
     * @param image the file, made at the first {@link #mount}
     * @param folder where it is mounted
     */
    public BoundedDisk(Path image, Path folder) {
        this.image = image.toAbsolutePath();
        this.folder = folder.toAbsolutePath();
    }

    /** Why no such disk can be had here, and what to do; empty when it can be tried. */
    public static Optional<String> unavailable() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("only root may mount a disk: run it with sudo");
        }
        return PROGRAMS.stream()
                .filter(program -> find(program).isEmpty())
                .findFirst()
                .map(program -> "the program '" + program
                        + "' is missing: run 'apt-get install -y e2fsprogs mount util-linux'");
    }

    public boolean exists() {
        return Files.exists(image);
    }

    /** Made if it is not there; its ballast is thrown off. Nothing when it is mounted. */
    public void mount(int megabytes) throws IOException, InterruptedException {
        if (mounted()) {
            return;
        }
        if (!exists()) {
            make(megabytes);
        }
        Files.createDirectories(folder);
        run("mount", "-o", "loop,nosuid,nodev", image.toString(), folder.toString());
        relieve();
    }

    /** A half-made one is never seen. */
    private void make(int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(image.getParent());
        Path fresh = image.resolveSibling(image.getFileName() + ".fresh");
        Files.deleteIfExists(fresh);
        try (RandomAccessFile file = new RandomAccessFile(fresh.toFile(), "rw")) {
            file.setLength((long) megabytes << 20); // it holds no block yet
        }
        // None of it is kept back for root.
        run("mkfs.ext4", "-q", "-F", "-m", "0", fresh.toString());
        Files.move(fresh, image, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Nothing when it is not mounted. @throws IOException if somebody works there */
    public void unmount() throws IOException, InterruptedException {
        if (mounted()) {
            run("umount", folder.toString());
        }
    }

    public boolean mounted() throws IOException, InterruptedException {
        return Files.isDirectory(folder) && execute("mountpoint", "-q", folder.toString()).exitCode == 0;
    }

    /**
     * Takes all room that there is. It stays taken until {@link #relieve}, whatever becomes of us.
     *
     * @throws IOException if there is room left in the end; what was taken is given back
     */
    public void fill() throws IOException, InterruptedException {
        if (!mounted()) {
            throw new IOException("there is no disk of its own at " + folder + " that could be filled");
        }
        String trouble = "";
        for (int round = 1; round <= MOST_ROUNDS && freeBytes() > 0; round++) {
            // What it got before it was refused stays its own.
            Result taken = execute(
                    "fallocate",
                    "--length",
                    Long.toString(freeBytes()),
                    folder.resolve(BALLAST + round).toString());
            trouble = taken.output;
        }
        if (freeBytes() > 0) {
            relieve();
            throw new IOException("the disk at " + folder + " could not be filled: " + trouble);
        }
    }

    /** Gives back what {@link #fill} took; may be repeated. */
    public void relieve() throws IOException {
        try (DirectoryStream<Path> ballast = Files.newDirectoryStream(folder, BALLAST + "*")) {
            for (Path each : ballast) {
                Files.deleteIfExists(each);
            }
        }
    }

    public long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    private record Result(int exitCode, String output) {}

    private static void run(String... words) throws IOException, InterruptedException {
        Result result = execute(words);
        if (result.exitCode != 0) {
            throw new IOException("'" + String.join(" ", words) + "' failed: " + result.output
                    + "; a disk in a file needs a Linux kernel with loop devices and ext4, and in a container the capability"
                    + " CAP_SYS_ADMIN");
        }
    }

    private static Result execute(String... words) throws IOException, InterruptedException {
        Path program = find(words[0]).orElseThrow(() -> new IOException("there is no '" + words[0] + "' in " + PLACES));
        List<String> command = new ArrayList<>(List.of(words));
        command.set(0, program.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new IOException("'" + String.join(" ", words) + "' took longer than " + LIMIT.toSeconds() + " s");
        }
        return new Result(process.exitValue(), output);
    }

    private static Optional<Path> find(String program) {
        return PLACES.stream()
                .map(place -> place.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
