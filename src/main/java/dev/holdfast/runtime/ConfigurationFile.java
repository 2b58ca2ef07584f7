package dev.holdfast.runtime;

import dev.holdfast.runtime.Configuration.Broker;
import dev.holdfast.runtime.Configuration.Fsync;
import dev.holdfast.runtime.Configuration.Host;
import dev.holdfast.runtime.Configuration.Risk;
import dev.holdfast.runtime.Configuration.Role;
import dev.holdfast.runtime.Configuration.Strategy;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.Product;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads and checks {@code holdfast.yaml}. Nothing is repaired: each fault is named with its line and key, all at once. */
public final class ConfigurationFile {

    /** Its name in a home. */
    public static final String NAME = "holdfast.yaml";

    private static final String DATABASE_DISK = "databaseDiskMegabytes";
    private static final long MOST_RUPEES = Long.MAX_VALUE / 100;
    private static final String INSTRUMENT = "[A-Z]+:[A-Z0-9&][A-Z0-9&. _-]*";

    private final List<String> faults = new ArrayList<>();

    private ConfigurationFile() {}

    /**
     * Reads the configuration of a home.
     *
     * @throws BadConfiguration if it is not there, is not YAML or has any fault
     */
    public static Configuration readFrom(Path home) {
        return read(home.resolve(NAME));
    }

    /** @throws BadConfiguration if the file is not there, is not YAML or has any fault */
    public static Configuration read(Path file) {
        ConfigurationFile reading = new ConfigurationFile();
        try {
            Optional<Node> root = new Compose(
                            LoadSettings.builder().setLabel(file.toString()).build())
                    .composeString(Files.readString(file));
            Configuration configuration = reading.configuration(new YamlSection("", root.orElse(null), reading.faults));
            if (reading.faults.isEmpty()) {
                return configuration;
            }
        } catch (MarkedYamlEngineException malformed) {
            int line =
                    malformed.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            reading.faults.add("line " + line + ": not YAML: " + malformed.getProblem());
        } catch (YamlEngineException malformed) {
            reading.faults.add("line 1: not YAML: " + malformed.getMessage());
        } catch (IOException absent) {
            reading.faults.add("it cannot be read (" + absent + "); './holdfast up' writes one with comments");
        }
        throw new BadConfiguration(file, reading.faults);
    }

    private Configuration configuration(YamlSection root) {
        String region = root.text("region");
        boolean publicAllowed = root.flag("allowPublicAddresses", false);
        Optional<Namespaces> namespaces =
                root.has("namespaces") ? namespaces(root.section("namespaces")) : Optional.empty();
        List<Host> hosts = hosts(root, publicAllowed, namespaces);
        Broker broker = broker(root.section("broker"), publicAllowed, hosts, namespaces);
        Risk risk = risk(root.section("risk"));
        List<String> instruments = instruments(root);
        List<Strategy> strategies = strategies(root, instruments, broker);
        Fsync fsync = root.has("log") ? fsync(root.section("log"), broker) : Fsync.ALWAYS;
        OptionalInt databaseDisk = root.has(DATABASE_DISK)
                ? OptionalInt.of(
                        (int) root.number(DATABASE_DISK, BoundedDisk.LEAST_MEGABYTES, BoundedDisk.MOST_MEGABYTES))
                : OptionalInt.empty();
        RecoveryDurations recovery =
                root.has("recovery") ? RecoveryDurations.read(root.section("recovery")) : RecoveryDurations.DEFAULT;
        root.refuseOthers();
        return new Configuration(
                region, hosts, broker, risk, strategies, instruments, fsync, namespaces, databaseDisk, recovery);
    }

    private static Fsync fsync(YamlSection section, Broker broker) {
        Fsync fsync = section.parsed(
                "fsync",
                section.text("fsync"),
                Fsync.ALWAYS,
                "always or never",
                word -> Fsync.valueOf(word.toUpperCase(Locale.ROOT)));
        if (fsync == Fsync.NEVER && !broker.simulated()) {
            section.fault(
                    "fsync", "must be always: orders at a real broker outlive a loss of power, and so must their log");
        }
        section.refuseOthers();
        return fsync;
    }

