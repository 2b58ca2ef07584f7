package dev.holdfast.cluster;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which build this process runs: a release lies in a folder of its own, named by its content. */
public final class Release {

    /** Of classes that come from no release's folder: a test, or a development environment. */
    public static final String NONE = "unreleased";

    /** The folder in which a checkout, and each home, keeps releases. */
    public static final String FOLDER = "releases";

    /** About 40 MB each, shared with the checkout until that forgets it. */
    static final int MAX_KEPT = 8;

    private Release() {}

    public static String current() {
        Path folder = folder();
        return folder == null ? NONE : folder.getFileName().toString();
    }

    /** The folder with this release's jars; null when it comes from none. */
    public static @Nullable Path folder() {
        CodeSource source = Release.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return null;
        }
        try {
            Path folder = Path.of(source.getLocation().toURI()).getParent();
            Path above = folder == null ? null : folder.getParent();
            return above != null && above.endsWith(FOLDER) ? folder : null;
        } catch (URISyntaxException | IllegalArgumentException odd) {
            return null; // classes that lie in no file
        }
    }

    /**
     * Keeps this release's jars in a home, so that what it writes there can be replayed after later builds: as hard links where
     * possible. Of the releases kept before, the oldest beyond {@link #MAX_KEPT} go.
     */
    public static void keepIn(Path home) throws IOException {
        Path own = folder();
        if (own == null) {
            return;
        }
        Path kept = home.resolve(FOLDER);
        Path target = kept.resolve(own.getFileName().toString());
        if (!Files.isDirectory(target)) {
            Path unfinished = Files.createDirectories(
                    kept.resolve(".unfinished-" + ProcessHandle.current().pid()));
            for (Path jar : list(own)) {
                if (jar.toString().endsWith(".jar")) {
                    linkOrCopy(jar, unfinished.resolve(jar.getFileName()));
                }
            }
            try {
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException another) {
                delete(unfinished); // another trader of this home was faster
            }
        }
        List<Path> all = new ArrayList<>(list(kept));
        all.sort(Comparator.comparingLong(folder -> folder.toFile().lastModified()));
        while (all.size() > MAX_KEPT) {
            delete(all.removeFirst());
        }
    }

    private static void linkOrCopy(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (UnsupportedOperationException | FileSystemException otherDisk) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path folder) throws IOException {
        for (Path file : list(folder)) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
