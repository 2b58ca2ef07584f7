package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.types.BrokerProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official JavaScript client works against the exchange beside us, unchanged but for the address. */
class OfficialClientIT {

    private static final String PACKAGE = "kiteconnect@5.3.0";

    @TempDir
    Path folder;

    @Test
    void the_official_client_trades_beside_us_with_tags_of_its_own() throws Exception {
        assumeTrue(run(folder, "node", "--version").code == 0, "node is missing: apt install nodejs npm");
        Run install = run(folder, "npm", "install", "--no-save", "--no-audit", "--no-fund", PACKAGE);
        assumeTrue(install.code == 0, "npm could not install " + PACKAGE + ": " + install.output);
        ExchangeOptions options = new ExchangeOptions(
                Client.ADDRESS,
                0,
                folder.resolve("exchange"),
                "random:7",
                1,
                BrokerProfile.DRILL,
                Client.API_KEY,
                Client.API_SECRET,
                Client.CONTROL_SECRET,
                "",
                List.of());

        try (Exchange exchange = new Exchange(options)) {
            exchange.start();
            Client ours = new Client(exchange.port()).login();
            ours.place(Map.of("tag", "ours1"));
            String root = "http://" + Client.ADDRESS + ":" + exchange.port();
            String script = Path.of("src/test/js/kiteconnect-client.js")
                    .toAbsolutePath()
                    .toString();
            Run client = run(folder, "node", script, root, Sessions.NEIGHBOUR_KEY, Client.CONTROL_SECRET, "ours1");

            assertThat(client.output).endsWith("all ok\n");
            assertThat(client.code).isZero();
            assertThat(ours.place(Map.of("tag", "ours2")).status()).isEqualTo(200);
            assertThat(whoPlaced(ours))
                    .containsSubsequence(
                            "ours1 by " + Rows.USER_ID,
                            "js1 by NEIGHBOUR",
                            "ours1 by NEIGHBOUR",
                            "ours2 by " + Rows.USER_ID);
            ours.close();
        }
    }

    /** Tag and hand of each order, as the ledger has them. */
    private static List<String> whoPlaced(Client client) throws Exception {
        return client.control("GET", "/ledger?after=0&limit=5000", "")
                .body()
                .path("entries")
                .valueStream()
                .filter(line -> line.path("kind").asString("").equals("ACCEPTED"))
                .map(line -> line.path("tag").asString("none") + " by "
                        + line.path("placedBy").stringValue())
                .toList();
    }

    private record Run(int code, String output) {}

    private static Run run(Path folder, String... command) throws InterruptedException {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
            builder.environment()
                    .put("NODE_PATH", folder.resolve("node_modules").toString());
            Process process = builder.start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            boolean ended = process.waitFor(120, TimeUnit.SECONDS);
            return new Run(ended ? process.exitValue() : -1, output);
        } catch (IOException missing) {
            return new Run(-1, String.valueOf(missing.getMessage()));
        }
    }
}
