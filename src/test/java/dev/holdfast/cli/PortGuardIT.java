package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.runtime.NftCommand;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packets of another user of this machine to the members' ports. Needs root and nftables. */
final class PortGuardIT {

    private static final String HOST = "127.0.36.1";
    private static final String ELSEWHERE = "127.0.36.99";
    private static final int CONSENSUS = 7003;
    private static final int CHOSEN_BY_THE_SYSTEM = 40_000;
    private static final int ANSWER_MILLIS = 10_000;

    @TempDir
    private Path folder;

    private PortGuard guard;

    @BeforeEach
    void raise() throws IOException, InterruptedException {
        assumeTrue(
                NftCommand.unavailable().isEmpty(),
                () -> NftCommand.unavailable().orElseThrow());
        Home home =
                Home.openOrCreate(folder.resolve("home"), "random:1", text -> text.replace("127.0.1.", "127.0.36."));
        guard = new PortGuard(home);
        guard.raise();
    }

    @AfterEach
    void remove() throws IOException, InterruptedException {
        guard.remove();
    }

    @Test
    void another_users_packets_do_not_reach_a_members_ports_and_are_counted() throws IOException, InterruptedException {
        for (int port : List.of(CONSENSUS, CHOSEN_BY_THE_SYSTEM)) {
            try (DatagramSocket member = listen(HOST, port)) {
                assertThat(send("nobody", HOST, port, "a stranger's")).isNotZero();
                assertThat(send("root", HOST, port, "ours")).isZero();

                assertThat(receive(member)).isEqualTo("ours");
            }
        }

        assertThat(guard.fault()).isEmpty();
        assertThat(guard.refused()).isEqualTo(2);
    }

    @Test
    void what_is_not_the_members_is_left_alone() throws IOException, InterruptedException {
        try (DatagramSocket otherAddress = listen(ELSEWHERE, CONSENSUS);
                DatagramSocket otherPort = listen(HOST, 9_999)) {
            assertThat(send("nobody", ELSEWHERE, CONSENSUS, "one")).isZero();
            assertThat(send("nobody", HOST, 9_999, "two")).isZero();

            assertThat(receive(otherAddress)).isEqualTo("one");
            assertThat(receive(otherPort)).isEqualTo("two");
            assertThat(guard.refused()).isZero();
        }
    }

    @Test
    void the_rules_end_with_the_system_and_are_made_anew_after_a_crash() throws IOException, InterruptedException {
        guard.raise();
        assertThat(guard.fault()).isEmpty();

        guard.remove();
        guard.remove();

        assertThat(guard.fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("not in force", "'up' as root"));
        try (DatagramSocket member = listen(HOST, CONSENSUS)) {
            assertThat(send("nobody", HOST, CONSENSUS, "a stranger's")).isZero();
            assertThat(receive(member)).isEqualTo("a stranger's");
        }
    }

    private static DatagramSocket listen(String address, int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(address), port));
        socket.setSoTimeout(ANSWER_MILLIS);
        return socket;
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException nothing) {
            return "nothing";
        }
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    /** @return the exit code of the sender, who is told at once that he may not */
    private static int send(String user, String address, int port, String text)
            throws IOException, InterruptedException {
        String command = "printf \"" + text + "\" > /dev/udp/" + address + "/" + port;
        return new ProcessBuilder("su", "-s", "/bin/bash", user, "-c", command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
