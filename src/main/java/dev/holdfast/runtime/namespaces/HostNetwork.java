package dev.holdfast.runtime.namespaces;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Namespaces;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The network of one home whose hosts are namespaces. Everything is found again by its name, which comes from the home, so
 * that another process can go on after a crash:
 *
 * <pre>
 *   holdfast-1a2b3c4d-a, -b, -c, -outside   each with eth0, the one address of the host
 *   holdfast-1a2b3c4d                       the switch: a bridge of the ports to-a, to-b, to-c, to-outside, to-operator
 *   hf-1a2b3c4d                             the only thing in the machine's own network: the operator's end
 * </pre>
 *
 * The bridge has a namespace of its own so that the machine's firewall has no say in what passes it (Docker's would drop it).
 * No namespace has a route beyond the home's network: nothing leaves the machine.
 */
public final class HostNetwork {

    private static final String ENTER = "/usr/bin/nsenter";

    /** Cuts come first ({@link Cuts}), so the kernel's own first rule must stand behind them. */
    private static final int DELIVER_RULE = 100;

    private final Names names;
    private final Configuration configuration;
    private final Map<String, String> addresses = new LinkedHashMap<>();

    public HostNetwork(Path home, Configuration configuration) {
        this.names = Names.of(home);
        this.configuration = configuration;
        configuration.hosts().forEach(host -> addresses.put(host.name(), host.address()));
        if (configuration.broker().simulated()) {
            addresses.put(Namespaces.OUTSIDE, configuration.broker().address());
        }
    }

    /** Why no network can be made here, and what to do; empty when it can be tried. */
    public static Optional<String> unavailable() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("only root may make network namespaces: run it with sudo");
        }
        if (IpCommand.program().isEmpty()) {
            return Optional.of("the program 'ip' is missing: run 'apt-get install -y iproute2'");
        }
        return Files.isExecutable(Path.of(ENTER))
                ? Optional.empty()
                : Optional.of("the program " + ENTER + " is missing: run 'apt-get install -y util-linux'");
    }

    /** Whether anything of it exists, also of a run that crashed or of hosts that are no longer configured. */
    public boolean exists() {
        return !names.existing().isEmpty() || names.operatorLinkExists();
    }

    /** Whether all of it exists. */
    public boolean complete() {
        List<String> wanted = new ArrayList<>(List.of(names.bridge()));
        addresses.keySet().forEach(place -> wanted.add(names.of(place)));
        return names.existing().containsAll(wanted) && names.operatorLinkExists();
    }

    /**
     * Makes it new, with every host reachable from every other and from here. What an earlier run left is removed first.
     *
     * @throws IOException if it cannot be made; then nothing of it is left
     */
    public void make() throws IOException, InterruptedException {
        Namespaces settings = configuration
                .namespaces()
                .orElseThrow(() -> new IllegalStateException("holdfast.yaml has no section 'namespaces'"));
        remove();
        requireFree(settings);
        try {
            IpCommand.run("netns add " + names.bridge());
            inSwitch("link add bridge type bridge");
            inSwitch("link set bridge up");
            IpCommand.run("link add " + names.operatorLink() + " type veth peer name " + Names.port(Namespaces.OPERATOR)
                    + " netns " + names.bridge());
            inSwitch("link set " + Names.port(Namespaces.OPERATOR) + " master bridge up");
            // The machine's own network gets this one address and nothing else, not even a link-local one.
            IpCommand.run("link set " + names.operatorLink() + " addrgenmode none");
            IpCommand.run("addr add " + settings.operator() + " dev " + names.operatorLink());
            IpCommand.run("link set " + names.operatorLink() + " up");
            for (Map.Entry<String, String> place : addresses.entrySet()) {
                join(place.getKey(), place.getValue() + "/" + settings.prefixBits());
            }
        } catch (IOException refused) {
            remove();
            throw new IOException(
                    "the network of the hosts cannot be made: " + refused.getMessage()
                            + "; it needs a Linux kernel with network namespaces, veth and bridge, and in a container the capability CAP_SYS_ADMIN",
                    refused);
        }
    }

    private void join(String place, String address) throws IOException, InterruptedException {
        IpCommand.run("netns add " + names.of(place));
        in(place, "link set lo up");
        inSwitch("link add " + Names.port(place) + " type veth peer name eth0 netns " + names.of(place));
        inSwitch("link set " + Names.port(place) + " master bridge up");
        in(place, "addr add " + address + " dev eth0");
        in(place, "link set eth0 up");
        in(place, "rule add pref " + DELIVER_RULE + " lookup local");
        in(place, "rule del pref 0");
    }

    /** Removes all of it; the addresses of what still runs in it are gone. Does nothing when there is nothing. */
    public void remove() throws IOException, InterruptedException {
        // First: namespaces end in the background, their links with them, but the next 'make' needs this name.
        if (names.operatorLinkExists()) {
            IpCommand.runUnless(
                    "link del " + names.operatorLink(), "Cannot find device \"" + names.operatorLink() + "\"");
        }
        for (String name : names.existing()) {
            IpCommand.run("netns del " + name);
        }
    }

    /** The command, run in the network of a host or of {@link Namespaces#OUTSIDE}; the process keeps its id, folder and files. */
    public List<String> inside(String place, List<String> command) {
        // Not 'ip netns exec': it also mounts another /sys, where a Java machine looks for its limits in vain.
        List<String> words = new ArrayList<>(List.of(ENTER, "--net=" + names.entrance(place)));
        words.addAll(command);
        return words;
    }

    /** Host names as configured, and {@link Namespaces#OUTSIDE}. */
    List<String> places() {
        return List.copyOf(addresses.keySet());
    }

    /** @throws IllegalArgumentException if there is no such place */
    String address(String place) {
        String address = addresses.get(place);
        if (address == null) {
            throw new IllegalArgumentException("there is no host '" + place + "'; there are " + addresses.keySet());
        }
        return address;
    }

    String in(String place, String words) throws IOException, InterruptedException {
        return IpCommand.run(option(place) + words);
    }

    String inSwitch(String words) throws IOException, InterruptedException {
        return IpCommand.run("-n " + names.bridge() + " " + words);
    }

    /** What lets ip work in a place's namespace. */
    String option(String place) {
        return "-n " + names.of(place) + " ";
    }

    private void requireFree(Namespaces settings) throws IOException {
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            for (var bound : each.getInterfaceAddresses()) {
                String address = bound.getAddress().getHostAddress();
                if (settings.overlaps(bound.getAddress(), bound.getNetworkPrefixLength())) {
                    throw new IOException(
                            "network " + settings.operator() + " overlaps with " + address + "/"
                                    + bound.getNetworkPrefixLength() + " of interface " + each.getName()
                                    + ", perhaps of another home's system; stop that, or choose other addresses in holdfast.yaml");
                }
            }
        }
    }
}
