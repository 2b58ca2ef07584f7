package dev.holdfast.cluster;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The addresses and ports of the members, in Aeron's words. Each member has a host address of its own, so all use the same ports. */
final class Endpoints {

    static final int ARCHIVE_PORT = 7001;
    static final int INGRESS_PORT = 7002;
    static final int CONSENSUS_PORT = 7003;
    static final int LOG_PORT = 7004;
    static final int CATCHUP_PORT = 7005;
    static final int LOG_CONTROL_PORT = 7006;

    private Endpoints() {}

    /** Aeron Cluster's member list: number, then ingress, consensus, log, catch-up and archive endpoint. */
    static String clusterMembers(List<String> addresses) {
        return IntStream.range(0, addresses.size())
                .mapToObj(member -> member + ","
                        + IntStream.of(INGRESS_PORT, CONSENSUS_PORT, LOG_PORT, CATCHUP_PORT, ARCHIVE_PORT)
                                .mapToObj(port -> addresses.get(member) + ":" + port)
                                .collect(Collectors.joining(",")))
                .collect(Collectors.joining("|"));
    }

    static String ingress(List<String> addresses) {
        return IntStream.range(0, addresses.size())
                .mapToObj(member -> member + "=" + addresses.get(member) + ":" + INGRESS_PORT)
                .collect(Collectors.joining(","));
    }

    /** Where members talk to each other, of all but one. */
    static String consensusOfOthers(List<String> addresses, int member) {
        return IntStream.range(0, addresses.size())
                .filter(other -> other != member)
                .mapToObj(other -> addresses.get(other) + ":" + CONSENSUS_PORT)
                .collect(Collectors.joining(","));
    }

    static String archiveControlChannel(String address) {
        return "aeron:udp?term-length=64k|endpoint=" + address + ":" + ARCHIVE_PORT;
    }

    /** A channel on a port that the system chooses. */
    static String anyPort(String address) {
        return "aeron:udp?term-length=64k|endpoint=" + address + ":0";
    }
}
