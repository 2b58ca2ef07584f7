package dev.holdfast.bench;

import dev.holdfast.cluster.AeronLog;
import dev.holdfast.cluster.AeronLogOptions;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Command;
import dev.holdfast.runtime.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Three members, each its own process with a trader's flags, and one client of theirs in this process. */
final class BenchCluster implements AutoCloseable {

    private static final int MEMBERS = 3;
    private static final Duration START_LIMIT = Duration.ofSeconds(40);
    private static final Duration TRY = Duration.ofSeconds(1);
    private static final int SECRET_BYTES = 32;

    private final Path folder;
    private final Path scratch;
    private final List<String> addresses;
    private final String clientAddress;
    private final String secret;
    private final List<BenchProcess> members = new ArrayList<>();
    private @Nullable Log log;

    /** @param network the first three numbers of loopback addresses that nobody else uses */
    private BenchCluster(Path folder, Path scratch, String network) {
        this.folder = folder;
        this.scratch = scratch;
        this.addresses = IntStream.rangeClosed(1, MEMBERS)
                .mapToObj(member -> network + "." + member)
                .toList();
        this.clientAddress = network + "." + (MEMBERS + 1);
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        this.secret = HexFormat.of().formatHex(random);
    }

    /** Starts all members and waits until they answer. */
    static BenchCluster start(Path bench, String name, BenchMember.Kind kind, String network, boolean fsync)
            throws IOException {
        Path folder = Files.createDirectories(bench.resolve(name));
        BenchCluster cluster = new BenchCluster(folder, scratch(bench, name), network);
        try {
            for (int member = 0; member < MEMBERS; member++) {
                cluster.launch(member, kind, fsync);
            }
            cluster.awaitAnswer(name);
        } catch (IOException | RuntimeException failure) {
            cluster.close();
            throw failure;
        }
        return cluster;
    }

    Log log() {
        if (log == null) {
            throw new IllegalStateException("the members have not answered yet");
        }
        return log;
    }

    /** What the members printed last, for a failure's message. */
    String complaint() {
        StringBuilder text = new StringBuilder();
        members.forEach(member -> text.append(member.lastLines()).append(System.lineSeparator()));
        return text.toString().strip();
    }

    private void launch(int member, BenchMember.Kind kind, boolean fsync) throws IOException {
        Path own = Files.createDirectories(folder.resolve(Integer.toString(member)));
        BenchProcess process = BenchProcess.start(
                JavaCommand.Kind.TRADER,
                BenchMember.class,
                List.of(
                        kind.name(),
                        Integer.toString(member),
                        String.join(",", addresses),
                        own.toString(),
                        scratch.resolve("member" + member).toString(),
                        Boolean.toString(fsync)),
                folder,
                "member" + member);
        members.add(process);
        process.tell(secret);
    }

    private void awaitAnswer(String name) {
        AeronLog connection = AeronLog.connect(
                new AeronLogOptions("bench-" + name, clientAddress, addresses, secret, scratch.resolve("client")));
        log = connection;
        long deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                connection.submitAndWait(new Command.Probe(), TRY);
                return;
            } catch (LogUnavailable notYet) {
                boolean ended = members.stream().anyMatch(member -> !member.isAlive());
                if (ended || System.nanoTime() - deadlineNanos > 0) {
                    throw new BenchFailure(
                            "the members of '" + name + "' did not answer within "
                                    + START_LIMIT.toSeconds() + " s; expected " + addresses
                                    + " free, ports 7001 to 7006: "
                                    + complaint(),
                            notYet);
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        if (log != null) {
            log.close();
        }
        members.forEach(BenchProcess::close);
        members.clear();
        try {
            BenchFolder.delete(scratch);
            BenchFolder.delete(folder);
        } catch (IOException undeletable) {
            System.err.println("left behind, delete it by hand: " + undeletable);
        }
    }

    /** Aeron's scratch is best on shared memory, as in production. */
    private static Path scratch(Path bench, String name) {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory)
                ? memory.resolve("holdfast-" + bench.getFileName() + "-" + name)
                : bench.resolve(name + "-aeron");
    }
}
