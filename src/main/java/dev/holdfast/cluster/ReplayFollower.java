package dev.holdfast.cluster;

import dev.holdfast.protocol.EventFrame;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.archive.client.AeronArchive;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the event stream by replays from the members' archives: finds where to begin, hands on each event once and in
 * order, and goes to another member when this one ends, fails or falls silent. Every step returns at once. Used by the
 * connection's thread.
 */
final class ReplayFollower {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReplayFollower.class);
    private static final int STREAM = 2050;

    private static final Duration STEP_LIMIT = Duration.ofSeconds(2);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);
    private static final int MAX_PAUSES = 10;

    /** Enough of a block for its first event. */
    private static final long PROBE_BYTES = 4_096;

    private static final int FRAGMENT_LIMIT = 256;

    /** Copies of one event that do not continue the chain, seen in a row, before the reader gives up. */
    private static final int MAX_BROKEN = 6;

    private final Endpoints endpoints;
    private final Duration silence;
    private final AeronLogOptions options;
    private final IntPredicate taken;
    private int member;
    private long delivered;
    private long chainHash = EventFrame.CHAIN_START;
    private boolean chainKnown;
    private long hintPosition = -1;
    private int brokenCopies;

    /** Members in a row that could not serve. */
    private int failures;

    /** Whether a change since the last event was told; those that follow are the same until one comes. */
    private boolean changeTold;

    private @Nullable String broken;

    private Step step = Step.CONNECT;
    private long stepNanos;
    private long resumeNanos = System.nanoTime();
    private @Nullable ArchiveLink link;
    private @Nullable Subscription subscription;
    private @Nullable String replayChannel;
    private final Deque<ListedRecording> candidates = new ArrayDeque<>();
    private @Nullable ListedRecording recording;
    private @Nullable RecordingSearch search;
    private int replaySession;
    private @Nullable Image image;
    private long heardNanos;
    private long probedSequence;
    private boolean blocked;

    /** @param taken whether this member is another follower's of the same reader; it then goes to the one after */
    ReplayFollower(
            MemberProfile<?, ?> profile,
            AeronLogOptions options,
            int firstMember,
            long afterSequence,
            IntPredicate taken) {
        this.endpoints = profile.endpoints();
        this.silence = profile.silence();
        this.options = options;
        this.taken = taken;
        this.member = firstMember;
        this.delivered = afterSequence;
        this.chainKnown = afterSequence == 0;
    }

    boolean follows(int candidate) {
        return member == candidate;
    }

    /** Why this reader cannot go on at any member, or null. */
    @Nullable
    String broken() {
        return broken;
    }

    int work(Transport transport, long nowNanos, Sink sink) {
        if (nowNanos - resumeNanos < 0) {
            return 0;
        }
        try {
            return switch (step) {
                case CONNECT -> connect(transport, nowNanos);
                case AWAIT_CONNECTION -> awaitConnection(nowNanos);
                case AWAIT_RECORDINGS -> awaitRecordings(nowNanos);
                case AWAIT_POSITION -> awaitPosition(nowNanos);
                case AWAIT_PROBE, AWAIT_REPLAY -> awaitReplay(nowNanos);
                case PROBE -> probe(nowNanos);
                case FOLLOW -> follow(nowNanos, sink);
            };
        } catch (ArchiveLink.Fault | AeronException fault) {
            changeMember(nowNanos, String.valueOf(fault.getMessage()));
            return 1;
        }
    }

    /** Lets go of everything; the next work begins with a fresh connection. */
    void detach() {
        CloseHelper.quietCloseAll(subscription, link);
        subscription = null;
        link = null;
        image = null;
        step = Step.CONNECT;
    }

    private int connect(Transport transport, long nowNanos) {
        link = ArchiveLink.open(
                transport,
                endpoints.archiveControlChannel(options.memberAddresses().get(member)),
                options.ownAddress(),
                options.clusterSecret());
        subscription = transport.aeron().addSubscription("aeron:udp?endpoint=" + options.ownAddress() + ":0", STREAM);
        return enter(Step.AWAIT_CONNECTION, nowNanos);
    }

    private int awaitConnection(long nowNanos) {
        String endpoint = replays().resolvedEndpoint();
        if (!link().connected() || endpoint == null) {
            requireInTime(nowNanos);
            return 0;
        }
        replayChannel = "aeron:udp?endpoint=" + endpoint;
        link().askForEventRecordings();
        return enter(Step.AWAIT_RECORDINGS, nowNanos);
    }

    private int awaitRecordings(long nowNanos) {
        List<ListedRecording> found = link().eventRecordings();
        if (found == null) {
            return 0;
        }
        candidates.clear();
        candidates.addAll(found);
        return nextRecording(nowNanos);
    }

    private int nextRecording(long nowNanos) {
        ListedRecording next = candidates.poll();
        if (next == null) {
            throw new ArchiveLink.Fault("it has no recording that reaches back to event " + (delivered + 1));
        }
        recording = next;
        if (next.stopPosition() == AeronArchive.NULL_POSITION) {
            link().askForPosition(next.id());
            return enter(Step.AWAIT_POSITION, nowNanos);
        }
        return begin(next, next.stopPosition(), nowNanos);
    }

    private int awaitPosition(long nowNanos) {
        OptionalLong position = link().answer();
        if (position.isEmpty()) {
            return 0;
        }
        // It may have been stopped since it was listed; then this asks for what is no longer growing and the replay
        // ends.
        return begin(recording(), Math.max(position.getAsLong(), recording().startPosition()), nowNanos);
    }

    private int begin(ListedRecording candidate, long endPosition, long nowNanos) {
        if (endPosition <= candidate.startPosition()) {
            return replay(Step.AWAIT_REPLAY, candidate.startPosition(), AeronArchive.REPLAY_ALL_AND_FOLLOW, nowNanos);
        }
        search = new RecordingSearch(candidate.startPosition(), endPosition, candidate.termLength(), hintPosition);
        return replay(Step.AWAIT_PROBE, search.position(), PROBE_BYTES, nowNanos);
    }

    private int replay(Step next, long position, long length, long nowNanos) {
        image = null;
        replaySession = 0;
        link().askForReplay(recording().id(), position, length, String.valueOf(replayChannel), STREAM);
        return enter(next, nowNanos);
    }

    private int awaitReplay(long nowNanos) {
        if (replaySession == 0) {
            OptionalLong session = link().answer();
            if (session.isPresent()) {
                replaySession = (int) session.getAsLong();
            }
        }
        image = replaySession == 0 ? null : replays().imageBySessionId(replaySession);
        if (image == null) {
            requireInTime(nowNanos);
            return 0;
        }
        heardNanos = nowNanos;
        probedSequence = 0;
        return enter(step == Step.AWAIT_PROBE ? Step.PROBE : Step.FOLLOW, nowNanos);
    }

    private int probe(long nowNanos) {
        replayed().poll((buffer, offset, length, header) -> probedSequence = EventFrame.sequence(buffer, offset), 1);
        if (probedSequence == 0) {
            requireInTime(nowNanos);
            return 0;
        }
        RecordingSearch searching = searching();
        searching.found(probedSequence, delivered + 1);
        if (!searching.done()) {
            return replay(Step.AWAIT_PROBE, searching.position(), PROBE_BYTES, nowNanos);
        }
        return searching.tooLate()
                ? nextRecording(nowNanos)
                : replay(Step.AWAIT_REPLAY, searching.position(), AeronArchive.REPLAY_ALL_AND_FOLLOW, nowNanos);
    }

    private int follow(long nowNanos, Sink sink) {
        Image source = replayed();
        blocked = false;
        int fragments = source.controlledPoll(
                (buffer, offset, length, header) -> take(buffer, offset, length, header, sink), FRAGMENT_LIMIT);
        if (fragments > 0 || blocked) {
            heardNanos = nowNanos;
        } else if (source.isClosed() || source.isEndOfStream()) {
            throw new ArchiveLink.Fault("its replay ended");
        } else if (nowNanos - heardNanos > silence.toNanos()) {
            failures = 0; // It may well be the stream that is quiet: no pause, in which the next event would be late.
            throw new ArchiveLink.Fault("it was silent for " + silence.toMillis() + " ms");
        }
        return fragments;
    }

    private Action take(DirectBuffer buffer, int offset, int length, Header header, Sink sink) {
        long sequence = EventFrame.sequence(buffer, offset);
        if (sequence > delivered + 1) {
            throw new ArchiveLink.Fault("it continues with event " + sequence + ", wanted " + (delivered + 1));
        }
        long carried = EventFrame.header(buffer, offset).chainHash();
        if (sequence < delivered) {
            return Action.CONTINUE;
        }
        if (sequence == delivered) {
            requireChain(!chainKnown || carried == chainHash, sequence);
            chainHash = carried;
            chainKnown = true;
            return Action.CONTINUE;
        }
        requireChain(!chainKnown || EventFrame.chain(buffer, offset, length, chainHash) == carried, sequence);
        if (!sink.put(buffer, offset, length)) {
            blocked = true;
            return Action.ABORT;
        }
        delivered = sequence;
        chainHash = carried;
        chainKnown = true;
        hintPosition = header.position();
        failures = 0;
        changeTold = false;
        brokenCopies = 0;
        return Action.CONTINUE;
    }

    private void requireChain(boolean whole, long sequence) {
        if (whole) {
            return;
        }
        brokenCopies++;
        LOGGER.error(
                "event chain broken client={} member={} sequence={}: this member's copy is damaged or it diverged",
                options.name(),
                member,
                sequence);
        if (brokenCopies >= MAX_BROKEN) {
            broken = "no member's copy of event " + sequence
                    + " continues the chain; compare the members' event recordings";
        }
        throw new ArchiveLink.Fault("its event " + sequence + " does not continue the chain");
    }

    private void changeMember(long nowNanos, String reason) {
        int left = member;
        detach();
        int candidate = next(left);
        member = taken.test(candidate) ? next(candidate) : candidate;
        if (!changeTold) {
            changeTold = true;
            LOGGER.info(
                    "event reader changes client={} from={} to={} after={} reason=\"{}\"",
                    options.name(),
                    left,
                    member,
                    delivered,
                    reason);
        } else {
            LOGGER.debug("event reader still changes client={} from={} reason=\"{}\"", options.name(), left, reason);
        }
        resumeNanos = nowNanos + RETRY_PAUSE.toNanos() * Math.min(failures, MAX_PAUSES);
        failures++;
    }

    private int next(int after) {
        return (after + 1) % options.memberAddresses().size();
    }

    private int enter(Step next, long nowNanos) {
        step = next;
        stepNanos = nowNanos;
        return 1;
    }

    private void requireInTime(long nowNanos) {
        if (nowNanos - stepNanos > STEP_LIMIT.toNanos()) {
            throw new ArchiveLink.Fault(step + " took more than " + STEP_LIMIT.toMillis() + " ms");
        }
    }

    private ArchiveLink link() {
        return present(link);
    }

    private Subscription replays() {
        return present(subscription);
    }

    private ListedRecording recording() {
        return present(recording);
    }

    private RecordingSearch searching() {
        return present(search);
    }

    private Image replayed() {
        return present(image);
    }

    private <T> T present(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not there in step " + step);
        }
        return part;
    }

    /** Takes a frame, or refuses it for now. */
    @FunctionalInterface
    interface Sink {
        boolean put(DirectBuffer frame, int offset, int length);
    }

    private enum Step {
        CONNECT,
        AWAIT_CONNECTION,
        AWAIT_RECORDINGS,
        AWAIT_POSITION,
        AWAIT_PROBE,
        AWAIT_REPLAY,
        PROBE,
        FOLLOW
    }
}
