package dev.holdfast.runtime;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Says that each host is a network namespace of this one machine, all joined by one private network.
 *
 * @param operatorAddress where this machine itself, its commands and its browsers, stands in that network
 * @param prefixBits of the network's addresses that are the same for all, 8 to 30
 */
public record Namespaces(String operatorAddress, int prefixBits) {

    /** The place of the simulated exchange, beside the hosts. */
    public static final String OUTSIDE = "outside";

    /** The place of this machine's own network. */
    public static final String OPERATOR = "operator";

    /** An interface's name has at most 15 characters (Linux, IFNAMSIZ), and ours are the host's with three before it. */
    public static final int LONGEST_HOST_NAME = 12;

    private static final int LEAST_BITS = 8;
    private static final int MOST_BITS = 30;

    /**
     * @param text such as 10.77.0.1/16
     * @throws IllegalArgumentException if it is not like that
     */
    static Namespaces parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? "" : text.substring(0, slash);
        int bits = Integer.parseInt(text.substring(slash + 1));
        if (!(InetAddress.ofLiteral(address) instanceof Inet4Address own)
                || !own.isSiteLocalAddress()
                || bits < LEAST_BITS
                || bits > MOST_BITS) {
            throw new IllegalArgumentException(text);
        }
        return new Namespaces(address, bits);
    }

    /** In the kernel's words. */
    public String operator() {
        return operatorAddress + "/" + prefixBits;
    }

    /** Whether some address lies in this network and in the one of these bits around the other address. */
    public boolean overlaps(InetAddress other, int otherBits) {
        int shared = Math.min(prefixBits, otherBits);
        return other instanceof Inet4Address
                && prefix(other, shared) == prefix(InetAddress.ofLiteral(operatorAddress), shared);
    }

    /** Why this cannot be a host's name here; empty when it can. */
    static Optional<String> fault(String hostName) {
        if (hostName.equals(OUTSIDE) || hostName.equals(OPERATOR)) {
            return Optional.of("'" + hostName + "' is taken where hosts are network namespaces");
        }
        return hostName.length() <= LONGEST_HOST_NAME
                ? Optional.empty()
                : Optional.of("'" + hostName + "' has " + hostName.length() + " characters, expected at most "
                        + LONGEST_HOST_NAME + " where hosts are network namespaces");
    }

    /** Why this cannot be an address of a host or of the exchange here; empty when it can. */
    Optional<String> addressFault(InetAddress address) {
        String text = "'" + address.getHostAddress() + "' ";
        if (address.getHostAddress().equals(operatorAddress)) {
            return Optional.of(text + "is the operator's already");
        }
        return overlaps(address, Integer.SIZE)
                ? Optional.empty()
                : Optional.of(text + "is not in the network of namespaces.operator, " + operator());
    }

    private static long prefix(InetAddress address, int bits) {
        long value = 0;
        for (byte octet : address.getAddress()) {
            value = (value << Byte.SIZE) | Byte.toUnsignedLong(octet);
        }
        return value >>> (Integer.SIZE - bits);
    }
}
