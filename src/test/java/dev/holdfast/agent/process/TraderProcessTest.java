package dev.holdfast.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.runtime.Health;
import dev.holdfast.runtime.HealthServer;
import dev.holdfast.runtime.JavaCommand;
import dev.holdfast.runtime.JavaCommand.Kind;
import dev.holdfast.runtime.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraderProcessTest {

    private static final Health WELL = Health.healthy(Map.of());
    private static final Health ALONE = Health.unhealthy("no leader is known", Map.of());

    @TempDir
    Path folder;

    private final List<HealthServer> servers = new ArrayList<>();
    private volatile Health second = WELL;
    private volatile Health third = WELL;
    private URI one;
    private URI two;

    @BeforeEach
    void startTheOthers() throws IOException {
        one = serve(true);
        two = serve(false);
    }

    @AfterEach
    void stopTheOthers() {
        servers.forEach(HealthServer::close);
    }

    @Test
    void a_trader_is_replaced_at_once_while_the_others_trade_without_it() {
        assertThat(member(2).mayReplace(Duration.ZERO)).isTrue();
    }

    @Test
    void two_are_never_replaced_at_once() {
        second = ALONE;

        assertThat(member(0).mayReplace(Duration.ofSeconds(19))).isFalse();
        assertThat(member(0).mayReplace(Duration.ofSeconds(20))).isTrue();
        assertThat(member(1).mayReplace(Duration.ofSeconds(20))).isFalse();
        assertThat(member(1).mayReplace(Duration.ofSeconds(40))).isTrue();
    }

    @Test
    void the_next_one_follows_as_soon_as_the_one_before_is_back() {
        second = ALONE;
        assertThat(member(1).mayReplace(Duration.ofSeconds(25))).isFalse();

        second = WELL;

        assertThat(member(1).mayReplace(Duration.ofSeconds(25))).isTrue();
    }

    @Test
    void a_member_that_gives_no_answer_is_none_to_count_on() {
        servers.getLast().close();

        assertThat(member(0).mayReplace(Duration.ZERO)).isFalse();
    }

    private TraderProcess member(int number) {
        JavaProcess process = new JavaProcess(
                folder,
                folder.resolve("log"),
                () -> new JavaCommand(Kind.TRADER, List.of()),
                URI.create("http://127.0.0.1:1"));
        return new TraderProcess(process, number, List.of(one, two));
    }

    private URI serve(boolean isSecond) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, here)) {
            port = free.getLocalPort();
        }
        HealthServer server = new HealthServer(
                here.getHostAddress(), port, new Metrics("x", "trader"), () -> isSecond ? second : third);
        server.start();
        servers.add(server);
        return URI.create("http://" + here.getHostAddress() + ":" + port);
    }
}
