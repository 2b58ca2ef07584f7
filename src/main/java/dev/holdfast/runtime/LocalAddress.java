package dev.holdfast.runtime;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * From which address a host speaks to the broker. Hosts that are loopback addresses of one machine would all come from one; the
 * exchange beside them shall tell them apart, as a broker with registered addresses does. Elsewhere the routes decide.
 */
public final class LocalAddress {

    private LocalAddress() {}

    /** The address from which a host's connections to this URL begin; null where the routes decide. */
    public static @Nullable InetAddress of(Configuration configuration, String host, String url) {
        return configuration.hosts().stream()
                .filter(known -> known.name().equals(host))
                .map(known -> loopback(known.address()))
                .filter(own -> own != null && loopback(URI.create(url).getHost()) != null)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable InetAddress loopback(String name) {
        try {
            InetAddress address = InetAddress.getByName(name);
            return address.isLoopbackAddress() ? address : null;
        } catch (UnknownHostException notOne) {
            return null;
        }
    }
}
