package dev.holdfast.cli;

import dev.holdfast.agent.ChildStatus;
import dev.holdfast.cluster.Reseed;
import dev.holdfast.cluster.TraderFailure;
import dev.holdfast.cluster.TraderOptions;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.Folders;
import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Replaces one trader's folder by a copy of the others' state, in steps of which each leaves the system able to go on. */
final class Reseeding {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 50;

    private final Home home;
    private final Configuration.Host host;
    private final List<Configuration.Host> traders;
    private final AgentClient agents;
    private final Console console;

    Reseeding(Home home, String hostName, AgentClient agents, Console console) {
        this.home = home;
        this.traders = home.configuration().hostsWith(Role.TRADER);
        this.host = traders.stream()
                .filter(each -> each.name().equals(hostName))
                .findFirst()
                .orElseThrow(() -> Failure.usage("host '" + hostName + "' has no trader; those with one are "
                        + traders.stream().map(Configuration.Host::name).toList()));
        this.agents = agents;
        this.console = console;
    }

    /**
     * @param source the host whose event stream was copied
     * @param evidence the old folder's new name; null when there was none
     * @param snapshotPosition where in the log the copied snapshot stands; null when the log was copied from its beginning
     * @param sequence the last event this trader and the leader had both when it was done
     */
    record Result(
            boolean ok,
            String host,
            String source,
            @Nullable String evidence,
            @Nullable Long snapshotPosition,
            long eventBytes,
            long stopMillis,
            long copyMillis,
            long followMillis,
            long sequence,
            String text) {}

    /** @throws Failure if it cannot be done now; the old folder then stands where it stood */
    Result run() throws InterruptedException {
        Configuration.Host leader = requireHealthyOthers();
        long began = console.elapsedMillis();
        stopTrader();
        long stopped = console.elapsedMillis();
        console.progress("the trader on " + host.name() + " is stopped; copying from the others, host " + leader.name()
                + " leads");
        TraderOptions options = TraderService.options(home, host);
        Path seeding = beside(options.folder(), ".seeding");
        Reseed.Result copied = copy(
                options.in(seeding, AeronFolders.of(home.path(), host.name(), "trader-seeding")),
                traders.indexOf(leader));
        @Nullable Path evidence = replace(options.folder(), seeding);
        long copyEnd = console.elapsedMillis();
        console.progress("copied" + (evidence == null ? "" : "; the old folder is kept as " + evidence));
        if (!agents.post(host, "/restart?process=trader")) {
            throw Failure.negative("the agent of host " + host.name() + " does not answer; './holdfast up' starts it");
        }
        long sequence = awaitFollowing(leader);
        long end = console.elapsedMillis();
        String text =
                "The trader on " + host.name() + " follows again and has event " + sequence + " like " + leader.name()
                        + ": stopped in " + (stopped - began) + " ms, copied in " + (copyEnd - stopped) + " ms ("
                        + copied.eventBytes() + " bytes of events), following after " + (end - copyEnd) + " ms."
                        + (evidence == null
                                ? ""
                                : " Its old folder is " + evidence + "; delete it when it is no longer needed.");
        return new Result(
                true,
                host.name(),
                leader.name(),
                evidence == null ? null : evidence.toString(),
                copied.snapshotPosition() < 0 ? null : (Long) copied.snapshotPosition(),
                copied.eventBytes(),
                stopped - began,
                copyEnd - stopped,
                end - copyEnd,
                sequence,
                text);
    }

    /** Without this trader the others must be enough to go on. */
    private Configuration.Host requireHealthyOthers() throws InterruptedException {
        Configuration.@Nullable Host leader = null;
        int healthy = 0;
        for (Configuration.Host other : traders) {
            if (!other.equals(host)) {
                Map<String, Object> health = health(other);
                healthy += Boolean.TRUE.equals(health.get("ok")) ? 1 : 0;
                leader = "LEADER".equals(health.get("role")) ? other : leader;
            }
        }
        if (leader == null && "LEADER".equals(health(host).get("role"))) {
            throw Failure.negative(
                    "the trader on " + host.name()
                            + " leads and is well: it needs no new state. If it must have one, stop it first, so that another leads");
        }
        int needed = traders.size() / 2 + 1;
        if (leader == null || healthy < needed) {
            throw Failure.negative("of the other traders " + healthy + " are well, " + needed
                    + " with a leader are needed to bring state from; './holdfast status' shows what runs");
        }
        return leader;
    }

    private void stopTrader() throws InterruptedException {
        if (!agents.post(host, "/hold?process=trader")) {
            throw Failure.negative("the agent of host " + host.name() + " does not answer; './holdfast up' starts it");
        }
        Path folder = TraderService.options(home, host).folder();
        await(
                STOP_LIMIT,
                () -> trader().map(child -> child.pid() == 0).orElse(false)
                        && OwnedProcess.workingUnder(folder).isEmpty(),
                () -> "the trader on " + host.name() + " does not stop");
    }

    private Reseed.Result copy(TraderOptions options, int leader) throws InterruptedException {
        delete(options.folder());
        try {
            return new Reseed(options).run(leader);
        } catch (TraderFailure failure) {
            delete(options.folder());
            boolean restarted = agents.post(host, "/restart?process=trader");
            throw Failure.negative(failure.getMessage() + ". The trader's old folder is untouched"
                    + (restarted ? ", and it is started again" : ""));
        }
    }

    /** @return where the old folder is now */
    private static @Nullable Path replace(Path folder, Path seeding) {
        try {
            @Nullable Path evidence = null;
            if (Files.exists(folder)) {
                evidence = Home.aside(folder, Instant.now());
                Files.move(folder, evidence);
            }
            Files.move(seeding, folder);
            return evidence;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot put " + seeding + " in the place of " + folder, failure);
        }
    }

    private long awaitFollowing(Configuration.Host leader) throws InterruptedException {
        long[] reached = {-1};
        await(
                FOLLOW_LIMIT,
                () -> {
                    Map<String, Object> leads = health(leader);
                    Map<String, Object> follows = health(host);
                    if (sequence(leads) < 0
                            || sequence(follows) < sequence(leads)
                            || !follows.getOrDefault("term", "").equals(leads.get("term"))) {
                        return false;
                    }
                    reached[0] = sequence(leads);
                    return true;
                },
                () -> "the trader on " + host.name() + " was seeded and started, but does not follow yet: "
                        + trader().map(ChildStatus::detail).orElse("") + "; see './holdfast logs " + host.name()
                        + "-trader'");
        return reached[0];
    }

    private static long sequence(Map<String, Object> health) {
        return health.get("sequence") instanceof Number number ? number.longValue() : -1;
    }

    private Map<String, Object> health(Configuration.Host of) {
        try {
            return agents.healthDocument(of, Configuration.TRADER_HEALTH_PORT);
        } catch (InterruptedException interrupted) {
            throw stopped();
        }
    }

    private Optional<ChildStatus> trader() {
        try {
            return agents.status(host).stream()
                    .flatMap(status -> status.processes().stream())
                    .filter(child -> child.name().equals("trader"))
                    .findFirst();
        } catch (InterruptedException interrupted) {
            throw stopped();
        }
    }

    private static Failure stopped() {
        Thread.currentThread().interrupt();
        return Failure.negative("interrupted");
    }

    private static void await(Duration limit, BooleanSupplier done, Supplier<String> otherwise)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw Failure.negative(otherwise.get() + " (waited " + limit.toSeconds() + " s)");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static Path beside(Path folder, String suffix) {
        return folder.resolveSibling(folder.getFileName() + suffix);
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot delete " + folder, failure);
        }
    }
}
