package dev.holdfast.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.Region;
import dev.holdfast.runtime.Configuration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrimarySessionsIT {

    private static final int BACKLOG = 50;

    private Region region;
    private PrimarySessions sessions;

    @BeforeEach
    void start() throws IOException {
        region = new Region();
        sessions = new Database(region.configuration(), region.secrets()).recorder();
    }

    @AfterEach
    void stop() throws IOException {
        region.close();
    }

    @Test
    void a_host_that_takes_connections_and_answers_none_keeps_nobody_from_the_primary() throws Exception {
        region.start("postgres", "b");
        try (ServerSocket _ = frozen("a");
                ServerSocket _ = frozen("c")) {
            for (int session = 0; session < 3; session++) {
                assertThat(addressOfServer())
                        .isEqualTo(region.configuration().host("b").address());
            }
        }
    }

    @Test
    void without_a_primary_it_is_said_what_each_host_answered() throws Exception {
        try (ServerSocket _ = frozen("a")) {
            assertThatThrownBy(this::addressOfServer)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("primary")
                    .hasMessageContaining("a=")
                    .hasMessageContaining("b=Connection to 127.0.34.2:5432 refused");
        }
    }

    /** The kernel takes connections for it. */
    private ServerSocket frozen(String host) throws IOException {
        return new ServerSocket(
                Configuration.POSTGRES_PORT,
                BACKLOG,
                InetAddress.getByName(region.configuration().host(host).address()));
    }

    private String addressOfServer() throws SQLException {
        try (Connection session = sessions.open();
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT host(inet_server_addr())")) {
            row.next();
            return row.getString(1);
        }
    }
}
