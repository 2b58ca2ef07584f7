package dev.holdfast.cli;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.cluster.Release;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.ConfigurationFile;
import dev.holdfast.runtime.JavaCommand;
import dev.holdfast.runtime.JavaCommand.Kind;
import dev.holdfast.runtime.Namespaces;
import dev.holdfast.runtime.OwnedProcess;
import dev.holdfast.runtime.OwnerOnly;
import dev.holdfast.runtime.OwnerOnly.Access;
import dev.holdfast.runtime.RedisUser;
import dev.holdfast.runtime.Secrets;
import dev.holdfast.runtime.namespaces.HostNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** One system's folder, its configuration and its secrets. */
record Home(Path path, Configuration configuration, Secrets secrets) {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final List<String> SECRETS = List.of(
            "cluster",
            "seal-key",
            "exchange-control",
            "postgres-superuser",
            "postgres-replication",
            "postgres-recorder",
            "postgres-reader",
            "dashboard-cookie",
            "agent");

    /** An existing home. */
    static Home open(Path path) {
        if (!Files.isRegularFile(path.resolve(ConfigurationFile.NAME))) {
            throw Failure.usage(
                    "there is no system in " + path + "; './holdfast up' makes one, --home names another folder");
        }
        return new Home(path, ConfigurationFile.readFrom(path), new Secrets(path));
    }

    /** Opens a home, first making what it lacks: the folder, a configuration that fits the market, the secrets. */
    static Home openOrCreate(Path path, String market) throws IOException {
        return openOrCreate(path, market, UnaryOperator.identity());
    }

    /** @param fitting makes of the configuration that fits the market the one that a new home is to have */
    static Home openOrCreate(Path path, String market, UnaryOperator<String> fitting) throws IOException {
        Path file = path.resolve(ConfigurationFile.NAME);
        if (!Files.exists(file)) {
            String wanted = fitting.apply(DefaultConfiguration.forMarket(market));
            try {
                OwnerOnly.folder(path);
                Files.writeString(file, wanted);
            } catch (IOException unusable) {
                throw Failure.usage("a home cannot be made in " + path + " (" + unusable
                        + "); --home names a folder that this user can write");
            }
        }
        Home home = open(path);
        SECRETS.forEach(home.secrets::readOrCreate);
        RedisUser.secrets().forEach(home.secrets::readOrCreate);
        if (home.configuration.broker().simulated()) {
            home.secrets.readOrCreate("broker-api-key");
            home.secrets.readOrCreate("broker-api-secret");
        } else if (!home.secrets.exists("broker-api-key") || !home.secrets.exists("broker-api-secret")) {
            throw Failure.usage("a real account needs its API key and secret: write them to " + path.resolve("secrets")
                    + "/broker-api-key and broker-api-secret (mode 0600), then './holdfast up'");
        }
        return home;
    }

    /**
     * Closes to other users what an earlier release, or another umask, left open.
     *
     * @return how many folders and files were open
     */
    int closeToOthers() throws IOException {
        return OwnerOnly.close(path, this::access);
    }

    private Access access(Path folder) {
        Path below = path.relativize(folder);
        boolean underHosts = below.startsWith("hosts");
        if (below.toString().isEmpty() || (underHosts && below.getNameCount() <= 2)) {
            // The users that servers run as pass here.
            return "root".equals(System.getProperty("user.name")) ? Access.PASSAGE : Access.CLOSED;
        }
        boolean database =
                underHosts && below.getNameCount() == 3 && below.endsWith("postgres"); // closes its files itself
        boolean releases = below.equals(Path.of("releases")); // links to files that a checkout has too
        return database || releases ? Access.CLOSED_AS_A_WHOLE : Access.CLOSED;
    }

    OwnedProcess exchange() {
        return new OwnedProcess(path.resolve("exchange"), path.resolve("logs").resolve("exchange.log"));
    }

    /** The supervisor of a host's agent, which lives as long as the agent is wanted. */
    Supervisor supervisor(Configuration.Host host) {
        return new Supervisor(
                path.resolve("hosts").resolve(host.name()).resolve("agent"),
                path.resolve("logs").resolve(host.name() + "-agent.log"));
    }

    /** Starts the exchange, unless it runs, where the hosts can reach it. */
    void startExchange(List<String> arguments) throws IOException {
        if (exchange().running().isEmpty()) {
            exchange().start(inPlace(command(Kind.EXCHANGE, arguments), Namespaces.OUTSIDE), Map.of());
        }
    }

    /**
     * Starts the agent of a host, unless it runs, supervised and in the host's network; what it starts is there too. An agent that
     * lost its supervisor gets another one, and a supervisor that is frozen is replaced.
     */
    void startAgent(Configuration.Host host) throws IOException, InterruptedException {
        Supervisor supervisor = supervisor(host);
        supervisor.allow();
        if (supervisor.frozen()) {
            supervisor.kill();
        }
        if (supervisor.running().isEmpty()) {
            new DatabaseDisk(this, host).mount();
            supervisor.start(agentCommand(host), command -> inPlace(command, host.name()));
        }
    }

    List<String> agentCommand(Configuration.Host host) {
        return command(Kind.AGENT, List.of("--host", host.name()));
    }

    private List<String> command(Kind kind, List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--home", path.toString()));
        return new JavaCommand(kind, all).words();
    }

    private List<String> inPlace(List<String> command, String place) {
        return configuration.namespaces().isPresent() ? network().inside(place, command) : command;
    }

    /** The network of this home, made or not; of use where the hosts are network namespaces. */
    HostNetwork network() {
        return new HostNetwork(path, configuration);
    }

    /** Every living process that works in this home, whoever started it. */
    List<ProcessHandle> processes() {
        return Stream.of(path.resolve("hosts"), path.resolve("exchange"), ServerFolder.outside(path))
                .flatMap(folder -> OwnedProcess.workingUnder(folder).stream())
                .toList();
    }

    /** A folder's name once it is kept as evidence beside its successor. */
    static Path aside(Path folder, Instant now) {
        return folder.resolveSibling(folder.getFileName() + ".aside-" + STAMP.format(now));
    }

    /** Locked by the drill or chaos at work, which tells there what it does. */
    Path chaos() {
        return path.resolve("chaos");
    }

    /** With the reports of drills. */
    Path drills() {
        return state().resolve("drills");
    }

    /**
     * The file with the name of the release that this home runs. The script {@code holdfast} runs every command from that
     * release.
     */
    private Path release() {
        return state().resolve("release");
    }

    /** Notes this release as the one that the home runs, before the first process of an 'up' starts. */
    void rememberRelease() throws IOException {
        if (Release.folder() == null) {
            forgetRelease();
        } else {
            Files.writeString(release(), Release.current() + "\n");
        }
    }

    /** Once nothing of the home runs. */
    void forgetRelease() throws IOException {
        Files.deleteIfExists(release());
    }

    /** Where commands keep what must survive them. */
    Path state() {
        try {
            return Files.createDirectories(path.resolve("state"));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make a folder in " + path, failure);
        }
    }
}
