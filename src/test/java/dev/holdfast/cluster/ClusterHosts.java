package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Addresses, folders and patience of the cluster's system tests. */
final class ClusterHosts {

    static final List<String> ADDRESSES = List.of("127.0.32.1", "127.0.32.2", "127.0.32.3");
    static final String SECRET = "the-cluster-secret";
    static final Duration LIMIT = Duration.ofSeconds(30);

    private ClusterHosts() {}

    static TraderOptions options(int member, Path folder) {
        return TraderOptions.of(
                member, ADDRESSES, folder.resolve("member" + member), aeron(folder, "member" + member), SECRET, false);
    }

    static AeronLogOptions client(Path folder, String name) {
        return new AeronLogOptions(name, ADDRESSES.getFirst(), ADDRESSES, SECRET, aeron(folder, name));
    }

    static void await(String what, BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited %s for %s", LIMIT, what).isLessThan(deadlineNanos);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static Path aeron(Path folder, String name) {
        Path shared = Path.of("/dev/shm");
        return (Files.isWritable(shared) ? shared : folder)
                .resolve("holdfast-test-" + folder.getFileName() + "-" + name);
    }
}
