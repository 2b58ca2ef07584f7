package dev.holdfast.cli;

import dev.holdfast.exchange.ExchangeOptions;
import dev.holdfast.runtime.BoundedDisk;
import dev.holdfast.runtime.namespaces.HostNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "up",
        description = "Starts the whole system and waits for its first filled order. Makes what a new home lacks.",
        mixinStandardHelpOptions = true)
final class Up implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(
            names = "--market",
            paramLabel = "MARKET",
            defaultValue = "random:1",
            description = "what the simulated exchange plays: random:SEED, or a folder or zip file of recorded days"
                    + " (default: ${DEFAULT-VALUE})")
    private String market = "random:1";

    @Option(
            names = "--speed",
            paramLabel = "FACTOR",
            defaultValue = "1",
            description = "market seconds per second of a recorded market (default: ${DEFAULT-VALUE})")
    private double speed = 1;

    /** How hosts that are one machine are told apart. */
    private enum Network {
        LOOPBACK,
        NAMESPACES
    }

    @Option(
            names = "--network",
            paramLabel = "KIND",
            description =
                    "of a new home: loopback (each host an address of this machine, the default), or namespaces (each"
                            + " host a network namespace, so that hosts can be cut off from each other; Linux, root). A home remembers it.")
    private @Nullable Network network;

    @Option(
            names = "--database-disk",
            paramLabel = "MEGABYTES",
            description =
                    "of a new home: each PostgreSQL gets a disk of its own of this size, a file with a file system in it, so"
                            + " that a drill can fill it (Linux, root). A home remembers it.")
    private @Nullable Integer databaseDisk;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = options.console();
        if (!market.matches(DefaultConfiguration.RANDOM + "\\d{1,18}") && !Files.exists(Path.of(market))) {
            throw Failure.usage("market '" + market
                    + "' does not exist; expected random:SEED, a folder of recorded days or one of its zip files");
        }
        if (!(speed > 0 && speed <= ExchangeOptions.MAX_SPEED)) {
            throw Failure.usage("--speed is " + speed + "; expected a number above 0, at most "
                    + (long) ExchangeOptions.MAX_SPEED + ": so many market seconds pass in a second");
        }
        requirePlayable();
        if (network == Network.NAMESPACES) {
            requireNamespaces("--network namespaces");
        }
        if (databaseDisk != null) {
            requireDatabaseDisk(databaseDisk);
        }
        Home home = Home.openOrCreate(options.home(), market, this::fitting);
        boolean namespaces = home.configuration().namespaces().isPresent();
        if (network != null && namespaces != (network == Network.NAMESPACES)) {
            throw Failure.usage("the hosts of " + home.path() + (namespaces ? " are" : " are not")
                    + " network namespaces, as its holdfast.yaml has " + (namespaces ? "a" : "no")
                    + " section 'namespaces'; --network is for a new home: name one with --home");
        }
        if (namespaces) {
            requireNamespaces("the hosts of " + home.path() + " are network namespaces");
        }
        if (databaseDisk != null && home.configuration().databaseDiskMegabytes().orElse(0) != databaseDisk) {
            throw Failure.usage("--database-disk is for a new home, and " + home.path()
                    + " was made otherwise, as its holdfast.yaml says: name a new one with --home");
        }
        Startup.Result result = new Startup(home, console, market, speed).run();
        console.result(result, result::text);
        return result.ok() ? 0 : Failure.NEGATIVE;
    }

    /** Refuses a market that cannot be played, before anything starts, also for a home that has its configuration already. */
    private void requirePlayable() throws IOException {
        String _ = DefaultConfiguration.forMarket(market);
    }

    private String fitting(String configuration) {
        String wanted =
                network == Network.NAMESPACES ? DefaultConfiguration.inNamespaces(configuration) : configuration;
        return databaseDisk == null ? wanted : DefaultConfiguration.withDatabaseDisks(wanted, databaseDisk);
    }

    private static void requireDatabaseDisk(int megabytes) {
        if (megabytes < BoundedDisk.LEAST_MEGABYTES || megabytes > BoundedDisk.MOST_MEGABYTES) {
            throw Failure.usage("--database-disk is " + megabytes + ", expected " + BoundedDisk.LEAST_MEGABYTES + " to "
                    + BoundedDisk.MOST_MEGABYTES + " megabytes");
        }
        BoundedDisk.unavailable().ifPresent(reason -> {
            throw Failure.usage("--database-disk: " + reason);
        });
    }

    private static void requireNamespaces(String why) {
        HostNetwork.unavailable().ifPresent(reason -> {
            throw Failure.usage(why + ": " + reason + ", or use a home of --network loopback");
        });
    }
}
