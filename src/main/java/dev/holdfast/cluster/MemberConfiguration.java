package dev.holdfast.cluster;

import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.client.AeronArchive;
import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.NanosecondClusterClock;
import io.aeron.cluster.PriorityHeapTimerServiceSupplier;
import io.aeron.cluster.service.ClusteredService;
import io.aeron.cluster.service.ClusteredServiceContainer;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.time.Duration;
import org.agrona.CloseHelper;
import org.agrona.concurrent.IdleStrategy;

/**
 * How the parts of a member are set up. What differs between the machines' members is in their profile.
 */
final class MemberConfiguration {

    private static final String IPC = "aeron:ipc?term-length=64k";
    private static final int MODULE_ARCHIVE_STREAM = 20;
    private static final int SERVICE_ARCHIVE_STREAM = 40;
    private static final int SEGMENT_BYTES = 4 << 20;
    private static final int MAX_SESSIONS = 128;

    private final TraderOptions options;
    private final MemberProfile<?, ?> profile;
    private final Endpoints endpoints;
    private final MemberErrors errors;
    private final MemberThreads threads;
    private final ArchiveAccess access;

    MemberConfiguration(TraderOptions options, MemberErrors errors) {
        this.options = options;
        this.profile = options.profile();
        this.endpoints = options.endpoints();
        this.errors = errors;
        this.threads = new MemberThreads(errors);
        this.access = new ArchiveAccess(options.clusterSecret(), errors.refusals());
    }

    MediaDriver.Context driver() {
        return new MediaDriver.Context()
                .aeronDirectoryName(options.aeronFolder().toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.INVOKER)
                .termBufferSparseFile(true)
                .performStorageChecks(false)
                .asyncExecutorEnabled(false)
                .publicationTermBufferLength(profile.termBytes())
                .ipcTermBufferLength(profile.termBytes())
                .initialWindowLength(Math.min(128 << 10, profile.termBytes() / 2))
                .socketRcvbufLength(profile.socketBufferBytes())
                .socketSndbufLength(profile.socketBufferBytes())
                .timerIntervalNs(Duration.ofMillis(100).toNanos())
                .publicationLingerTimeoutNs(Duration.ofSeconds(1).toNanos())
                .errorHandler(errors);
    }

    /** Launches the archive and guards it before it serves anybody: it serves only when its agent is invoked. */
    Archive launchArchive(MediaDriver driver) {
        Archive archive = Archive.launch(archive().mediaDriverAgentInvoker(driver.sharedAgentInvoker()));
        try {
            access.guard(archive);
            return archive;
        } catch (RuntimeException failure) {
            CloseHelper.quietClose(archive);
            throw failure;
        }
    }

    /** Checksums let a damaged log, snapshot or event be noticed when it is read. */
    private Archive.Context archive() {
        return new Archive.Context()
                .aeronDirectoryName(options.aeronFolder().toString())
                .archiveId(options.member())
                .archiveDir(options.archiveFolder().toFile())
                .deleteArchiveOnStart(false)
                .controlChannel(endpoints.archiveControlChannel(options.address()))
                .localControlChannel(IPC)
                .replicationChannel(Endpoints.anyPort(options.address()))
                .recordingEventsEnabled(false)
                .threadingMode(ArchiveThreadingMode.INVOKER)
                .idleStrategySupplier(this::idle)
                .segmentFileLength(SEGMENT_BYTES)
                .catalogCapacity(64 << 10)
                .fileSyncLevel(syncLevel())
                .catalogFileSyncLevel(syncLevel())
                .recordChecksum(new FrameChecksum())
                .replayChecksum(new FrameChecksum())
                .lowStorageSpaceThreshold(DiskSpace.FLOOR_BYTES)
                .authenticatorSupplier(access::authenticator)
                .authorisationServiceSupplier(() -> access)
                .archiveClientContext(access.replication())
                .errorHandler(errors);
    }

    ConsensusModule.Context module() {
        return new ConsensusModule.Context()
                .aeronDirectoryName(options.aeronFolder().toString())
                .clusterDir(options.clusterFolder().toFile())
                .clusterMemberId(options.member())
                .clusterMembers(endpoints.clusterMembers(options.addresses()))
                .clusterClock(new NanosecondClusterClock())
                .ingressChannel("aeron:udp?term-length=64k")
                // The default flow control: the slowest-member one stalls everybody for seconds when a follower dies.
                .logChannel("aeron:udp?term-length=" + profile.logTermBytes() + "|control-mode=manual|control="
                        + options.address() + ":" + endpoints.logControlPort())
                .consensusChannel("aeron:udp?term-length=64k")
                .replicationChannel(Endpoints.anyPort(options.address()))
                .leaderArchiveControlChannel(Endpoints.anyPort(options.address()))
                .archiveContext(localArchive(MODULE_ARCHIVE_STREAM))
                .leaderHeartbeatIntervalNs(profile.heartbeatInterval().toNanos())
                .leaderHeartbeatTimeoutNs(profile.heartbeatTimeout().toNanos())
                // Candidates wait a random time up to half of this: shorter than a vote takes on a busy machine, and
                // they
                // keep standing against each other.
                .electionTimeoutNs(Duration.ofMillis(150).toNanos())
                .electionStatusIntervalNs(Duration.ofMillis(20).toNanos())
                .startupCanvassTimeoutNs(Duration.ofSeconds(3).toNanos())
                .sessionTimeoutNs(Duration.ofSeconds(10).toNanos())
                // The default, a wheel, turns by one tick of 8 ms each time it is looked at. A new leader needs a third
                // of a second to turn it through the time without one, and no timer fires meanwhile.
                .timerServiceSupplier(new PriorityHeapTimerServiceSupplier())
                .maxConcurrentSessions(MAX_SESSIONS)
                .authenticatorSupplier(
                        () -> ClusterAuthentication.ofCommands(options.clusterSecret(), errors.refusals()))
                .idleStrategySupplier(this::idle)
                .threadFactory(threads)
                .fileSyncLevel(syncLevel())
                .terminationHook(
                        () -> errors.raise(new TraderFailure("the consensus module stopped; see its errors above")))
                .errorHandler(errors);
    }

    ClusteredServiceContainer.Context service(ClusteredService service) {
        return new ClusteredServiceContainer.Context()
                .aeronDirectoryName(options.aeronFolder().toString())
                .clusterDir(options.clusterFolder().toFile())
                .clusteredService(service)
                .snapshotChannel("aeron:ipc?term-length=1m|alias=snapshot")
                .archiveContext(localArchive(SERVICE_ARCHIVE_STREAM))
                .idleStrategySupplier(this::idle)
                .threadFactory(threads)
                .terminationHook(() -> errors.raise(new TraderFailure("the service stopped; see its errors above")))
                .errorHandler(errors);
    }

    AeronArchive.Context localArchive(int responseStream) {
        return new AeronArchive.Context()
                .aeronDirectoryName(options.aeronFolder().toString())
                .controlRequestChannel(IPC)
                .controlRequestStreamId(AeronArchive.Configuration.localControlStreamId())
                .controlResponseChannel(IPC)
                .controlResponseStreamId(responseStream)
                .credentialsSupplier(access.owner())
                .controlTermBufferLength(64 << 10);
    }

    MemberThreads threads() {
        return threads;
    }

    IdleStrategy idle() {
        return new ParkingIdle(profile.shortestPark(), profile.longestPark());
    }

    private int syncLevel() {
        return options.fsync() ? 1 : 0;
    }
}
