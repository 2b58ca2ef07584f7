package dev.holdfast.cluster;

import java.nio.file.Path;
import java.util.List;

/**
 * What a client needs to know to reach the log.
 *
 * @param name of the client, for its thread and the log
 * @param ownAddress where replies and events are received
 * @param memberAddresses of all members, in the same order as theirs
 * @param clusterSecret what clients must know
 * @param aeronFolder scratch of this connection alone, best on shared memory
 */
public record AeronLogOptions(
        String name, String ownAddress, List<String> memberAddresses, String clusterSecret, Path aeronFolder) {

    public AeronLogOptions {
        memberAddresses = List.copyOf(memberAddresses);
        if (memberAddresses.isEmpty()) {
            throw new IllegalArgumentException("no trader is named: holdfast.yaml needs hosts with the role trader");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "AeronLogOptions[name=" + name + ", ownAddress=" + ownAddress + ", members=" + memberAddresses + "]";
    }
}
