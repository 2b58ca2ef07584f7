package dev.holdfast.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.EventReader;
import dev.holdfast.protocol.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Addresses, folders and patience of the cluster's system tests. */
final class ClusterHosts {

    static final List<String> ADDRESSES = List.of("127.0.32.1", "127.0.32.2", "127.0.32.3");
    static final String SECRET = "the-cluster-secret";
    private static final String PURGE = "purge";
    static final Duration LIMIT = Duration.ofSeconds(90);

    private ClusterHosts() {}

    static TraderOptions options(int member, Path folder) {
        return options(MemberProfile.TRADER, member, folder);
    }

    static TraderOptions options(MemberProfile<?, ?> profile, int member, Path folder) {
        TraderOptions plain = TraderOptions.of(
                profile,
                member,
                ADDRESSES,
                folder.resolve("member" + member),
                aeron(folder, "member" + member),
                SECRET,
                false);
        return Files.exists(folder.resolve(PURGE)) ? purging(plain) : plain;
    }

    /** Has members take snapshots all the time and keep no log that they do not need; their processes see it too. */
    static void purge(Path folder) throws IOException {
        Files.createFile(folder.resolve(PURGE));
    }

    private static TraderOptions purging(TraderOptions plain) {
        return new TraderOptions(
                plain.profile(),
                plain.member(),
                plain.addresses(),
                plain.folder(),
                plain.aeronFolder(),
                plain.clusterSecret(),
                plain.fsync(),
                Duration.ofMillis(500),
                Duration.ZERO,
                plain.eventBytesAlarm());
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

    /** Reads on until at least so many events of this kind were seen. */
    static <E extends Event> List<E> read(EventReader<Event> reader, Class<E> type, int count) {
        List<E> read = new ArrayList<>();
        while (read.size() < count) {
            int delivered = reader.poll(
                    (header, event) -> {
                        if (type.isInstance(event)) {
                            read.add(type.cast(event));
                        }
                    },
                    1_000,
                    LIMIT);
            assertThat(delivered).as("events after %s", reader.sequence()).isPositive();
        }
        return read;
    }

    private static Path aeron(Path folder, String name) {
        Path shared = Path.of("/dev/shm");
        return (Files.isWritable(shared) ? shared : folder)
                .resolve("holdfast-test-" + folder.getFileName() + "-" + name);
    }
}
