package dev.holdfast.cli;

import dev.holdfast.cluster.MemberProfile;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Finds out, before anything starts, whether the ports of a configuration are free, and who holds one that is not. */
final class Ports {

    // Columns of the kernel's socket tables, and how it writes addresses there.
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String LISTENING = "0A";
    private static final String ANY_IPV4 = "00000000";
    private static final String ANY_IPV6 = "00000000000000000000000000000000";
    private static final String MAPPED_IPV4 = "0000000000000000FFFF0000";

    private Ports() {}

    /** One sentence for each port that cannot be had. */
    static List<String> taken(Configuration configuration) {
        List<String> faults = new ArrayList<>();
        if (configuration.broker().simulated()) {
            checkTcp(configuration.broker().address(), Configuration.EXCHANGE_PORT, "the simulated exchange", faults);
        }
        for (Configuration.Host host : configuration.hosts()) {
            checkTcp(host.address(), Configuration.AGENT_PORT, "the agent of host " + host.name(), faults);
            for (Role role : host.roles()) {
                String user = role.name().toLowerCase(Locale.ROOT) + " of host " + host.name();
                portOf(role).ifPresent(port -> checkTcp(host.address(), port, user, faults));
                switch (role) {
                    case TRADER -> checkUdp(host, MemberProfile.TRADER, faults);
                    case VOTER -> checkUdp(host, MemberProfile.VOTER, faults);
                    case GATEWAY, DASHBOARD, POSTGRES, REDIS, SENTINEL -> {}
                }
            }
        }
        return faults;
    }

    /** Empty for a voter, which has no port of its own besides the agent's. */
    static OptionalInt portOf(Role role) {
        return switch (role) {
            case VOTER -> OptionalInt.empty();
            case TRADER -> OptionalInt.of(Configuration.TRADER_HEALTH_PORT);
            case GATEWAY -> OptionalInt.of(Configuration.GATEWAY_HEALTH_PORT);
            case DASHBOARD -> OptionalInt.of(Configuration.DASHBOARD_PORT);
            case POSTGRES -> OptionalInt.of(Configuration.POSTGRES_PORT);
            case REDIS -> OptionalInt.of(Configuration.REDIS_PORT);
            case SENTINEL -> OptionalInt.of(Configuration.SENTINEL_PORT);
        };
    }

    private static void checkTcp(String address, int port, String user, List<String> faults) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // What an earlier run left in TIME_WAIT is free.
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
        } catch (IOException taken) {
            faults.add(sentence("TCP", address, port, user, taken, holder("tcp", address, port)));
        }
    }

    private static void checkUdp(Configuration.Host host, MemberProfile<?, ?> member, List<String> faults) {
        String user = "the " + member.word() + " of host " + host.name();
        member.ports().forEach(port -> checkUdp(host.address(), port, user, faults));
    }

    private static void checkUdp(String address, int port, String user, List<String> faults) {
        try (DatagramSocket socket = new DatagramSocket(null)) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
        } catch (IOException taken) {
            faults.add(sentence("UDP", address, port, user, taken, holder("udp", address, port)));
        }
    }

    private static String sentence(
            String protocol, String address, int port, String user, IOException why, Optional<ProcessHandle> holder) {
        return protocol + " port " + address + ":" + port + ", needed by " + user + ", cannot be had ("
                + why.getMessage() + ")"
                + holder.map(process -> ": process " + process.pid() + " ("
                                + process.info().command().orElse("unknown") + ") holds it")
                        .orElse("");
    }

    /** The process with a listening socket on this address, or on all addresses; Linux tells it through /proc. */
    private static Optional<ProcessHandle> holder(String protocol, String address, int port) {
        String local = hexadecimal(address);
        String end = String.format(Locale.ROOT, ":%04X", port);
        Set<String> names = Set.of(local + end, ANY_IPV4 + end, MAPPED_IPV4 + local + end, ANY_IPV6 + end);
        return Stream.of(protocol, protocol + "6")
                .flatMap(table -> sockets(table).stream())
                .map(line -> line.strip().split("\\s+", -1))
                .filter(words -> words.length > INODE && names.contains(words[LOCAL_ADDRESS]))
                .filter(words -> words[STATE].equals(LISTENING) || protocol.equals("udp"))
                .findFirst()
                .flatMap(words -> ownerOf("socket:[" + words[INODE] + "]"));
    }

    private static List<String> sockets(String table) {
        try {
            return Files.readAllLines(Path.of("/proc/net", table));
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static Optional<ProcessHandle> ownerOf(String socket) {
        return ProcessHandle.allProcesses()
                .filter(process -> holds(Path.of("/proc", Long.toString(process.pid()), "fd"), socket))
                .findFirst();
    }

    private static boolean holds(Path descriptors, String socket) {
        try (Stream<Path> links = Files.list(descriptors)) {
            for (Path link : links.toList()) {
                if (Files.readSymbolicLink(link).toString().equals(socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException goneOrForeign) {
            return false;
        }
    }

    private static String hexadecimal(String address) {
        byte[] octets = InetAddress.ofLiteral(address).getAddress();
        return String.format(Locale.ROOT, "%02X%02X%02X%02X", octets[3], octets[2], octets[1], octets[0]);
    }
}
