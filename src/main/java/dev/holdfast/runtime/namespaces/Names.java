package dev.holdfast.runtime.namespaces;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How the parts of one home's network are called, and which of them there are.
 *
 * @param bridge the namespace of the switch; those of the hosts begin with it
 * @param operatorLink the interface in the machine's own network
 */
record Names(String bridge, String operatorLink) {

    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final Path LINKS = Path.of("/sys/class/net");

    /** The same path gives the same names. */
    static Names of(Path home) {
        String tag = String.format(
                Locale.ROOT,
                "%08x",
                home.toAbsolutePath().normalize().toString().hashCode());
        return new Names("holdfast-" + tag, "hf-" + tag);
    }

    /** The namespace of a host. */
    String of(String place) {
        return bridge + "-" + place;
    }

    /** Where a host is plugged into the switch. */
    static String port(String place) {
        return "to-" + place;
    }

    /** The file by which a process enters a host. */
    Path entrance(String place) {
        return NAMESPACES.resolve(of(place));
    }

    /** The namespaces of this home that there are, whatever is configured. */
    List<String> existing() {
        try (Stream<Path> all = Files.isDirectory(NAMESPACES) ? Files.list(NAMESPACES) : Stream.empty()) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.equals(bridge) || name.startsWith(bridge + "-"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot list " + NAMESPACES, unreadable);
        }
    }

    boolean operatorLinkExists() {
        return Files.exists(LINKS.resolve(operatorLink));
    }
}
