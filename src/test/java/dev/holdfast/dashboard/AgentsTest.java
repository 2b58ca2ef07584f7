package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.runtime.Configuration;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the agents say of their hosts, asked over HTTP. */
class AgentsTest {

    private static final String ANSWERING = "127.0.36.13";
    private static final String SILENT = "127.0.36.14";
    private static final String SECRET = "the agents' own";
    private static final String STATUS = """
            {"host": "a", "pid": 7, "processes": [
              {"name": "trader", "state": "HALTED", "pid": 0, "restarts": 2, "lastExit": 4, "nextStartMillis": null,
               "detail": "its state differs from the majority's since event 812", "log": ["last words"]},
              {"name": "gateway", "state": "RUNNING", "pid": 12, "restarts": 0, "lastExit": null,
               "nextStartMillis": null, "detail": "", "log": []}]}""";

    private final Agents agents =
            new Agents(List.of(new Agents.Place("a", ANSWERING, true), new Agents.Place("b", SILENT, false)), SECRET);
    private final HttpServer agent;

    AgentsTest() throws IOException {
        agent = HttpServer.create(new InetSocketAddress(ANSWERING, Configuration.AGENT_PORT), 0);
        agent.createContext("/status", exchange -> {
            boolean known =
                    ("Bearer " + SECRET).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = (known ? STATUS : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 401, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        agent.start();
    }

    @AfterEach
    void stop() {
        agents.close();
        agent.stop(0);
    }

    private Agents.Seen seen(int host) {
        return agents.view().get(host);
    }

    @Test
    void a_halted_trader_is_seen_with_its_reason_and_a_silent_host_holds_nothing_up() throws Exception {
        assertThat(seen(0).answers()).isNull();

        agents.start();

        Await.until("both are known", () -> seen(0).answers() != null && seen(1).answers() != null);
        assertThat(seen(0).answers()).isTrue();
        assertThat(seen(0).processes())
                .containsExactly(
                        new Agents.Running(
                                "trader", "HALTED", 0, 2, "its state differs from the majority's since event 812"),
                        new Agents.Running("gateway", "RUNNING", 12, 0, ""));
        assertThat(seen(1).answers()).isFalse();
        assertThat(seen(1).problem()).startsWith("its agent does not answer");
        assertThat(agents.voters()).containsExactly("a");
    }

    @Test
    void what_ran_on_a_host_stays_in_view_when_its_agent_falls_silent() throws Exception {
        agents.start();
        Await.until("it answers", () -> Boolean.TRUE.equals(seen(0).answers()));
        long before = agents.version();

        agent.stop(0);

        Await.until("it is known to be silent", () -> Boolean.FALSE.equals(seen(0).answers()));
        assertThat(seen(0).processes()).hasSize(2);
        assertThat(agents.version()).isGreaterThan(before);
    }
}
