package dev.holdfast.cli;

import dev.holdfast.dashboard.Users;
import dev.holdfast.projection.Migrations;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.FolderLock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts a home's system: the exchange and the agents at once, then configures the engine while databases come up beside it. */
final class Startup {

    private static final Duration DATABASE_LIMIT = Duration.ofSeconds(90);
    private static final Duration DASHBOARD_LIMIT = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int CONNECT_MILLIS = 200;

    private final Home home;
    private final Console console;
    private final String market;
    private final double speed;

    Startup(Home home, Console console, String market, double speed) {
        this.home = home;
        this.console = console;
        this.market = market;
        this.speed = speed;
    }

    /**
     * @param firstFillMillis from the beginning of the command; null when none was waited for
     * @param password of the first operator, told until somebody has logged in; null after that
     */
    record Result(
            boolean ok,
            String url,
            @Nullable String user,
            @Nullable String password,
            @Nullable Long firstFillMillis,
            long millis,
            String text) {}

    Result run() throws IOException, InterruptedException {
        try (FolderLock _ = FolderLock.take(AtWork.upFolder(home))) {
            AtWork.tellUp(home);
            closeToOthers();
            Optional<Users.FirstOperator> operator = new Users(home.secrets()).firstOperator();
            startProcesses();
            Thread database = Thread.ofPlatform().daemon().start(this::migrate);
            Thread dashboard = Thread.ofPlatform().daemon().start(this::awaitDashboard);
            Trading.Outcome trading;
            try (Troubles troubles = new Troubles(home, console);
                    Operator connection = Operator.connect(home)) {
                troubles.start();
                trading = new Trading(home, connection, console).begin();
            }
            dashboard.join(DASHBOARD_LIMIT);
            database.join(DATABASE_LIMIT);
            return result(operator, trading);
        } catch (FolderLock.Taken taken) {
            throw Failure.usage("another './holdfast up' is at work on " + home.path() + "; wait for it");
        }
    }

    private void closeToOthers() {
        try {
            int opened = home.closeToOthers();
            if (opened > 0) {
                console.progress("closed " + opened + " folders and files of the home to other users");
            }
        } catch (IOException foreign) {
            console.warn("other users may read parts of " + home.path() + " (" + foreign
                    + "); give all of it to the user that runs the system");
        }
    }

    private void startProcesses() throws IOException, InterruptedException {
        if (home.processes().isEmpty()) {
            AeronFolders.deleteAll(home.path());
            home.rememberRelease();
            makeNetwork();
            guardPorts();
        } else if (home.configuration().namespaces().isPresent()
                && !home.network().complete()) {
            throw Failure.negative("parts of the hosts' network are gone under the running system;"
                    + " './holdfast down', then 'up' makes it anew");
        } else if (allRun()) {
            console.progress("already up");
        }
        if (home.configuration().broker().simulated()) {
            home.startExchange(List.of("--market", market(), "--speed", Double.toString(speed)));
        }
        for (Configuration.Host host : home.configuration().hosts()) {
            home.startAgent(host);
        }
        console.progress("started the agents of hosts "
                + home.configuration().hosts().stream()
                        .map(Configuration.Host::name)
                        .toList() + (home.configuration().broker().simulated() ? " and the simulated exchange" : ""));
    }

    private boolean allRun() {
        return (!home.configuration().broker().simulated()
                        || home.exchange().running().isPresent())
                && home.configuration().hosts().stream()
                        .allMatch(host -> home.supervisor(host).running().isPresent());
    }

    /** For when nothing of the home runs. */
    private void makeNetwork() throws InterruptedException {
        if (home.configuration().namespaces().isPresent()) {
            try {
                home.network().make(); // new, so every port is free
                return;
            } catch (IOException refused) {
                throw Failure.usage(String.valueOf(refused.getMessage()));
            }
        }
        List<String> taken = Ports.taken(home.configuration());
        if (!taken.isEmpty()) {
            throw Failure.usage(String.join(System.lineSeparator(), taken)
                    + System.lineSeparator()
                    + "end what holds them, or choose other addresses in "
                    + home.path().resolve("holdfast.yaml"));
        }
    }

    /**
     * Raises the packet filter, before anything of the home runs. If that fails the start goes on, and 'status' says that the
     * ports are open.
     */
    private void guardPorts() throws InterruptedException {
        try {
            new PortGuard(home).raise();
        } catch (IOException open) {
            console.progress("users of this machine can reach the members' ports: " + open.getMessage());
        }
    }

    /** A path means the same for the exchange, which works in another folder. */
    private String market() {
        return market.startsWith("random:")
                ? market
                : Path.of(market).toAbsolutePath().toString();
    }

    private void migrate() {
        if (home.configuration().hostsWith(Role.POSTGRES).isEmpty()) {
            return;
        }
        try {
            int applied = new Migrations(home.configuration(), home.secrets()).run(DATABASE_LIMIT);
            console.progress("PostgreSQL is ready (" + applied + " migrations applied)");
        } catch (SQLException failure) {
            console.progress("PostgreSQL is not ready: " + failure.getMessage() + "; trading goes on without it");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitDashboard() {
        for (Configuration.Host host : home.configuration().hostsWith(Role.DASHBOARD)) {
            long deadline = System.nanoTime() + DASHBOARD_LIMIT.toNanos();
            while (System.nanoTime() - deadline < 0) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(host.address(), Configuration.DASHBOARD_PORT), CONNECT_MILLIS);
                    console.progress("the dashboard answers");
                    return;
                } catch (IOException notYet) {
                    pause();
                }
            }
            console.progress("the dashboard does not answer; see './holdfast logs " + host.name() + "-dashboard'");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_AGAIN);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Result result(Optional<Users.FirstOperator> operator, Trading.Outcome trading) {
        String url = home.configuration().hostsWith(Role.DASHBOARD).stream()
                .map(host -> "http://" + host.address() + ":" + Configuration.DASHBOARD_PORT)
                .findFirst()
                .orElse("");
        String text = """

                %s
                %s%s
                  Try:   ./holdfast status          what runs, who leads, whether we can trade
                         ./holdfast order list      what the strategies are doing
                         ./holdfast kill on              and: kill off --restart --reason test
                         ./holdfast down            stop everything; 'up' goes on where it stood""".formatted(
                        trading.sentence(),
                        url.isEmpty() ? "" : "  Watch: " + url + "\n",
                        operator.map(first -> "  Login: " + first.name() + " / " + first.password()
                                        + "   (shown until somebody has logged in)\n")
                                .orElse(""));
        return new Result(
                trading.ok(),
                url,
                operator.map(Users.FirstOperator::name).orElse(null),
                operator.map(Users.FirstOperator::password).orElse(null),
                trading.firstFillMillis(),
                console.elapsedMillis(),
                text);
    }
}
