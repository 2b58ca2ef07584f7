package dev.holdfast.runtime.namespaces;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts hosts off from each other and joins them again. What is cut stands in the kernel alone, under the home's names: any
 * later process can lift it. Everything may be repeated. Nothing tells either side: packets vanish, as on a broken line.
 *
 * <p>A host is lost by taking its port of the switch down, like a pulled cable. Between two, the receiver's routing rules drop
 * what comes from the sender (ip-rule(8), blackhole), so each direction is a rule of its own; that needs neither a firewall
 * nor a traffic classifier, which small kernels lack, and connections that stand are cut as well as new ones.
 */
public final class Cuts {

    private static final int CUT_RULE = 10;
    private static final String THERE_ALREADY = "File exists";
    private static final String NOT_THERE = "No such file or directory";

    private final HostNetwork network;

    public Cuts(HostNetwork network) {
        this.network = network;
    }

    /** Takes a host, or the world outside, off the network: nobody reaches it, nor does the operator. */
    public void cut(String host) throws IOException, InterruptedException {
        port(host, "down");
    }

    /** Ends {@link #cut(String)}; cuts between two stay. */
    public void heal(String host) throws IOException, InterruptedException {
        port(host, "up");
    }

    /** Neither hears the other. */
    public void cut(String one, String other) throws IOException, InterruptedException {
        cutFrom(one, other);
        cutFrom(other, one);
    }

    /** Ends every cut between these two. */
    public void heal(String one, String other) throws IOException, InterruptedException {
        healFrom(one, other);
        healFrom(other, one);
    }

    /** One way: the receiver hears nothing of the sender any more, the sender still hears the receiver. */
    public void cutFrom(String receiver, String sender) throws IOException, InterruptedException {
        requireNetwork();
        IpCommand.runUnless(rule("add", receiver, sender), THERE_ALREADY);
    }

    /** Ends {@link #cutFrom}. */
    public void healFrom(String receiver, String sender) throws IOException, InterruptedException {
        requireNetwork();
        IpCommand.runUnless(rule("del", receiver, sender), NOT_THERE);
    }

    /** Ends every cut. */
    public void healAll() throws IOException, InterruptedException {
        for (String one : network.places()) {
            heal(one);
            for (String other : network.places()) {
                healFrom(one, other);
            }
        }
    }

    /** What is cut now, one sentence each. */
    public List<String> standing() throws IOException, InterruptedException {
        requireNetwork();
        List<String> cuts = new ArrayList<>();
        for (String one : network.places()) {
            // 'up' lists only what was not taken down, whatever its carrier.
            if (network.inSwitch("-o link show up dev " + Names.port(one)).isEmpty()) {
                cuts.add(one + " is cut off from all");
            }
            List<String> rules =
                    network.in(one, "-o rule show pref " + CUT_RULE).lines().toList();
            for (String other : network.places()) {
                if (rules.stream().anyMatch(rule -> rule.contains("from " + network.address(other) + " "))) {
                    cuts.add(one + " hears nothing of " + other);
                }
            }
        }
        return cuts;
    }

    private void port(String host, String state) throws IOException, InterruptedException {
        requireNetwork();
        network.address(host);
        network.inSwitch("link set " + Names.port(host) + " " + state);
    }

    private String rule(String verb, String receiver, String sender) {
        network.address(receiver);
        return network.option(receiver) + "rule " + verb + " blackhole from " + network.address(sender) + " pref "
                + CUT_RULE;
    }

    private void requireNetwork() throws IOException {
        if (!network.complete()) {
            throw new IOException(
                    "hosts can be cut off only while a system that was made with './holdfast up --network namespaces' is up");
        }
    }
}
