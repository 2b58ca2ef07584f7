package dev.holdfast.cluster;

import dev.holdfast.protocol.Machine;
import dev.holdfast.runtime.Loop;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a replicated machine, hosted on Aeron Cluster: a trader of the engine or a voter of the recovery machine. A
 * thread of its own watches over it, takes snapshots on schedule, and ends all of it when any part fails.
 */
public final class Trader implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Trader.class);

    /** A start loads a snapshot; more than this means it hangs. */
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    /** An election on a busy machine takes seconds. */
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(20);

    /** Snapshots that may be refused during one start. */
    private static final int MAX_REFUSED_SNAPSHOTS = 2;

    /** Log, event stream and two parts of a snapshot may all be torn at once. */
    private static final int MAX_TORN_RECORDINGS = 4;

    /** A member whose threads have died may not close at all; its process then has to end with it. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

    private static final long START_POLL_MILLIS = 10;
    private static final long WATCH_MILLIS = 250;

    /** A snapshot is taken within the loop. */
    private static final Duration WATCH_LIMIT = Duration.ofSeconds(30);

    private final TraderOptions options;
    private final Supplier<Machine> machines;
    private final SnapshotStore store;
    private final DiskSpace disk;
    private final JoinAttempts attempts;
    private final MemberReportLog<?> reports;
    private final Refusals refusals = new Refusals();
    private final CompletableFuture<Termination> termination = new CompletableFuture<>();
    private @Nullable FolderLock lock;
    private @Nullable Thread watcher;
    private final Loop watch = new Loop("watch", WATCH_LIMIT);
    private volatile @Nullable Member member;
    private volatile boolean stopping;

    /** @param machines gives a fresh machine for each launch */
    public Trader(TraderOptions options, Supplier<Machine> machines) {
        this.options = options;
        this.machines = machines;
        this.store = new SnapshotStore(options);
        this.disk = new DiskSpace(options);
        this.attempts = new JoinAttempts(options);
        this.reports = new MemberReportLog<>(options.profile(), options);
    }

    /**
     * Launches the member and loads its newest readable snapshot; the election goes on afterwards.
     *
     * @throws TraderFailure if it cannot start; nothing is left running then
     */
    public void start() {
        lock = FolderLock.take(options.folder());
        try {
            new HaltFile(options).requireAbsent();
            disk.requireRoomToStart();
            if (attempts.begin()) {
                requireSound();
            }
            Member running = launch();
            noteRelease(running);
            member = running;
            watcher = Thread.ofPlatform().name(word() + "-" + options.member()).start(() -> watch(running));
            LOGGER.info("{} started member={} sequence={}", word(), options.member(), status().eventSequence());
        } finally {
            if (watcher == null) {
                release();
            }
        }
    }

    /** Halts the member if its files are damaged. Called before the archive starts to write them. */
    private void requireSound() {
        LOGGER.warn("{} {} did not join after its last starts; its files are read through", word(), options.member());
        Optional<String> damage = new MemberFiles(options).damage();
        if (damage.isPresent()) {
            HaltFile halt = new HaltFile(options);
            halt.write("its files are damaged, " + damage.get());
            halt.requireAbsent();
        }
    }

    private void noteRelease(Member running) {
        try {
            new ReleaseHistory(options.folder())
                    .started(Release.current(), running.service().sequenceAtOpen(), Instant.now());
        } catch (RuntimeException unwritable) {
            running.close();
            throw unwritable;
        }
    }

    public TraderStatus status() {
        Member running = member;
        if (running == null) {
            return new TraderStatus(options.member(), "STOPPED", -1, -1, -1, 0, 0, 0);
        }
        TraderStatus heard = running.service().status();
        boolean stopped = heard.role().equals("STOPPED");
        return running.electing() && !stopped ? heard.electing() : heard;
    }

    /** Number of requests that this member refused for lack of a right, since the process began. */
    public long refusals() {
        return refusals.total();
    }

    /** The member's loops, which must turn while it works; none while it starts or stops. */
    public List<Loop> loops() {
        Member running = member;
        return running == null || stopping
                ? List.of()
                : List.of(running.service().loop(), watch);
    }

    /** Whether this member's machine, now or before a restart, has applied anything of the log. */
    public boolean begun() {
        return status().eventSequence() > 0 || Files.exists(options.begunFile());
    }

    /**
     * Waits until the member has ended, asked or not. One that did not end in order may have left threads behind: the process
     * must halt.
     */
    public Termination awaitTermination() throws InterruptedException {
        try {
            return termination.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Stops in order: a snapshot first if one can be had within seconds. */
    @Override
    public void close() {
        stopping = true;
        Thread running = watcher;
        if (running != null && running != Thread.currentThread()) {
            join(running);
        }
    }

    private Member launch() {
        int refusedSnapshots = 0;
        int torn = 0;
        while (true) {
            MemberErrors errors = new MemberErrors(refusals);
            Member candidate = new Member(options, machines.get(), errors, reports);
            Throwable failure;
            try {
                candidate.launch();
                failure = awaitStart(candidate);
            } catch (RuntimeException | Error atLaunch) {
                failure = errors.fatal() == null ? atLaunch : errors.fatal();
            }
            if (failure == null) {
                return candidate;
            }
            if (!closed(candidate)) {
                throw cannotStart(failure);
            }
            Optional<TornRecording> tornRecording = TornRecording.in(failure);
            if (tornRecording.isPresent() && torn++ < MAX_TORN_RECORDINGS) {
                tornRecording.get().cut(options);
            } else if (MemberErrors.fromSnapshot(failure) && refusedSnapshots++ < MAX_REFUSED_SNAPSHOTS) {
                store.discardNewest(failure);
            } else {
                throw cannotStart(failure);
            }
        }
    }

    private TraderFailure cannotStart(Throwable failure) {
        return new TraderFailure(
                word() + " " + options.member() + " cannot start: " + describe(failure)
                        + ". Expected free ports " + options.endpoints().archivePort() + " to "
                        + options.endpoints().logControlPort() + " on " + options.address()
                        + ", a writable folder and the JVM flags of the start script",
                failure);
    }

    private static @Nullable Throwable awaitStart(Member candidate) {
        long deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
        try {
            while (!candidate.awaitStarted(START_POLL_MILLIS)) {
                if (candidate.errors().awaitFatal(START_POLL_MILLIS)) {
                    return candidate.errors().fatal();
                }
                if (System.nanoTime() - deadlineNanos > 0) {
                    return new TraderFailure("no snapshot was loaded within " + START_LIMIT.toSeconds() + " s");
                }
            }
            return candidate.errors().fatal();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new TraderFailure("interrupted while starting");
        }
    }

    private void watch(Member running) {
        Termination ended = new Termination(false, "its watcher failed");
        try {
            ended = watched(running);
        } finally {
            if (closed(running)) {
                release();
            }
            termination.complete(ended);
        }
    }

    private Termination watched(Member running) {
        Snapshots snapshots = new Snapshots(options, running, store, Clock.systemUTC());
        boolean noted = Files.exists(options.begunFile());
        boolean joined = false;
        long beganNanos = System.nanoTime();
        try {
            while (!stopping && !running.errors().awaitFatal(WATCH_MILLIS)) {
                watch.turned();
                disk.requireRoomToGoOn();
                if (!joined) {
                    joined = takesPart();
                    requireJoinable(running, joined, beganNanos);
                }
                if (!noted && status().eventSequence() > 0) {
                    Files.createFile(options.begunFile());
                    noted = true;
                }
                snapshots.check();
            }
        } catch (InterruptedException asked) {
            LOGGER.info("stop hurried member={}", options.member());
        } catch (IOException | RuntimeException | Error failure) {
            running.errors().raise(failure);
        }
        return end(running, snapshots);
    }

    private boolean takesPart() {
        TraderStatus now = status();
        if (now.leader() < 0 || now.eventSequence() <= 0) {
            return false;
        }
        attempts.joined();
        return true;
    }

    /**
     * Ends a member that cannot read its files. A member that only waits for the others has an archive that does not complain.
     */
    private void requireJoinable(Member running, boolean joined, long beganNanos) {
        String trouble = running.errors().archiveTrouble();
        if (!joined && !trouble.isEmpty() && System.nanoTime() - beganNanos > JOIN_LIMIT.toNanos()) {
            attempts.suspect();
            throw new TraderFailure("it did not join the others within " + JOIN_LIMIT.toSeconds()
                    + " s and cannot read what it keeps: " + trouble + ". Its next start reads all of it through");
        }
    }

    /** @return false if some of it is still there after the limit; then nobody may use its folder within this process */
    private boolean closed(Member ending) {
        Thread closing = Thread.ofPlatform()
                .daemon()
                .name("close-" + options.member())
                .start(() -> {
                    CloseHelper.quietClose(reports);
                    ending.close();
                });
        boolean interrupted = false;
        long deadlineNanos = System.nanoTime() + CLOSE_LIMIT.toNanos();
        for (long left = CLOSE_LIMIT.toNanos();
                closing.isAlive() && left > 0;
                left = deadlineNanos - System.nanoTime()) {
            try {
                closing.join(Duration.ofNanos(left));
            } catch (InterruptedException hurry) {
                interrupted = true; // a half-stopped member must not be left behind; this wait is bounded
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (closing.isAlive()) {
            LOGGER.warn("the member does not close within {} s member={}", CLOSE_LIMIT.toSeconds(), options.member());
        }
        return !closing.isAlive();
    }

    private Termination end(Member running, Snapshots snapshots) {
        Throwable fatal = running.errors().fatal();
        if (fatal != null) {
            String reason = describe(fatal);
            LOGGER.error(
                    "{} halts member={} sequence={} reason=\"{}\"",
                    word(),
                    options.member(),
                    status().eventSequence(),
                    reason,
                    fatal);
            return new Termination(false, reason);
        }
        boolean taken = false;
        try {
            taken = snapshots.beforeStop();
        } catch (InterruptedException again) {
            LOGGER.info("stop hurried member={}", options.member());
        } catch (RuntimeException | Error failure) {
            LOGGER.warn("no snapshot before the stop member={} reason=\"{}\"", options.member(), describe(failure));
        }
        LOGGER.info(
                "{} stops member={} sequence={} snapshot={}",
                word(),
                options.member(),
                status().eventSequence(),
                taken);
        return new Termination(true, "asked to stop");
    }

    private String word() {
        return options.profile().word();
    }

    private void release() {
        CloseHelper.quietClose(lock);
        lock = null;
    }

    private String describe(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.startsWith(DiskSpace.FULL)) {
            return message;
        }
        return (failure instanceof TraderFailure ? "" : failure.getClass().getSimpleName() + ": ")
                + message
                + disk.hint();
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException wait) {
                interrupted = true; // a half-stopped member must not be left behind; its stop is bounded
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
