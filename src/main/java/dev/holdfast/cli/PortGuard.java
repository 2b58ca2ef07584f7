package dev.holdfast.cli;

import dev.holdfast.cluster.MemberProfile;
import dev.holdfast.protocol.Hash;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Namespaces;
import dev.holdfast.runtime.NftCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps packets of other users and of other machines from the members, by a table of the kernel's packet filter that is named by
 * the home. Members believe what the consensus messages say, and a command's packet what session it is of: open Aeron
 * authenticates who opens a session, and nothing after that.
 */
final class PortGuard {

    private static final Path PORTS_OF_SENDERS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final String USUAL_PORTS_OF_SENDERS = "32768-60999";
    private static final String COUNTER = "strangers";
    private static final Pattern PACKETS = Pattern.compile("packets (\\d{1,18})");

    private final Home home;
    private final Configuration configuration;
    private final String table;

    PortGuard(Home home) {
        this.home = home;
        this.configuration = home.configuration();
        this.table = String.format(
                Locale.ROOT, "holdfast_%016x", Hash.text(0, home.path().toString()));
    }

    /**
     * Puts the rules in force, in place of those of an earlier run. Without them the system works as well.
     *
     * @throws IOException if they cannot be had, with what to do
     */
    void raise() throws IOException, InterruptedException {
        Optional<String> reason = NftCommand.unavailable();
        if (reason.isPresent()) {
            throw new IOException(reason.get());
        }
        for (NftCommand network : networks()) {
            NftCommand.Answer answer = network.run(List.of("-f", "-"), rules());
            if (!answer.ok()) {
                throw new IOException(
                        "nft says: " + answer.output().lines().findFirst().orElse("nothing")
                                + "; it needs a kernel with nf_tables, and in a container the capability CAP_NET_ADMIN");
            }
        }
    }

    /** Why the members' ports are open to others; empty when they are closed. */
    Optional<String> fault() throws InterruptedException {
        Optional<String> reason = NftCommand.unavailable();
        if (reason.isPresent()) {
            return reason;
        }
        try {
            for (NftCommand network : networks()) {
                if (!network.run(List.of("list", "table", "ip", table), "").ok()) {
                    return Optional.of(
                            "the rules are not in force: './holdfast down', then 'up' as root puts them there");
                }
            }
            return Optional.empty();
        } catch (IOException failure) {
            return Optional.of(String.valueOf(failure.getMessage()));
        }
    }

    /** How many packets were refused since the rules are in force. */
    long refused() throws InterruptedException {
        long packets = 0;
        try {
            for (NftCommand network : networks()) {
                Matcher counted = PACKETS.matcher(network.run(List.of("list", "counter", "ip", table, COUNTER), "")
                        .output());
                packets += counted.find() ? Long.parseLong(counted.group(1)) : 0;
            }
        } catch (IOException unknown) {
            return packets;
        }
        return packets;
    }

    /**
     * Removes this home's rules from the machine's network, if there are any. Those in the hosts' own networks end with the
     * networks.
     */
    void remove() throws IOException, InterruptedException {
        NftCommand here = new NftCommand(command -> command);
        if (NftCommand.unavailable().isEmpty()
                && here.run(List.of("list", "table", "ip", table), "").ok()) {
            NftCommand.Answer answer = here.run(List.of("delete", "table", "ip", table), "");
            if (!answer.ok()) {
                throw new IOException("'nft delete table ip " + table + "' failed: " + answer.output());
            }
        }
    }

    /** The networks that need rules: this machine's and, where hosts have network namespaces, each host's. */
    private List<NftCommand> networks() {
        List<NftCommand> all = new ArrayList<>(List.of(new NftCommand(command -> command)));
        if (configuration.namespaces().isPresent()) {
            configuration
                    .hosts()
                    .forEach(host ->
                            all.add(new NftCommand(command -> home.network().inside(host.name(), command))));
        }
        return all;
    }

    /**
     * Besides the members' own ports those that the system chooses for readers, replies and replications. The latter are guarded
     * against this machine's users only: other programs of a real host have such ports too.
     */
    private String rules() {
        String members = configuration.hosts().stream()
                .map(Configuration.Host::address)
                .distinct()
                .collect(Collectors.joining(", "));
        String peers = configuration.namespaces().map(Namespaces::operatorAddress).stream()
                .reduce(members, (all, operator) -> all + ", " + operator);
        String ports = Stream.of(MemberProfile.TRADER, MemberProfile.VOTER)
                .flatMap(profile -> profile.ports().stream())
                .map(port -> Integer.toString(port))
                .collect(Collectors.joining(", "));
        return """
                table ip %1$s
                delete table ip %1$s
                table ip %1$s {
                    counter %2$s { }
                    chain from_here {
                        type filter hook output priority filter; policy accept;
                        ip daddr { %3$s } udp dport { %5$s, %6$s } meta skuid != 0 counter name %2$s drop
                    }
                    chain from_elsewhere {
                        type filter hook input priority filter; policy accept;
                        iif != lo ip daddr { %3$s } udp dport { %5$s } ip saddr != { %4$s } counter name %2$s drop
                    }
                }
                """.formatted(table, COUNTER, members, peers, ports, portsOfSenders());
    }

    private static String portsOfSenders() {
        try {
            String[] ends = Files.readString(PORTS_OF_SENDERS).strip().split("\\s+", -1);
            return ends.length == 2 ? ends[0] + "-" + ends[1] : USUAL_PORTS_OF_SENDERS;
        } catch (IOException unreadable) {
            return USUAL_PORTS_OF_SENDERS;
        }
    }
}
