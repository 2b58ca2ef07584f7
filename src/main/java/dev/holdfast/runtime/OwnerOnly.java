package dev.holdfast.runtime;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Folders and files that only their owner can read. */
public final class OwnerOnly {

    /** How others may use a folder. */
    public enum Access {
        /** Not at all. */
        CLOSED,

        /**
         * Others may pass the folder to something of theirs whose name they know, and cannot list it: a server's user reaches
         * its own folder.
         */
        PASSAGE,

        /** Not at all, and what is in it is left as it is. */
        CLOSED_AS_A_WHOLE
    }

    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> PASSAGE = PosixFilePermissions.fromString("rwx--x--x");

    private OwnerOnly() {}

    /**
     * Makes the folder if it is absent, and closes it to others.
     *
     * @throws IOException also if somebody else made a folder of that name
     */
    public static Path folder(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try {
                return Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOLDER));
            } catch (FileAlreadyExistsException meanwhile) {
                return folder(folder);
            }
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(folder + " is no folder; move it away");
        }
        String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
        if (!owner.equals(System.getProperty("user.name"))) {
            throw new IOException(folder + " belongs to user " + owner
                    + ", who could read and change what is put there;" + " delete it, or work as that user");
        }
        narrow(folder, FOLDER);
        return folder;
    }

    /** Lets others pass a folder of ours whose name they know. */
    public static void passage(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PASSAGE);
    }

    /**
     * Takes from everything in a folder, and from itself, what others may do with it. A link is left alone, and what vanishes
     * meanwhile.
     *
     * @return how many folders and files were open
     */
    public static int close(Path root, Function<Path, Access> accessOfFolder) throws IOException {
        int[] opened = new int[1];
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Access access = accessOfFolder.apply(folder);
                opened[0] += narrow(folder, access == Access.PASSAGE ? PASSAGE : FOLDER);
                return access == Access.CLOSED_AS_A_WHOLE ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                opened[0] += attributes.isSymbolicLink() ? 0 : narrow(file, FOLDER);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                return passOver(failure);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                return failure == null ? FileVisitResult.CONTINUE : passOver(failure);
            }
        });
        return opened[0];
    }

    private static FileVisitResult passOver(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    private static int narrow(Path path, Set<PosixFilePermission> most) throws IOException {
        try {
            Set<PosixFilePermission> now = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
            if (most.containsAll(now)) {
                return 0;
            }
            Set<PosixFilePermission> narrowed = EnumSet.copyOf(most);
            narrowed.retainAll(now);
            Files.setPosixFilePermissions(path, narrowed);
            return 1;
        } catch (NoSuchFileException meanwhile) {
            return 0;
        }
    }
}
