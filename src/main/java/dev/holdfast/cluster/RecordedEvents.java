package dev.holdfast.cluster;

import dev.holdfast.protocol.EventFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** One member's own recording of the event stream, read from its files. */
public final class RecordedEvents {

    private final Path archiveFolder;
    private final @Nullable ListedRecording recording;
    private final long first;
    private final long last;
    private final long lastTimeNanos;

    RecordedEvents(Path archiveFolder, Collection<ListedRecording> recordings) {
        this.archiveFolder = archiveFolder;
        this.recording = recordings.stream()
                .filter(each -> each.stream() == EventRecording.STREAM)
                .max(Comparator.comparingLong(ListedRecording::id))
                .orElse(null);
        long firstFound = 0;
        long lastFound = 0;
        long timeFound = 0;
        ListedRecording events = recording;
        if (events != null) {
            RecordedMessages from = new RecordedMessages(archiveFolder, events, events.startPosition());
            firstFound = from.next() ? EventFrame.sequence(from.buffer(), from.offset()) : 0;
            RecordedMessages tail = new RecordedMessages(archiveFolder, events, segment(_ -> true));
            while (tail.next()) {
                lastFound = EventFrame.sequence(tail.buffer(), tail.offset());
                timeFound = EventFrame.header(tail.buffer(), tail.offset()).logTimeNanos();
            }
        }
        this.first = firstFound;
        this.last = lastFound;
        this.lastTimeNanos = timeFound;
    }

    /** The sequence of the first event here; 0 when there is none. */
    public long first() {
        return first;
    }

    /** The sequence of the last event here when this was opened; what lies beyond may not be committed. */
    public long last() {
        return last;
    }

    public long lastTimeNanos() {
        return lastTimeNanos;
    }

    /** Reads on from the first event here that comes after this one. */
    public Cursor after(long sequence) {
        return new Cursor(sequence);
    }

    /** Goes through the frames in sequence, up to {@link #last}. */
    public final class Cursor {
        private final @Nullable RecordedMessages messages;
        private long sequence;

        private Cursor(long after) {
            ListedRecording events = recording;
            this.messages = events == null
                    ? null
                    : new RecordedMessages(archiveFolder, events, segment(firstOfIt -> firstOfIt <= after + 1));
            this.sequence = after;
        }

        /** Goes to the next event; false after the last. */
        public boolean next() {
            RecordedMessages source = messages;
            while (source != null && sequence < last && source.next()) {
                long found = EventFrame.sequence(source.buffer(), source.offset());
                if (found > sequence) {
                    sequence = found;
                    return true;
                }
            }
            return false;
        }

        public long sequence() {
            return sequence;
        }

        /** The frame at hand; valid until the next one. */
        public DirectBuffer buffer() {
            return at().buffer();
        }

        public int offset() {
            return at().offset();
        }

        public int length() {
            return at().length();
        }

        private RecordedMessages at() {
            return Objects.requireNonNull(messages, "there is no event");
        }
    }

    /** Where the last segment begins whose first event passes; the first one if none does. */
    private long segment(LongPredicate passes) {
        List<Long> bases = bases();
        int low = 0;
        int high = bases.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (begins(bases.get(middle), passes)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return begin(bases.get(low));
    }

    /** Whether this segment has an event, its first one passing; the newest segment may still be empty. */
    private boolean begins(long base, LongPredicate passes) {
        RecordedMessages head = new RecordedMessages(archiveFolder, recording(), begin(base));
        return head.next() && passes.test(EventFrame.sequence(head.buffer(), head.offset()));
    }

    private long begin(long base) {
        return Math.max(base, recording().startPosition());
    }

    private List<Long> bases() {
        String prefix = recording().id() + "-";
        try (Stream<Path> files = Files.list(archiveFolder)) {
            List<Long> bases = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix) && name.endsWith(".rec"))
                    .map(name -> Long.valueOf(name.substring(prefix.length(), name.length() - ".rec".length())))
                    .sorted()
                    .toList();
            return bases.isEmpty() ? List.of(0L) : bases;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot list " + archiveFolder, unreadable);
        }
    }

    private ListedRecording recording() {
        return Objects.requireNonNull(recording, "no event is recorded");
    }
}
