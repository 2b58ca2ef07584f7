package dev.holdfast.runtime;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Under which names a server of ours may be called. A page of another site can have its own name answered with our address,
 * and then call us as if we were that site; its calls carry its name in the header {@code Host}, which is none of these.
 */
public final class HostHeader {

    private static final List<String> OF_THIS_MACHINE = List.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> names = new TreeSet<>(OF_THIS_MACHINE);

    /** @param addresses where the server can be reached, besides this machine's own names */
    public HostHeader(Collection<String> addresses) {
        addresses.forEach(address -> names.add(address.toLowerCase(Locale.ROOT)));
    }

    /** For a server of a host: its own address, and those of the other hosts under their names too. */
    public static HostHeader of(Configuration configuration) {
        List<String> all = new ArrayList<>();
        configuration.hosts().forEach(host -> all.addAll(List.of(host.name(), host.address())));
        return new HostHeader(all);
    }

    /**
     * Why a request with this header is refused; empty when it is not. A request of HTTP/1.0 may have none.
     *
     * @param header NAME or NAME:PORT; any port, as a tunnel may lead here
     */
    public String fault(@Nullable String header) {
        if (header == null || names.contains(name(header))) {
            return "";
        }
        return "the header Host names none of " + names + "; call this server by one of them";
    }

    private static String name(String header) {
        int port = header.lastIndexOf(':');
        String name = port > header.lastIndexOf(']') ? header.substring(0, port) : header;
        return name.toLowerCase(Locale.ROOT);
    }
}
