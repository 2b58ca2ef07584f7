package dev.holdfast.cluster;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The addresses and ports of the members, in Aeron's words. Each member has a host address of its own, so all use the same
 * ports.
 *
 * @param firstPort itself unused
 */
record Endpoints(int firstPort) {

    int archivePort() {
        return firstPort + 1;
    }

    int ingressPort() {
        return firstPort + 2;
    }

    int consensusPort() {
        return firstPort + 3;
    }

    int logPort() {
        return firstPort + 4;
    }

    int catchupPort() {
        return firstPort + 5;
    }

    int logControlPort() {
        return firstPort + 6;
    }

    /** All that a member needs to be free. */
    List<Integer> ports() {
        return IntStream.rangeClosed(archivePort(), logControlPort()).boxed().toList();
    }

    /** Aeron Cluster's member list: number, then ingress, consensus, log, catch-up and archive endpoint. */
    String clusterMembers(List<String> addresses) {
        return IntStream.range(0, addresses.size())
                .mapToObj(member -> member + ","
                        + IntStream.of(ingressPort(), consensusPort(), logPort(), catchupPort(), archivePort())
                                .mapToObj(port -> addresses.get(member) + ":" + port)
                                .collect(Collectors.joining(",")))
                .collect(Collectors.joining("|"));
    }

    String ingress(List<String> addresses) {
        return IntStream.range(0, addresses.size())
                .mapToObj(member -> member + "=" + addresses.get(member) + ":" + ingressPort())
                .collect(Collectors.joining(","));
    }

    /** Where members talk to each other, of all but one. */
    String consensusOfOthers(List<String> addresses, int member) {
        return IntStream.range(0, addresses.size())
                .filter(other -> other != member)
                .mapToObj(other -> addresses.get(other) + ":" + consensusPort())
                .collect(Collectors.joining(","));
    }

    String archiveControlChannel(String address) {
        return "aeron:udp?term-length=64k|endpoint=" + address + ":" + archivePort();
    }

    /** A channel on a port that the system chooses. */
    static String anyPort(String address) {
        return "aeron:udp?term-length=64k|endpoint=" + address + ":0";
    }
}
