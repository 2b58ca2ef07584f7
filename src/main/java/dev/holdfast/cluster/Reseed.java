package dev.holdfast.cluster;

import io.aeron.archive.Archive;
import io.aeron.archive.client.AeronArchive;
import io.aeron.cluster.ClusterBackup;
import io.aeron.driver.MediaDriver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;

/**
 * Fills an empty folder with what a member needs to go on: newest snapshot, the log after it and the event stream, from members
 * that run. It stands in for the member on its own address and ports, so that member must not run. Used by one thread.
 */
public final class Reseed {

    private static final int LOCAL_STREAM = 90;

    /** Members that elect a leader answer nobody; on a machine that is short of time one election follows the other. */
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);

    /** Without any progress of the event stream for so long, its source is not well or cannot be reached. */
    private static final Duration STALL_LIMIT = Duration.ofMinutes(1);

    private static final Duration COOL_DOWN = Duration.ofMillis(500);
    private static final long POLL_MILLIS = 20;

    private final TraderOptions options;
    private final Duration answerLimit;
    private final MemberErrors errors = new MemberErrors(new Refusals());
    private final MemberConfiguration configuration;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** @param options the member's own, but with the folder to fill */
    public Reseed(TraderOptions options) {
        this(options, ANSWER_LIMIT);
    }

    Reseed(TraderOptions options, Duration answerLimit) {
        this.options = options;
        this.answerLimit = answerLimit;
        this.configuration = new MemberConfiguration(options, errors);
    }

    /**
     * @param snapshotPosition where in the log the snapshot was taken; -1 when there was none and the log is whole
     * @param eventBytes of the event stream
     */
    public record Result(long snapshotPosition, long eventBytes) {}

    /**
     * Copies all; bounded by progress, because a long history takes long. A failed copy of snapshot and log is tried again.
     *
     * @param source the member whose event stream is copied, usually the leader
     * @throws TraderFailure if it does not get on; the folder is then of no use
     */
    public Result run(int source) throws InterruptedException {
        if (source == options.member()) {
            throw new IllegalArgumentException("member " + source + " cannot be seeded from itself");
        }
        try {
            MediaDriver driver = opened(MediaDriver.launch(configuration.driver()));
            Archive archive = opened(configuration.launchArchive(driver));
            AgentRunner network =
                    opened(new AgentRunner(configuration.idle(), errors, null, new Member.Network(archive.invoker())));
            AgentRunner.startOnThread(network, configuration.threads());
            BackupProgress progress = new BackupProgress(answerLimit, System.nanoTime());
            ClusterBackup.Context backup = backup(progress);
            opened(ClusterBackup.launch(backup));
            AeronArchive local = opened(AeronArchive.connect(configuration.localArchive(LOCAL_STREAM)));
            await(progress);
            // After the snapshot, so that the stream reaches at least as far as it.
            long eventBytes = new EventCopy(options, local, source).run(this::requireAlive, STALL_LIMIT);
            return new Result(progress.snapshotPosition(), eventBytes);
        } catch (RuntimeException failure) {
            Throwable cause = errors.fatal() == null ? failure : errors.fatal();
            throw cause instanceof TraderFailure known
                    ? known
                    : new TraderFailure("member " + options.member() + " cannot be seeded: " + cause, cause);
        } finally {
            while (!parts.isEmpty()) {
                CloseHelper.quietClose(parts.pop());
            }
        }
    }

    /** The library's own limits stay: 5 s for an answer and 10 s for a copy that stands still, after which it asks again. */
    private ClusterBackup.Context backup(BackupProgress progress) {
        return new ClusterBackup.Context()
                .aeronDirectoryName(options.aeronFolder().toString())
                .clusterDir(options.clusterFolder().toFile())
                .clusterConsensusEndpoints(options.endpoints().consensusOfOthers(options.addresses(), options.member()))
                .consensusChannel("aeron:udp?term-length=64k|endpoint=" + options.address() + ":"
                        + options.endpoints().consensusPort())
                .catchupEndpoint(options.address() + ":" + options.endpoints().catchupPort())
                .archiveContext(configuration.localArchive(LOCAL_STREAM + 1))
                .clusterArchiveContext(new AeronArchive.Context()
                        .controlRequestChannel(options.endpoints().archiveControlChannel(options.address()))
                        .controlResponseChannel(Endpoints.anyPort(options.address()))
                        .credentialsSupplier(ArchiveAccess.reader(options.clusterSecret())))
                .sourceType(ClusterBackup.SourceType.ANY)
                .initialReplayStart(ClusterBackup.Configuration.ReplayStart.LATEST_SNAPSHOT)
                .clusterBackupCoolDownIntervalNs(COOL_DOWN.toNanos())
                .credentialsSupplier(ClusterAuthentication.credentials(options.clusterSecret()))
                .threadFactory(configuration.threads())
                .eventsListener(progress)
                .errorHandler(errors);
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    private void requireAlive() {
        Throwable fatal = errors.fatal();
        if (fatal != null) {
            throw new TraderFailure("member " + options.member() + " cannot be seeded: " + fatal, fatal);
        }
    }

    private void await(BackupProgress progress) throws InterruptedException {
        while (!progress.done()) {
            requireAlive();
            progress.requireHope(System.nanoTime());
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
