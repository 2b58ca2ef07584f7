package dev.holdfast.cluster;

import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.client.ReplicationParams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Copies a member's event recordings into another archive, where they can be extended. Used by one thread. */
final class EventCopy {

    private static final int MAX_RECORDINGS = 1_000;
    private static final long POLL_MILLIS = 20;

    private final TraderOptions options;
    private final AeronArchive target;
    private final int source;

    /** @param target the running archive of the member that {@code options} are for */
    EventCopy(TraderOptions options, AeronArchive target, int source) {
        this.options = options;
        this.target = target;
        this.source = source;
    }

    /**
     * Copies everything recorded until now.
     *
     * @param check throws when copying has failed elsewhere
     * @param stallLimit how long it may stand still
     * @return the bytes copied
     */
    long run(Runnable check, Duration stallLimit) throws InterruptedException {
        try (AeronArchive from = AeronArchive.connect(new AeronArchive.Context()
                .aeronDirectoryName(options.aeronFolder().toString())
                .messageTimeoutNs(stallLimit.toNanos())
                .controlRequestChannel(options.endpoints()
                        .archiveControlChannel(options.addresses().get(source)))
                .controlResponseChannel(Endpoints.anyPort(options.address()))
                .credentialsSupplier(ArchiveAccess.reader(options.clusterSecret())))) {
            long bytes = 0;
            for (ListedRecording recording : recordings(from)) {
                long end = recording.stopPosition() == AeronArchive.NULL_POSITION
                        ? from.getRecordingPosition(recording.id())
                        : recording.stopPosition();
                if (end > recording.startPosition()) {
                    copy(from, recording, end, check, stallLimit);
                    bytes += end - recording.startPosition();
                }
            }
            return bytes;
        }
    }

    private void copy(AeronArchive from, ListedRecording recording, long end, Runnable check, Duration stallLimit)
            throws InterruptedException {
        target.replicate(
                recording.id(),
                from.context().controlRequestStreamId(),
                from.context().controlRequestChannel(),
                new ReplicationParams().stopPosition(end).replicationChannel(Endpoints.anyPort(options.address())));
        long position = recording.startPosition();
        long deadlineNanos = System.nanoTime() + stallLimit.toNanos();
        while (true) {
            check.run();
            List<ListedRecording> copies = recordings(target);
            long copied = copies.isEmpty() ? position : endOf(copies.getLast(), position);
            boolean whole = !copies.isEmpty() && copies.getLast().stopPosition() == end;
            if (whole) {
                return;
            }
            if (copied > position) {
                position = copied;
                deadlineNanos = System.nanoTime() + stallLimit.toNanos();
            } else if (System.nanoTime() - deadlineNanos > 0) {
                throw new TraderFailure("the event stream of member " + source + " came only to byte " + position
                        + " of " + end + "; is that member well? './holdfast status'");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private long endOf(ListedRecording copy, long otherwise) {
        if (copy.stopPosition() != AeronArchive.NULL_POSITION) {
            return copy.stopPosition();
        }
        long position = target.getRecordingPosition(copy.id());
        return position == AeronArchive.NULL_POSITION ? otherwise : position;
    }

    /** In the order in which they were begun. */
    private static List<ListedRecording> recordings(AeronArchive archive) {
        List<ListedRecording> found = new ArrayList<>();
        archive.listRecordingsForUri(
                0, MAX_RECORDINGS, EventRecording.ALIAS, EventRecording.STREAM, ListedRecording.each(found::add));
        return found;
    }
}