    private static Optional<Namespaces> namespaces(YamlSection section) {
        Optional<Namespaces> namespaces = section.parsed(
                "operator",
                section.text("operator"),
                Optional.empty(),
                "a private IPv4 address and its network's bits, 8 to 30, such as 10.77.0.1/16",
                text -> Optional.of(Namespaces.parse(text)));
        section.refuseOthers();
        return namespaces;
    }

    private List<Host> hosts(YamlSection root, boolean publicAllowed, Optional<Namespaces> namespaces) {
        List<Host> hosts = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (YamlSection section : root.sections("hosts")) {
            String name = section.text("name");
            if (!name.matches("[a-z][a-z0-9-]{0,15}")) {
                section.fault("name", "is '" + name + "', expected 1 to 16 of a-z, 0-9 and -, beginning with a letter");
            }
            namespaces.flatMap(_ -> Namespaces.fault(name)).ifPresent(fault -> section.fault("name", fault));
            String address = address(section, publicAllowed, namespaces);
            Stream.of(name, address)
                    .filter(word -> !word.isEmpty() && !taken.add(word))
                    .forEach(word -> section.fault(
                            word.equals(name) ? "name" : "address", "'" + word + "' is another host's already"));
            List<Role> roles = section.list("roles").stream()
                    .flatMap(word -> role(section, word).stream())
                    .toList();
            section.refuseOthers();
            hosts.add(new Host(name, address, roles));
        }
        requireCount(root, hosts, Role.TRADER, Set.of(1, 3));
        requireCount(root, hosts, Role.GATEWAY, Set.of(1, 2));
        requireCount(root, hosts, Role.DASHBOARD, Set.of(0, 1));
        boolean database = hosts.stream().anyMatch(host -> host.roles().contains(Role.POSTGRES));
        requireCount(root, hosts, Role.VOTER, database ? Set.of(1, 3) : Set.of(0, 1, 3));
        return hosts;
    }

    private static void requireCount(YamlSection root, List<Host> hosts, Role role, Set<Integer> allowed) {
        int count =
                (int) hosts.stream().filter(host -> host.roles().contains(role)).count();
        if (!allowed.contains(count)) {
            root.fault(
                    "hosts",
                    "give " + count + " of them the role " + word(role) + ", expected one of "
                            + allowed.stream().sorted().toList());
        }
    }

    private static Optional<Role> role(YamlSection section, String word) {
        for (Role role : Role.values()) {
            if (word(role).equals(word)) {
                return Optional.of(role);
            }
        }
        section.fault(
                "roles",
                "has '" + word + "', expected some of "
                        + Stream.of(Role.values()).map(ConfigurationFile::word).toList());
        return Optional.empty();
    }

    private Broker broker(
            YamlSection section, boolean publicAllowed, List<Host> hosts, Optional<Namespaces> namespaces) {
        boolean simulated = section.flag("simulated", true);
        String address = simulated ? address(section, publicAllowed, namespaces) : section.text("address", "");
        if (simulated && hosts.stream().anyMatch(host -> host.address().equals(address))) {
            section.fault("address", "'" + address + "' is a host's; the simulated exchange stands outside the system");
        }
        BrokerProfile profile = section.parsed(
                "profile",
                section.text("profile"),
                BrokerProfile.KITE,
                "kite or drill",
                word -> BrokerProfile.valueOf(word.toUpperCase(Locale.ROOT)));
        String hours = section.text("marketHours", "always");
        @Nullable LocalTime open = null;
        @Nullable LocalTime close = null;
        if (!hours.equals("always")) {
            String[] ends = hours.split("-", -1);
            open = section.parsed(
                    "marketHours", ends[0], LocalTime.MIN, "always or HH:MM-HH:MM (IST)", LocalTime::parse);
            close = section.parsed(
                    "marketHours",
                    ends.length == 2 ? ends[1] : "none",
                    LocalTime.MAX,
                    "always or HH:MM-HH:MM (IST)",
                    LocalTime::parse);
            if (!open.isBefore(close)) {
                section.fault("marketHours", "is '" + hours + "', expected an opening before the close");
            }
        }
        String root = "http://" + address + ":" + Configuration.EXCHANGE_PORT;
        Broker broker = new Broker(
                simulated,
                address,
                profile,
                open,
                close,
                section.text("restUrl", simulated ? root : "https://api.kite.trade"),
                section.text(
                        "tickerUrl",
                        simulated ? "ws" + root.substring("http".length()) + "/ws" : "wss://ws.kite.trade"),
                section.text(
                        "loginUrl", simulated ? root + "/connect/login" : "https://kite.zerodha.com/connect/login"));
        if (!simulated && namespaces.isPresent()) {
            section.fault("simulated", "must be true: hosts that are network namespaces have no way to a real broker");
        }
        if (!simulated && profile != BrokerProfile.KITE) {
            section.fault("profile", "must be kite: a real account has the broker's own limits");
        }
        section.refuseOthers();
        return broker;
    }

