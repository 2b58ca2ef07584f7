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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    private static final String IN_NAMESPACES = GOOD.replace("127.0.", "10.77.").replace("10.0.0.3", "10.77.1.3")
            + "namespaces: {operator: 10.77.0.1/16}\n";

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "maxOrderQuantity: 10 | maxOrderQuantity: 10.5 | risk.maxOrderQuantity is '10.5', expected a whole number",
                "maxOrderQuantity: 10 | maxOrderQuantity: \"10\" | risk.maxOrderQuantity is the text '10' in quotes, expected a whole",
                "maxOrderQuantity: 10 | maxOrderQuantity: +10 | risk.maxOrderQuantity is '+10', expected a whole number",
                "maxOrderQuantity: 10 | maxOrderQuantity: १० | risk.maxOrderQuantity is '१०', expected a whole number",
                "maxOrderQuantity: 10 | maxOrderQuantity: 1__0 | risk.maxOrderQuantity is '1__0', expected a whole number",
                "maxOrderQuantity: 10 | {maxOrderQuantity: 10, maxOrderQuantity: 20} | not YAML",
                "quantity: 1 | quantity: 1.9 | strategies[0].quantity is '1.9', expected a whole number",
                "start: true | start: \"true\" | strategies[0].start is the text 'true' in quotes, expected true or false",
                "start: true | start: yes | strategies[0].start is 'yes', expected true or false",
                "region: mumbai | region: \"mum\\nbai\" | region has the character U+000A at place 4",
                "[trader, gateway] | [trader, gateway, trader] | hosts[0].roles has 'trader' twice"
            })
    void nothing_is_guessed(String good, String bad, String fault) {
        assertThatThrownBy(() -> read(GOOD.replace(good, bad))).hasMessageContaining(fault);
    }

    @Test
    void recovery_durations_that_are_left_out_are_the_default_ones() throws IOException {
        assertThat(read(GOOD).recovery()).isEqualTo(RecoveryDurations.DEFAULT);
        assertThat(read(GOOD + "recovery: {leaseMillis: 4_000, marginMillis: 400}\n")
                        .recovery())
                .isEqualTo(new RecoveryDurations(4_000, 400, 400, 30_000, 10_000, 1_000, 1_500, 10_000, 5_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "leaseMillis: 999 | line 30: recovery.leaseMillis is '999', expected a whole number from 1000",
                "renewalMillis: 1_001 | line 30: recovery.renewalMillis is 1001, expected at most half of leaseMillis, 1000",
                "marginMillis: 251 | line 30: recovery.marginMillis is 251, expected at least 252 with a leaseMillis of 2000",
                "patienceMillis: 12_000 | line 30: recovery.patienceMillis is 12000, expected at least 12300",
                "promotionMillis: 1_900 | line 30: recovery.promotionMillis is 1900, expected at least leaseMillis, 2000",
                "standbyMillis: 0 | line 30: recovery.standbyMillis is '0', expected a whole number from 500",
                "namesMillis: 1.5 | line 30: recovery.namesMillis is '1.5', expected a whole number from 500",
                "rebuildMillis: 2_000 | line 30: recovery.rebuildMillis is 2000, expected at least leaseMillis and marginMillis",
                "stopMillis: 5s | line 30: recovery.stopMillis is '5s', expected a whole number from 500",
                "lease: 2_000 | line 30: recovery.lease is unknown here"
            })
    void recovery_durations_that_do_not_fit_together_are_refused_by_their_line(String line, String fault) {
        assertThatThrownBy(() -> read(GOOD + "recovery:\n  # in milliseconds\n  " + line + "\n"))
                .hasMessageContaining(fault);
    }

    @Test
    void a_longer_lease_needs_longer_patience_and_a_wider_margin() {
        assertThatThrownBy(() -> read(GOOD + "recovery: {leaseMillis: 60_000}\n"))
                .hasMessageContaining("recovery.marginMillis is 300, expected at least 310")
                .hasMessageContaining("recovery.patienceMillis is 30000, expected at least 70300")
                .hasMessageContaining("recovery.promotionMillis is 10000, expected at least leaseMillis, 60000")
                .hasMessageContaining(
                        "recovery.rebuildMillis is 10000, expected at least leaseMillis and marginMillis");
    }

    @Test
    void a_key_that_is_given_twice_is_a_fault() {
        assertThatThrownBy(() ->
                        read(GOOD.replace("maxOrderQuantity: 10", "maxOrderQuantity: 10\n  maxOrderQuantity: 20")))
                .hasMessageContaining("maxOrderQuantity is given twice");
    }

    @Test
    void without_namespaces_commands_stand_at_the_first_traders_address_with_them_at_their_own() throws IOException {
        assertThat(read(GOOD).operatorAddress()).isEqualTo("127.0.1.1");

        Configuration configuration = read(IN_NAMESPACES);

        assertThat(configuration.operatorAddress()).isEqualTo("10.77.0.1");
        assertThat(configuration.namespaces()).contains(new Namespaces("10.77.0.1", 16));
    }

    @Test
    void what_cannot_be_a_network_of_namespaces_is_named_with_its_line() {
        String wrong = IN_NAMESPACES
                .replace("name: a, address: 10.77.1.1", "name: outside, address: 127.0.1.1")
                .replace("name: b, address: 10.77.1.2", "name: thirteen-long, address: 10.77.0.1")
                .replace("10.77.3.1", "10.78.3.1");

        BadConfiguration bad = catchThrowableOfType(BadConfiguration.class, () -> read(wrong));

        assertThat(bad)
                .hasMessageContaining("line 3: hosts[0].name 'outside' is taken where hosts are network namespaces")
                .hasMessageContaining("line 3: hosts[0].address '127.0.1.1' is not in the network of")
                .hasMessageContaining("line 4: hosts[1].name 'thirteen-long' has 13 characters, expected at most 12")
                .hasMessageContaining("line 4: hosts[1].address '10.77.0.1' is the operator's already")
                .hasMessageContaining("line 8: broker.address '10.78.3.1' is not in the network of");
        for (String operator : List.of("10.77.0.1", "10.77.0.1/31", "8.8.8.8/16", "fc00::1/16", "10.77.0.1/x")) {
            assertThatThrownBy(() -> read(IN_NAMESPACES.replace("10.77.0.1/16", operator)))
                    .hasMessageContaining("namespaces.operator is '" + operator + "', expected a private IPv4 address");
        }
    }

    @Test
    void namespaces_have_no_way_to_a_real_broker() {
        assertThatThrownBy(() -> read(IN_NAMESPACES
                        .replace("simulated: true", "simulated: false")
                        .replace("profile: drill", "profile: kite")
                        .replace("kind: canary", "kind: sma-cross")))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("broker.simulated must be true: hosts that are network namespaces");
    }

    @Test
    void a_databases_disk_is_none_unless_it_is_named_and_not_too_small_for_it() throws IOException {
        assertThat(read(GOOD).databaseDiskMegabytes()).isEmpty();
        assertThat(read(GOOD + "databaseDiskMegabytes: 2048\n").databaseDiskMegabytes())
                .hasValue(2_048);
        assertThatThrownBy(() -> read(GOOD + "databaseDiskMegabytes: 100\n"))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("databaseDiskMegabytes is '100', expected a whole number from 1024");
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
