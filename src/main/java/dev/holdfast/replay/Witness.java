package dev.holdfast.replay;

import dev.holdfast.cluster.RecordedEvents;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventCodec;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** Takes what a replayed engine causes and compares it, bit for bit, with what the member recorded at the time. */
public final class Witness implements Machine.Output {

    /** Members report a hash within this of taking it, or never. */
    private static final long REPORT_NANOS = 90_000_000_000L;

    private final RecordedEvents.Cursor recorded;
    private final Watcher watcher;
    private final EventCodec codec = new EventCodec();
    private final Map<Long, Long> hashes = new TreeMap<>();
    private final List<Comparison> comparisons = new ArrayList<>();
    private final List<Event.StateHashed> reports = new ArrayList<>();
    private long compared;
    private long ahead;
    private @Nullable String difference;

    Witness(RecordedEvents.Cursor recorded, Watcher watcher) {
        this.recorded = recorded;
        this.watcher = watcher;
    }

    /** Events that came out and were compared with the recording. */
    public long compared() {
        return compared;
    }

    /** The first event that came out differently; null when none did. */
    public @Nullable String difference() {
        return difference;
    }

    /** The hashes that members reported for events of this replay, in the order of their reports. */
    public List<Comparison> comparisons() {
        return comparisons;
    }

    @Override
    public void event(long sequence, DirectBuffer frame, int offset, int length) {
        watcher.event(EventFrame.header(frame, offset), decode(frame, offset, length));
        if (difference != null || ahead > sequence) {
            return;
        }
        if (ahead < sequence) {
            if (!recorded.next()) {
                return; // caused by the last input, and beyond what was recorded when the replay began
            }
            ahead = recorded.sequence();
            note(recorded);
        }
        if (ahead == sequence) {
            compare(sequence, frame, offset, length);
        }
    }

    private void compare(long sequence, DirectBuffer frame, int offset, int length) {
        boolean same = recorded.length() == length;
        for (int index = 0; same && index < length; index++) {
            same = frame.getByte(offset + index) == recorded.buffer().getByte(recorded.offset() + index);
        }
        compared++;
        if (!same) {
            difference = "event " + sequence + " was recorded as "
                    + decode(recorded.buffer(), recorded.offset(), recorded.length()) + " with chain hash "
                    + hex(EventFrame.header(recorded.buffer(), recorded.offset())
                            .chainHash()) + " and came out as "
                    + decode(frame, offset, length) + " with "
                    + hex(EventFrame.header(frame, offset).chainHash());
        }
    }

    /** Reads on, beyond the last event replayed, for what members reported of it and of those before. */
    void readReports(long fromSequence, long lastSequence, long lastTimeNanos) {
        while (recorded.next()) {
            EventHeader header = note(recorded);
            if (header.logTimeNanos() > lastTimeNanos + REPORT_NANOS) {
                break;
            }
        }
        for (Event.StateHashed report : reports) {
            if (report.atSequence() > fromSequence && report.atSequence() <= lastSequence) {
                Long replayed = hashes.get(report.atSequence());
                comparisons.add(new Comparison(
                        report.member(),
                        report.atSequence(),
                        hex(report.stateHash()),
                        replayed == null ? null : hex(replayed)));
            }
        }
    }

    private EventHeader note(RecordedEvents.Cursor at) {
        if (decode(at.buffer(), at.offset(), at.length()) instanceof Event.StateHashed report) {
            reports.add(report);
        }
        return EventFrame.header(at.buffer(), at.offset());
    }

    private Event decode(DirectBuffer frame, int offset, int length) {
        return codec.decode(frame, offset + EventFrame.HEADER_LENGTH, length - EventFrame.HEADER_LENGTH);
    }

    @Override
    public void stateHashed(long sequence, long stateHash) {
        hashes.put(sequence, stateHash);
    }

    @Override
    public void reply(Reply reply) {}

    @Override
    public void scheduleTimer(long deadlineNanos) {}

    @Override
    public void halt(int member, String reason) {}

    public static String hex(long hash) {
        return String.format(java.util.Locale.ROOT, "%016x", hash);
    }
}