    private static Risk risk(YamlSection section) {
        Risk risk = new Risk(
                100 * section.number("maxOrderValueRupees", 1, MOST_RUPEES),
                section.number("maxOrderQuantity", 1, Integer.MAX_VALUE),
                section.number("maxPositionQuantity", 1, Integer.MAX_VALUE),
                100 * section.number("maxExposureRupees", 1, MOST_RUPEES),
                (int) section.number("priceBandBasisPoints", 1, 10_000),
                100 * section.number("maxDailyLossRupees", 1, MOST_RUPEES),
                (int) section.number("staleFeedMillis", 500, 600_000));
        section.refuseOthers();
        return risk;
    }

    private static List<String> instruments(YamlSection root) {
        List<String> instruments = root.list("instruments");
        for (String name : instruments) {
            if (!name.matches(INSTRUMENT)) {
                root.fault("instruments", "has '" + name + "', expected EXCHANGE:SYMBOL");
            }
        }
        return instruments;
    }

    private static List<Strategy> strategies(YamlSection root, List<String> instruments, Broker broker) {
        List<Strategy> strategies = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlSection section : root.sections("strategies")) {
            String name = section.text("name");
            if (!names.add(name)) {
                section.fault("name", "'" + name + "' is another strategy's already");
            }
            String kind = section.text("kind");
            if (kind.equals("canary") && !broker.simulated()) {
                section.fault("kind", "canary never trades against a real broker; remove it");
            }
            String instrument = section.text("instrument");
            if (!instruments.contains(instrument)) {
                section.fault("instrument", "'" + instrument + "' is not in the list 'instruments'");
            }
            strategies.add(new Strategy(
                    name,
                    kind,
                    instrument,
                    section.parsed(
                            "product", section.text("product"), Product.MIS, "MIS or CNC", ConfigurationFile::product),
                    section.number("quantity", 1, Integer.MAX_VALUE),
                    section.texts("parameters"),
                    section.flag("start", false)));
            section.refuseOthers();
        }
        return strategies;
    }

    private static Product product(String word) {
        Product product = Product.valueOf(word);
        if (product != Product.MIS && product != Product.CNC) {
            throw new IllegalArgumentException(word);
        }
        return product;
    }

    private static String address(YamlSection section, boolean publicAllowed, Optional<Namespaces> namespaces) {
        String text = section.text("address");
        InetAddress address = section.parsed(
                "address",
                text,
                InetAddress.getLoopbackAddress(),
                "an IPv4 address such as 127.0.1.1",
                InetAddress::ofLiteral);
        if (!publicAllowed && !address.isLoopbackAddress() && !address.isSiteLocalAddress()) {
            section.fault(
                    "address",
                    "'" + text + "' is neither loopback nor private; set allowPublicAddresses: true if that is meant");
        }
        if (address.getHostAddress().equals(text)) {
            namespaces
                    .flatMap(network -> network.addressFault(address))
                    .ifPresent(fault -> section.fault("address", fault));
        }
        return text;
    }

    private static String word(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
