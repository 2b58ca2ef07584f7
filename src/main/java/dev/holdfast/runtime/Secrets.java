package dev.holdfast.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** Secrets in files of mode 0600 under the home's {@code secrets} folder (0700). They never appear in arguments or logs. */
public final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;

    public Secrets(Path home) {
        this.folder = home.resolve("secrets");
    }

    /** @throws MissingSecret if there is none, with the step that makes it */
    public String read(String name) {
        Path file = folder.resolve(name);
        try {
            return Files.readString(file).strip();
        } catch (IOException absent) {
            throw new MissingSecret("secret '" + name + "' cannot be read from " + file + " (" + absent.getMessage()
                    + "); './holdfast up' makes it");
        }
    }

    public boolean exists(String name) {
        return Files.exists(folder.resolve(name));
    }

    /** Reads the secret, or makes a random one of 32 hex digits that nobody else can read. */
    public synchronized String readOrCreate(String name) {
        if (!exists(name)) {
            byte[] random = new byte[16];
            RANDOM.nextBytes(random);
            write(name, HexFormat.of().formatHex(random));
        }
        return read(name);
    }

    /** Writes or replaces a secret: a half-written one is never seen. */
    public synchronized void write(String name, String value) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
            Path fresh = folder.resolve(name + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, value + "\n", StandardOpenOption.WRITE);
            Files.move(
                    fresh,
                    folder.resolve(name),
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException("secret '" + name + "' cannot be written to " + folder, failure);
        }
    }

    /** Removes a secret, if it is there. */
    public synchronized void delete(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException failure) {
            throw new UncheckedIOException("secret '" + name + "' cannot be removed from " + folder, failure);
        }
    }

    /** Another value after each change, by whichever process, for the price of one look at the file's attributes. */
    public Object version(String name) {
        try {
            BasicFileAttributes file = Files.readAttributes(folder.resolve(name), BasicFileAttributes.class);
            return List.of(String.valueOf(file.fileKey()), file.lastModifiedTime(), file.size());
        } catch (IOException absent) {
            return "there is none";
        }
    }

    /** A secret that should be there and is not. */
    public static final class MissingSecret extends RuntimeException {
        public MissingSecret(String message) {
            super(message);
        }
    }
}
