package dev.holdfast.cluster;

import dev.holdfast.protocol.Machine;
import io.aeron.archive.Archive;
import io.aeron.cluster.ClusterControl;
import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.ElectionState;
import io.aeron.cluster.service.ClusteredServiceContainer;
import io.aeron.driver.MediaDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running parts of one member: driver, archive, consensus module, service container. Used by one thread. */
final class Member implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Member.class);

    private final TraderOptions options;
    private final MemberErrors errors;
    private final MemberConfiguration configuration;
    private final MachineService service;
    private final ConsensusModule.Context moduleContext;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    Member(TraderOptions options, Machine machine, MemberErrors errors, MemberReportLog<?> reports) {
        this.options = options;
        this.errors = errors;
        this.configuration = new MemberConfiguration(options, errors);
        this.service = new MachineService(machine, options, errors, reports);
        this.moduleContext = configuration.module();
    }

    /** Launches all parts; on a failure {@link #close} ends those already running. The caller holds the folder's lock. */
    void launch() {
        deleteMarks();
        MediaDriver driver = MediaDriver.launch(configuration.driver());
        parts.push(driver);
        Archive archive = configuration.launchArchive(driver);
        parts.push(archive);
        AgentRunner network = new AgentRunner(configuration.idle(), errors, null, new Network(archive.invoker()));
        parts.push(network);
        AgentRunner.startOnThread(network, configuration.threads());
        parts.push(ConsensusModule.launch(moduleContext));
        parts.push(ClusteredServiceContainer.launch(configuration.service(service)));
    }

    /** Waits until machine and consensus module have both read their parts of the snapshot. */
    boolean awaitStarted(long timeoutMillis) throws InterruptedException {
        return service.awaitStarted(timeoutMillis)
                && !moduleContext.moduleStateCounter().isClosed()
                && ConsensusModule.State.get(moduleContext.moduleStateCounter()) != ConsensusModule.State.INIT;
    }

    /** Whether members choose a leader: what the service last heard of one is over then, and it is not told so. */
    boolean electing() {
        return !moduleContext.electionStateCounter().isClosed()
                && ElectionState.get(moduleContext.electionStateCounter()) != ElectionState.CLOSED;
    }

    MachineService service() {
        return service;
    }

    MemberErrors errors() {
        return errors;
    }

    MemberConfiguration configuration() {
        return configuration;
    }

    /** Asks the consensus module for a snapshot of all members; only a leader does it. */
    boolean requestSnapshot() {
        return !moduleContext.controlToggleCounter().isClosed()
                && ClusterControl.ToggleState.SNAPSHOT.toggle(moduleContext.controlToggleCounter());
    }

    /** Snapshots this member completed since its launch. */
    long snapshots() {
        return moduleContext.snapshotCounter().isClosed()
                ? 0
                : moduleContext.snapshotCounter().get();
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception | Error failure) {
                // The others must go nevertheless. On a full disk even closing throws Errors.
                LOGGER.info("a part of the member did not close in order: {}", failure.toString());
            }
        }
    }

    /** Driver and archive share a thread, for an idle member's cost is its wake-ups; the archive invokes the driver. */
    record Network(AgentInvoker archive) implements Agent {
        @Override
        public int doWork() {
            return archive.invoke();
        }

        @Override
        public String roleName() {
            return "driver-and-archive";
        }
    }

    /** Marks of a process that was killed would block a start for ten seconds; the folder's lock proves that it is gone. */
    private void deleteMarks() {
        delete(options.clusterFolder(), "cluster-mark*.dat");
        delete(options.archiveFolder(), "archive-mark.dat");
    }

    private static void delete(Path folder, String pattern) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> marks = Files.newDirectoryStream(folder, pattern)) {
            for (Path mark : marks) {
                Files.delete(mark);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot delete " + pattern + " in " + folder, failure);
        }
    }
}
