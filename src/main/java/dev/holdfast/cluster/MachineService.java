package dev.holdfast.cluster;

import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Machine;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCodec;
import dev.holdfast.runtime.Loop;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.archive.client.AeronArchive;
import io.aeron.cluster.codecs.CloseReason;
import io.aeron.cluster.service.ClientSession;
import io.aeron.cluster.service.Cluster;
import io.aeron.cluster.service.ClusteredService;
import io.aeron.logbuffer.Header;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AgentTerminationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts the machine in Aeron's service container: feeds it the committed log and carries out what it causes. Whatever the
 * machine throws stops this member. All callbacks come from one thread; the status may be read from any.
 */
final class MachineService implements ClusteredService, Machine.Output {

    private static final Logger LOGGER = LoggerFactory.getLogger(MachineService.class);

    /** The one timer of the machine. */
    private static final long TIMER = 1;

    /** Response stream of the archive client that keeps the event recording; the container uses the default one. */
    private static final int EVENT_ARCHIVE_STREAM = 61;

    /** A client that does not take a reply at once asks again; the machine must not wait for it. */
    private static final int MAX_REPLY_ATTEMPTS = 3;

    private static final Duration MODULE_TIMEOUT = Duration.ofSeconds(10);

    /** The loop must turn within this, which is long for a command, for a snapshot, and for a disk that writes them. */
    private static final Duration LOOP_LIMIT = Duration.ofSeconds(10);

    private final Machine machine;
    private final TraderOptions options;
    private final MemberErrors errors;
    private final MemberReportLog<?> reports;
    private final Loop loop = new Loop("log", LOOP_LIMIT);
    private final CountDownLatch started = new CountDownLatch(1);
    private final ReplyCodec replies = new ReplyCodec();
    private final MutableDirectBuffer replyBuffer = new ExpandableArrayBuffer(512);

    /** When this member applied the last renewal of each grant: no lease that goes on now was asked for later. */
    private final Map<GrantKind, Long> renewedNanos = new EnumMap<>(GrantKind.class);

    private @Nullable Cluster cluster;
    private @Nullable EventRecording events;
    private @Nullable ClientSession requester;
    private long lastSequence;

    private volatile String role = "STARTING";
    private volatile long term = -1;
    private volatile int leader = -1;
    private volatile long logPosition;
    private volatile long eventSequence;
    private volatile long snapshotNanos = -1;
    private volatile long droppedReplies;
    private volatile long eventBytes;

    MachineService(Machine machine, TraderOptions options, MemberErrors errors, MemberReportLog<?> reports) {
        this.machine = machine;
        this.options = options;
        this.errors = errors;
        this.reports = reports;
    }

