package dev.holdfast.agent;

import dev.holdfast.runtime.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The folder one server lives in, owned by the user it runs as. */
public final class ServerFolder {

    private static final Path OUTSIDE_HOME = Path.of("/var/lib/holdfast");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> READ_ONLY_FILE = PosixFilePermissions.fromString("r--------");
    private static final Set<PosixFilePermission> READ_ONLY_FOLDER = PosixFilePermissions.fromString("r-x------");
    private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final Optional<UnprivilegedUser> user;

    private ServerFolder(Path path, Optional<UnprivilegedUser> user) {
        this.path = path;
        this.user = user;
    }

    /** Under the home if the user can work there, else under {@code /var/lib/holdfast}, named by the home's path. */
    public static ServerFolder open(Path home, String host, String server, Optional<UnprivilegedUser> user)
            throws IOException, InterruptedException {
        Path inHome =
                home.toAbsolutePath().normalize().resolve("hosts").resolve(host).resolve(server);
        ServerFolder preferred = new ServerFolder(inHome, user);
        preferred.make(inHome);
        preferred.letPass(home.toAbsolutePath().normalize());
        if (user.isEmpty() || user.get().canWork(inHome)) {
            return preferred;
        }
        Path outside = outside(home).resolve(host).resolve(server);
        ServerFolder fallback = new ServerFolder(outside, user);
        fallback.make(outside);
        fallback.letPass(OUTSIDE_HOME);
        if (!user.get().canWork(outside)) {
            throw new IOException("user " + user.get() + " can work neither in " + inHome + " nor in " + outside
                    + "; choose a --home that this user can reach");
        }
        return fallback;
    }

    /** Lets the server's user reach this folder from one above; the folders between can be passed and not listed. */
    private void letPass(Path from) throws IOException {
        if (user.isPresent()) {
            for (Path above = path.getParent(); above != null && above.startsWith(from); above = above.getParent()) {
                OwnerOnly.passage(above);
            }
        }
    }

    /** Where the folders of a home are that the unprivileged user cannot reach. */
    public static Path outside(Path home) {
        return OUTSIDE_HOME.resolve(shortHash(home));
    }

    public Path path() {
        return path;
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    public List<String> asUser(List<String> command) {
        return user.map(known -> known.wrap(command)).orElse(command);
    }

    /** Makes a folder only the server's user can enter. */
    public void make(Path folder) throws IOException {
        Files.createDirectories(folder);
        give(folder);
        Files.setPosixFilePermissions(folder, OWNER_ONLY);
    }

    /** Writes or replaces a file only the server's user can read; a half-written one is never seen. */
    public void write(Path file, String content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".fresh");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PRIVATE_FILE));
        Files.writeString(fresh, content, StandardOpenOption.WRITE);
        give(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes or replaces a file that the server's user can read and SQL cannot write: the server opens no file it may not write. */
    public void writeReadOnly(Path file, String content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".fresh");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PRIVATE_FILE));
        Files.writeString(fresh, content, StandardOpenOption.WRITE);
        Files.setPosixFilePermissions(fresh, READ_ONLY_FILE);
        give(fresh);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes a folder in which the server's user can make nothing; one that is there is left as it is. */
    public void makeReadOnly(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Files.deleteIfExists(folder);
        Files.createDirectory(folder);
        give(folder);
        Files.setPosixFilePermissions(folder, READ_ONLY_FOLDER);
    }

    public void give(Path fileOrFolder) throws IOException {
        if (user.isPresent()) {
            user.get().give(fileOrFolder);
        }
    }

    /** Deletes a folder and what is in it; only for what was never completed. */
    public static void deleteUnfinished(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(each);
            }
        }
    }

    private static String shortHash(Path home) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(home.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
