package dev.holdfast.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What one member needs to know.
 *
 * @param profile which machine's member it is
 * @param member this member's place in {@code addresses}
 * @param addresses of all members, in the same order on each of them
 * @param folder kept across restarts: log, snapshots, event stream
 * @param aeronFolder scratch, best on shared memory; emptied at each start
 * @param clusterSecret what clients must know
 * @param fsync whether each write reaches the disk before it counts
 * @param snapshotInterval at most this much log is replayed at a start
 * @param logRetention log younger than this is kept even when two snapshots made it needless, so that a member that was
 *     away for that long can catch up
 * @param eventBytesAlarm size of the event stream from which a person is told
 */
public record TraderOptions(
        MemberProfile<?, ?> profile,
        int member,
        List<String> addresses,
        Path folder,
        Path aeronFolder,
        String clusterSecret,
        boolean fsync,
        Duration snapshotInterval,
        Duration logRetention,
        long eventBytesAlarm) {

    private static final Duration DEFAULT_SNAPSHOT_INTERVAL = Duration.ofMinutes(10);

    private static final long DEFAULT_EVENT_BYTES_ALARM = 4L << 30;

    public TraderOptions {
        addresses = List.copyOf(addresses);
        if (member < 0 || member >= addresses.size()) {
            throw new IllegalArgumentException("member " + member + " is not one of the " + addresses.size() + " "
                    + profile.word() + "s " + addresses);
        }
        if (clusterSecret.isBlank()) {
            throw new IllegalArgumentException("the cluster secret is empty; './holdfast up' makes one");
        }
        if (!snapshotInterval.isPositive() || logRetention.isNegative() || eventBytesAlarm <= 0) {
            throw new IllegalArgumentException("snapshot interval " + snapshotInterval + ", log retention "
                    + logRetention + " and event alarm " + eventBytesAlarm + " must be positive");
        }
    }

    /** With a snapshot each ten minutes and the profile's retention. */
    public static TraderOptions of(
            MemberProfile<?, ?> profile,
            int member,
            List<String> addresses,
            Path folder,
            Path aeronFolder,
            String clusterSecret,
            boolean fsync) {
        return new TraderOptions(
                profile,
                member,
                addresses,
                folder,
                aeronFolder,
                clusterSecret,
                fsync,
                DEFAULT_SNAPSHOT_INTERVAL,
                profile.logRetention(),
                DEFAULT_EVENT_BYTES_ALARM);
    }

    /** The same with another folder and scratch. */
    public TraderOptions in(Path otherFolder, Path otherScratch) {
        return new TraderOptions(
                profile,
                member,
                addresses,
                otherFolder,
                otherScratch,
                clusterSecret,
                fsync,
                snapshotInterval,
                logRetention,
                eventBytesAlarm);
    }

    /** For a client on this member's own driver. */
    AeronLogOptions ownClient(String name) {
        return new AeronLogOptions(name, address(), addresses, clusterSecret, aeronFolder);
    }

    Endpoints endpoints() {
        return profile.endpoints();
    }

    String address() {
        return addresses.get(member);
    }

    Path clusterFolder() {
        return folder.resolve("cluster");
    }

    Path archiveFolder() {
        return folder.resolve("archive");
    }

    /** Whether the member has nothing to go on from, whatever else its folder holds. */
    public boolean isEmpty() {
        return !Files.exists(clusterFolder());
    }

    /**
     * Moves a seeded folder's content into the empty one. The last move makes it count: before it the folder is still empty.
     *
     * @throws IOException if a move fails; then it can be done again with a freshly seeded one
     */
    public void takeOver(Path seeded) throws IOException {
        Files.createDirectories(folder);
        for (Path part : List.of(archiveFolder(), clusterFolder())) {
            if (Files.exists(part)) {
                throw new IOException(part + " is there already; expected none of it in an empty folder. Move it away");
            }
            Files.move(seeded.resolve(part.getFileName()), part);
        }
    }

    /** Which a member makes once its machine has applied anything: an empty one must not be taken for another beginning. */
    Path begunFile() {
        return folder.resolve("begun");
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "TraderOptions[" + profile.word() + " " + member + ", addresses=" + addresses + ", folder=" + folder
                + "]";
    }
}
