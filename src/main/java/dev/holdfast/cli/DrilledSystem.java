package dev.holdfast.cli;

import dev.holdfast.agent.HostStatus;
import dev.holdfast.agent.ServerFolder;
import dev.holdfast.drill.RunningSystem;
import dev.holdfast.projection.DrillRows;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.namespaces.Cuts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A home's system for drills: its agents, its database, its exchange. */
final class DrilledSystem implements RunningSystem, AutoCloseable {

    private static final Duration CONTROL_LIMIT = Duration.ofSeconds(5);

    private final Home home;
    private final AgentClient agents;
    private final DrillRows rows;
    private final HttpClient exchange =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable Connection connection;

    DrilledSystem(Home home) {
        this.home = home;
        this.agents = new AgentClient(home);
        this.rows = new DrillRows(home.configuration(), home.secrets());
    }

    @Override
    public Configuration configuration() {
        return home.configuration();
    }

    @Override
    public List<HostView> look() throws InterruptedException {
        Set<Long> ours = ours();
        List<Future<HostView>> asked = home.configuration().hosts().stream()
                .map(host -> threads.submit((Callable<HostView>) () -> ask(host, ours, true)))
                .toList();
        List<HostView> views = new ArrayList<>();
        for (Future<HostView> each : asked) {
            try {
                views.add(each.get());
            } catch (ExecutionException failure) {
                throw new IllegalStateException("a host could not be looked at", failure.getCause());
            }
        }
        return views;
    }

    @Override
    public HostView look(String host) throws InterruptedException {
        return ask(home.configuration().host(host), ours(), false);
    }

    /** An agent's word is not enough: a pid is shown only if that process works in this home. */
    private Set<Long> ours() {
        return home.processes().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private HostView ask(Configuration.Host host, Set<Long> ours, boolean withHealth) throws InterruptedException {
        @Nullable HostStatus status = agents.status(host).orElse(null);
        List<ProcessView> processes = new ArrayList<>();
        if (status != null) {
            for (var child : status.processes()) {
                processes.add(new ProcessView(
                        host.name(),
                        child.name(),
                        child.state().name(),
                        ours.contains(child.pid()) ? child.pid() : 0,
                        child.detail(),
                        withHealth ? health(host, child.name()) : Map.of()));
            }
        }
        long agentPid = status != null && ours.contains(status.pid()) ? status.pid() : 0;
        long supervisorPid =
                home.supervisor(host).running().map(ProcessHandle::pid).orElse(0L);
        return new HostView(host.name(), status != null, agentPid, supervisorPid, processes);
    }

    private Map<String, Object> health(Configuration.Host host, String process) throws InterruptedException {
        return switch (process) {
            case "trader" -> agents.healthDocument(host, Configuration.TRADER_HEALTH_PORT);
            case "gateway" -> agents.healthDocument(host, Configuration.GATEWAY_HEALTH_PORT);
            default -> Map.of();
        };
    }

    @Override
    public List<Path> folders(String host, String process) {
        return Stream.of(home.path().resolve("hosts"), ServerFolder.outside(home.path()))
                .map(folder -> folder.resolve(host).resolve(process))
                .filter(Files::isDirectory)
                .toList();
    }

    @Override
    public boolean exchangeRuns() {
        return home.exchange().running().isPresent();
    }

    @Override
    public void startAgent(String host) throws IOException, InterruptedException {
        home.startAgent(home.configuration().host(host));
    }

    @Override
    public void forgive(String host, String process) throws InterruptedException {
        agents.post(home.configuration().host(host), "/forgive?process=" + process);
    }

    @Override
    public synchronized long durableLogTimeNanos() throws SQLException {
        Connection known = connection;
        if (known == null) {
            known = primarySession();
            connection = known;
        }
        try (Statement statement = known.createStatement();
                ResultSet row = statement.executeQuery("SELECT log_time_nanos FROM recorder_position")) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException away) {
            connection = null;
            known.close();
            throw away;
        }
    }

    @Override
    public void cut(String host) throws IOException, InterruptedException {
        Cuts cuts = new Cuts(home.network());
        cuts.cut(host);
        if (cuts.standing().stream().noneMatch(sentence -> sentence.startsWith(host + " "))) {
            throw new IOException("host " + host + " was cut off and is not; cut are: " + cuts.standing());
        }
    }

    @Override
    public void heal(String host) throws IOException, InterruptedException {
        new Cuts(home.network()).heal(host);
    }

    @Override
    public void fillDisk(String host) throws IOException, InterruptedException {
        new DatabaseDisk(home, home.configuration().host(host)).mounted().fill();
    }

    @Override
    public void changeSettings(String host) throws IOException {
        try {
            rows.changeSettings(host);
        } catch (SQLException refused) {
            throw new IOException(refused);
        }
    }

    @Override
    public void relieveDisk(String host) throws IOException, InterruptedException {
        new DatabaseDisk(home, home.configuration().host(host)).mounted().relieve();
    }

    @Override
    public void prepareRows() throws SQLException {
        rows.prepare();
    }

    @Override
    public Connection primarySession() throws SQLException {
        return rows.primary();
    }

    @Override
    public Connection sessionWith(String host) throws SQLException {
        return rows.of(host);
    }

    @Override
    public void disturbExchange(String faultJson) throws IOException, InterruptedException {
        control("POST", faultJson);
    }

    @Override
    public void calmExchange() throws IOException, InterruptedException {
        control("DELETE", "");
    }

    private void control(String method, String body) throws IOException, InterruptedException {
        URI uri = URI.create(home.configuration().broker().restUrl() + "/control/faults");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(CONTROL_LIMIT)
                .header("Authorization", "Bearer " + home.secrets().read("exchange-control"))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = exchange.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("the exchange answered " + response.statusCode() + " to " + method + " " + uri + " "
                    + body + ": " + response.body());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        agents.close();
        exchange.shutdownNow();
        try {
            Connection open = connection;
            if (open != null) {
                open.close();
            }
        } catch (SQLException gone) {
            // It was only read through; the server forgets it by itself.
            connection = null;
        }
    }
}