    boolean awaitStarted(long timeoutMillis) throws InterruptedException {
        return started.await(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    TraderStatus status() {
        long taken = snapshotNanos;
        long ageMillis = taken < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - taken);
        return new TraderStatus(
                options.member(), role, term, leader, ageMillis, logPosition, eventSequence, droppedReplies);
    }

    Loop loop() {
        return loop;
    }

    boolean leads() {
        return role.equals(Cluster.Role.LEADER.name());
    }

    long eventBytes() {
        return eventBytes;
    }

    /** The last event recorded here before this launch; known once started. */
    long sequenceAtOpen() {
        return recording().sequenceAtOpen();
    }

    // What the log tells

    @Override
    public void onStart(Cluster cluster, @Nullable Image snapshot) {
        this.cluster = cluster;
        guarded(() -> {
            if (snapshot != null) {
                restore(cluster, snapshot);
            }
            AeronArchive archive = AeronArchive.connect(
                    cluster.context().archiveContext().clone().controlResponseStreamId(EVENT_ARCHIVE_STREAM));
            EventRecording recording =
                    new EventRecording(options.profile(), cluster.aeron(), archive, cluster.idleStrategy());
            events = recording;
            recording.open(machine.sequence());
            moved();
        });
        role = Cluster.Role.FOLLOWER.name();
        started.countDown();
    }

    @Override
    public void onSessionMessage(
            ClientSession session, long timestamp, DirectBuffer buffer, int offset, int length, Header header) {
        if (length < CommandFrame.HEADER_LENGTH) {
            LOGGER.warn("message dropped: {} bytes are no command, session={}", length, session.id());
            return;
        }
        requester = session;
        guarded(() -> machine.onCommand(
                timestamp,
                CommandFrame.clientId(buffer, offset),
                CommandFrame.correlationId(buffer, offset),
                buffer,
                offset + CommandFrame.HEADER_LENGTH,
                length - CommandFrame.HEADER_LENGTH,
                this));
        requester = null;
        moved();
    }

    @Override
    public void onTimerEvent(long correlationId, long timestamp) {
        guarded(() -> machine.onTimer(timestamp, this));
        moved();
    }

    /** Marks the loop as turning. The thread that applies the log calls this at least each millisecond. */
    @Override
    public int doBackgroundWork(long nowNanos) {
        loop.turned();
        return 0;
    }

    @Override
    public void onTakeSnapshot(ExclusivePublication snapshot) {
        guarded(() -> {
            long beganNanos = System.nanoTime();
            machine.snapshot((buffer, offset, length) -> {
                if (length > Machine.SnapshotSink.MAX_PIECE) {
                    throw new IllegalStateException("a snapshot piece of " + length + " bytes, at most "
                            + Machine.SnapshotSink.MAX_PIECE + " are allowed");
                }
                await("the archive to take a snapshot", () -> offered(snapshot, buffer, offset, length));
            });
            recording().awaitRecorded();
            snapshotNanos = System.nanoTime();
            LOGGER.info(
                    "snapshot taken sequence={} bytes={} millis={} stateHash={}",
                    machine.sequence(),
                    snapshot.position(),
                    TimeUnit.NANOSECONDS.toMillis(snapshotNanos - beganNanos),
                    Long.toHexString(machine.stateHash()));
        });
    }

    @Override
    public void onRoleChange(Cluster.Role newRole) {
        role = newRole.name();
        LOGGER.info("role member={} role={} sequence={}", options.member(), newRole, machine.sequence());
    }

    @Override
    public void onNewLeadershipTermEvent(
            long leadershipTermId,
            long position,
            long timestamp,
            long termBaseLogPosition,
            int leaderMemberId,
            int logSessionId,
            TimeUnit timeUnit,
            int appVersion) {
        term = leadershipTermId;
        leader = leaderMemberId;
        guarded(() -> machine.onLeadershipTerm(timeUnit.toNanos(timestamp), leadershipTermId, leaderMemberId, this));
        if (leaderMemberId == options.member() && !repeating()) {
            long nowNanos = System.nanoTime();
            renewedNanos.forEach((kind, atNanos) -> reports.renewal(leadershipTermId, kind, nowNanos - atNanos));
        }
        moved();
        LOGGER.info("term began term={} leader={} position={}", leadershipTermId, leaderMemberId, position);
    }

    @Override
    public void onSessionOpen(ClientSession session, long timestamp) {
        LOGGER.debug("client session opened session={}", session.id());
    }

    @Override
    public void onSessionClose(ClientSession session, long timestamp, CloseReason reason) {
        LOGGER.debug("client session closed session={} reason={}", session.id(), reason);
    }

    @Override
    public void onTerminate(Cluster cluster) {
        role = "STOPPED";
        CloseHelper.quietClose(events);
    }

    // What the machine causes

    @Override
    public void event(long sequence, DirectBuffer frame, int offset, int length) {
        recording().append(sequence, frame, offset, length);
        lastSequence = sequence;
    }

    @Override
    public void reply(Reply reply) {
        ClientSession session = requester;
        if (session == null) {
            return;
        }
        int length = replies.encode(reply, replyBuffer, 0);
        for (int attempt = 0; attempt < MAX_REPLY_ATTEMPTS; attempt++) {
            if (session.offer(replyBuffer, 0, length) > 0) {
                return; // followers and replays take it without sending
            }
        }
        countDroppedReply();
    }

    @Override
    public void scheduleTimer(long deadlineNanos) {
        Cluster consensus = cluster();
        await("the consensus module to take a timer", () -> consensus.scheduleTimer(TIMER, deadlineNanos));
    }

    @Override
    public void stateHashed(long sequence, long stateHash) {
        if (!repeating()) {
            reports.stateHash(sequence, stateHash);
        }
    }

    @Override
    public void renewed(GrantKind kind) {
        renewedNanos.put(kind, System.nanoTime());
    }

    @Override
    public void halt(int member, String reason) {
        if (member == options.member() && !repeating()) {
            new HaltFile(options).write(reason);
            throw new TraderFailure("member " + member + " halts itself: " + reason);
        }
    }

    /** Whether the machine goes through log that this member applied before its last restart. */
    private boolean repeating() {
        return lastSequence <= recording().sequenceAtOpen();
    }

    private void restore(Cluster cluster, Image snapshot) {
        ExpandableArrayBuffer piece = new ExpandableArrayBuffer(Machine.SnapshotSink.MAX_PIECE);
        int[] length = {-1};
        FragmentAssembler assembler = new FragmentAssembler((buffer, offset, size, header) -> {
            piece.putBytes(0, buffer, offset, size);
            length[0] = size;
        });
        try {
            machine.restore(target -> {
                length[0] = -1;
                while (length[0] < 0) {
                    if (snapshot.poll(assembler, 1) == 0) {
                        if (snapshot.isEndOfStream() || snapshot.isClosed()) {
                            return -1; // whether that was all, the machine knows
                        }
                        cluster.idleStrategy().idle();
                    }
                }
                target.putBytes(0, piece, 0, length[0]);
                return length[0];
            });
        } catch (AgentTerminationException ending) {
            throw ending; // this process stops; the snapshot may be good
        } catch (RuntimeException corrupt) {
            throw new UnreadableSnapshot(corrupt);
        }
        lastSequence = machine.sequence();
        snapshotNanos = System.nanoTime();
        LOGGER.info(
                "snapshot loaded sequence={} stateHash={}", machine.sequence(), Long.toHexString(machine.stateHash()));
    }

    private static boolean offered(ExclusivePublication snapshot, DirectBuffer buffer, int offset, int length) {
        long result = snapshot.offer(buffer, offset, length);
        if (result == Publication.CLOSED || result == Publication.NOT_CONNECTED) {
            throw new IllegalStateException("the snapshot cannot be recorded: " + Publication.errorString(result));
        }
        return result > 0;
    }

    /** Runs a step that this member must not outlive when it fails. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (AgentTerminationException ending) {
            throw ending;
        } catch (RuntimeException | Error failure) {
            errors.raise(failure);
            throw new AgentTerminationException(failure);
        }
    }

    private void await(String what, BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + MODULE_TIMEOUT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IllegalStateException("waited " + MODULE_TIMEOUT.toSeconds() + " s for " + what);
            }
            cluster().idleStrategy().idle();
        }
    }

    private void moved() {
        eventSequence = lastSequence;
        logPosition = cluster().logPosition();
        eventBytes = recording().position();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void countDroppedReply() {
        droppedReplies++;
    }

    private Cluster cluster() {
        return java.util.Objects.requireNonNull(cluster, "the service has not started");
    }

    private EventRecording recording() {
        return java.util.Objects.requireNonNull(events, "the service has not started");
    }

    /** The machine could not be restored from this snapshot. */
    static final class UnreadableSnapshot extends RuntimeException {
        UnreadableSnapshot(RuntimeException cause) {
            super("the snapshot is unreadable: " + cause.getMessage(), cause);
        }
    }
}
