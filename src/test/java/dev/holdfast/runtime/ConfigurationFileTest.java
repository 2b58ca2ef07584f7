package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.types.BrokerProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFileTest {

    private static final String GOOD = """
            region: mumbai
            hosts:
              - {name: a, address: 127.0.1.1, roles: [trader, gateway]}
              - {name: b, address: 127.0.1.2, roles: [trader]}
              - {name: c, address: 10.0.0.3, roles: [trader]}
            broker:
              simulated: true
              address: 127.0.3.1
              profile: drill
              marketHours: 09:15-15:30
            risk:
              maxOrderValueRupees: 1_000
              maxOrderQuantity: 10
              maxPositionQuantity: 20
              maxExposureRupees: 5000
              priceBandBasisPoints: 300
              maxDailyLossRupees: 100
              staleFeedMillis: 3000
            instruments: ["NSE:INFY", "NSE:NIFTY 50"]
            strategies:
              - name: canary
                kind: canary
                instrument: NSE:INFY
                product: MIS
                quantity: 1
                parameters: {perSecond: 2}
                start: true
            """;

    @TempDir
    Path home;

    @Test
    void a_good_file_is_read_whole() throws IOException {
        Configuration configuration = read(GOOD);

        assertThat(configuration.hostsWith(Role.TRADER))
                .extracting(Configuration.Host::name)
                .containsExactly("a", "b", "c");
        assertThat(configuration.broker().profile()).isEqualTo(BrokerProfile.DRILL);
        assertThat(configuration.broker().marketClose()).isEqualTo(LocalTime.of(15, 30));
        assertThat(configuration.broker().tickerUrl()).isEqualTo("ws://127.0.3.1:8090/ws");
        assertThat(configuration.risk().maxOrderValuePaise()).isEqualTo(100_000);
        assertThat(configuration.strategies().getFirst().parameters()).containsEntry("perSecond", "2");
    }

    @Test
    void the_default_file_has_no_fault() throws IOException {
        try (var template = ConfigurationFile.class.getResourceAsStream("/holdfast.yaml")) {
            assertThat(template).isNotNull();

            Configuration configuration =
                    read(new String(template.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));

            assertThat(configuration.strategies())
                    .extracting(Configuration.Strategy::name)
                    .contains("canary", "sma-cross");
        }
    }

    @Test
    void every_fault_is_named_at_once_with_line_and_key() throws IOException {
        BadConfiguration bad = faultsOf(GOOD.replace("127.0.1.2", "127.0.1.1")
                .replace("roles: [trader, gateway]", "roles: [trader, gatway]")
                .replace("maxOrderQuantity: 10", "maxOrderQuantity: ten")
                .replace("staleFeedMillis", "staleFeedMilis")
                .replace("instrument: NSE:INFY", "instrument: NSE:TCS"));

        assertThat(bad.faults())
                .contains(
                        "line 4: hosts[1].address '127.0.1.1' is another host's already",
                        "line 13: risk.maxOrderQuantity is 'ten', expected a whole number from 1 to 2147483647",
                        "line 12: risk.staleFeedMillis is missing",
                        "line 23: strategies[0].instrument 'NSE:TCS' is not in the list 'instruments'");
        assertThat(bad.faults()).anyMatch(fault -> fault.startsWith("line 3: hosts[0].roles has 'gatway', expected"));
        assertThat(bad.faults()).anyMatch(fault -> fault.startsWith("line 18: risk.staleFeedMilis is unknown here"));
    }

    @Test
    void a_public_address_must_be_meant() throws IOException {
        String open = GOOD.replace("10.0.0.3", "8.8.8.8");

        assertThat(faultsOf(open).faults())
                .singleElement()
                .asString()
                .startsWith("line 5: ")
                .contains("allowPublicAddresses");
        assertThat(read("allowPublicAddresses: true\n" + open).hosts()).hasSize(3);
    }

    @Test
    void broken_yaml_names_its_line() throws IOException {
        assertThat(faultsOf("region: x\nhosts: [a\nbroker: {").faults())
                .singleElement()
                .asString()
                .startsWith("line ")
                .contains("not YAML");
    }

    @Test
    void the_canary_is_refused_on_a_real_broker() throws IOException {
        BadConfiguration bad = faultsOf(
                GOOD.replace("simulated: true", "simulated: false").replace("profile: drill", "profile: kite"));

        assertThat(bad.faults()).singleElement().asString().contains("canary never trades against a real broker");
    }

    @Test
    void the_log_is_written_to_the_disk_unless_a_simulated_broker_is_told_otherwise() throws IOException {
        assertThat(read(GOOD).fsync()).isEqualTo(Configuration.Fsync.ALWAYS);
        assertThat(read(GOOD + "log: {fsync: never}\n").fsync()).isEqualTo(Configuration.Fsync.NEVER);
        assertThat(read(GOOD + "log: {fsync: always}\n").fsync()).isEqualTo(Configuration.Fsync.ALWAYS);
    }

    @Test
    void a_real_broker_with_a_log_that_forgets_is_refused_with_its_line() throws IOException {
        BadConfiguration bad = faultsOf(GOOD.replace("simulated: true", "simulated: false")
                        .replace("profile: drill", "profile: kite")
                        .replace("kind: canary", "kind: sma-cross")
                + "log:\n  fsync: never\n");

        assertThat(bad.faults())
                .singleElement()
                .asString()
                .startsWith("line 29: ")
                .contains("fsync must be always");
    }

    @Test
    void a_missing_file_says_what_to_do() {
        assertThatThrownBy(() -> ConfigurationFile.readFrom(home))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("./holdfast up");
    }

    private Configuration read(String text) throws IOException {
        Files.writeString(home.resolve(ConfigurationFile.NAME), text);
        return ConfigurationFile.readFrom(home);
    }

    private BadConfiguration faultsOf(String text) throws IOException {
        Files.writeString(home.resolve(ConfigurationFile.NAME), text);
        return catchThrowableOfType(BadConfiguration.class, () -> ConfigurationFile.readFrom(home));
    }
}
