package dev.holdfast.cli;

import dev.holdfast.exchange.RecordedMarket;
import dev.holdfast.exchange.RecordedMarket.Listed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/** The {@code holdfast.yaml} a new home gets: the template, fitted to the market that is to be played. */
final class DefaultConfiguration {

    static final String RANDOM = "random:";

    /** NSE's hours: recorded days have a close, the random market has none. */
    private static final String RECORDED_HOURS = "09:15-15:30";

    private static final String NAMESPACES = """

            # Each host, and the exchange, is a network namespace of this machine, so that they can be cut off from each other; 'up'
            # needs root. Commands and browsers stand at this address, in whose network all the others lie.
            namespaces:
              operator: 10.77.0.1/16
            """;

    private static final String DATABASE_DISK = """

            # Each PostgreSQL has a disk of its own, a file with a file system in it, of this size when it is made; 'up' needs root.
            databaseDiskMegabytes:\s""";

    private DefaultConfiguration() {}

    /** @throws Failure if the market holds nothing that can be traded */
    static String forMarket(String market) throws IOException {
        String template;
        try (InputStream resource =
                Objects.requireNonNull(DefaultConfiguration.class.getResourceAsStream("/holdfast.yaml"))) {
            template = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (market.startsWith(RANDOM)) {
            return template;
        }
        List<Listed> listed;
        try {
            listed = RecordedMarket.instruments(Path.of(market));
        } catch (IllegalArgumentException unusable) {
            throw Failure.usage(String.valueOf(unusable.getMessage()));
        }
        List<Listed> equities = listed.stream().filter(each -> !each.index()).toList();
        if (equities.isEmpty()) {
            throw Failure.usage("market '" + market + "' holds only indices, which cannot be traded");
        }
        String instruments =
                listed.stream().map(each -> "  - " + each.name() + "\n").collect(Collectors.joining());
        return template.replace("marketHours: always ", "marketHours: " + RECORDED_HOURS + " ")
                .replaceFirst(
                        "(?m)^instruments:\\n(?:  - .*\\n)+", Matcher.quoteReplacement("instruments:\n" + instruments))
                .replace(
                        "instrument: NSE:INFY",
                        "instrument: " + equities.getFirst().name())
                .replace(
                        "instrument: NSE:RELIANCE",
                        "instrument: " + equities.getFirst().name());
    }

    /** @param configuration of {@link #forMarket}, on loopback addresses */
    static String inNamespaces(String configuration) {
        return configuration
                .replace("127.0.1.", "10.77.1.")
                .replace("127.0.3.1", "10.77.3.1")
                .replace("\nbroker:\n", NAMESPACES + "\nbroker:\n");
    }

    /** @param configuration of {@link #forMarket} */
    static String withDatabaseDisks(String configuration, int megabytes) {
        return configuration.replace("\nbroker:\n", DATABASE_DISK + megabytes + "\n\nbroker:\n");
    }
}
