package dev.holdfast.projection;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code state/trading_state.json} in the home: positions, live orders, strategies and switches, written at most each
 * 30 s and only when one of them changed. The file is replaced whole; when that fails the old one stays and the failure is
 * counted. Nothing starts from it: it is for people, and for a look without any server. Each gateway has one of these; where
 * they share a home, the newer state stays.
 */
public final class StateFile implements AutoCloseable {

    public static final Duration INTERVAL = Duration.ofSeconds(30);

    private static final Logger LOGGER = LoggerFactory.getLogger(StateFile.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private final Path file;
    private final Path fresh;
    private final long intervalNanos;
    private final TradingStateModel model = new TradingStateModel();
    private final CheckpointReader reader;
    private final Counter written;
    private final Counter failed;
    private long lastTriedNanos;
    private long lookedNanos;
    private volatile String lastProblem = "";

    public StateFile(String hostName, Path home, Log log, MeterRegistry metrics) {
        this(hostName, home, log, metrics, INTERVAL);
    }

    StateFile(String hostName, Path home, Log log, MeterRegistry metrics, Duration interval) {
        this.file = path(home);
        this.fresh = file.resolveSibling(file.getFileName() + "." + hostName);
        this.intervalNanos = interval.toNanos();
        this.lastTriedNanos = System.nanoTime() - intervalNanos;
        this.written = metrics.counter("holdfast.state.file.written");
        this.failed = metrics.counter("holdfast.state.file.failures");
        this.reader = new CheckpointReader("state-file-" + hostName, log, POLL_INTERVAL, new Feed());
    }

    /** Where it is in a home. */
    public static Path path(Path home) {
        return home.resolve("state").resolve("trading_state.json");
    }

    /**
     * Reads a state file and checks it.
     *
     * @throws IOException if there is none, or if it is not as it was written, with what to do
     */
    public static TradingState read(Path file) throws IOException {
        try {
            return StateDocument.read(Files.readString(file));
        } catch (StateDocument.Corrupt corrupt) {
            throw new IOException(
                    "state file " + file + " is corrupt: " + corrupt.getMessage()
                            + "; delete it, a running system writes it again within "
                            + INTERVAL.toSeconds() + " s of the next change",
                    corrupt);
        }
    }

    public void start() {
        reader.start();
    }

    /** Why the newest state is not in the file; empty when it is, or will be with the next writing. */
    public String problem() {
        return lastProblem.isEmpty()
                ? ""
                : "state file " + file + " was not written, an old one may stay: " + lastProblem;
    }

    /** Of the newest event it knows; 0 before the first. It reads without the database, so it knows what is not recorded there. */
    public long newestSequence() {
        return reader.sequence();
    }

    /** Writes what is not yet written, then stops. */
    @Override
    public void close() {
        reader.close();
        if (model.isWorthWriting()) {
            write();
        }
    }

    private final class Feed implements CheckpointReader.Projection {
        @Override
        public void reset() {
            model.reset();
        }

        @Override
        public void onEvent(EventHeader header, Event event) {
            model.apply(header, event);
        }

        @Override
        public void afterPoll() {
            boolean due = System.nanoTime() - lastTriedNanos >= intervalNanos;
            if (due && (model.isWorthWriting() || isGone())) {
                write();
            }
        }
    }

    private void write() {
        lastTriedNanos = System.nanoTime();
        TradingState state = model.state();
        try {
            if (!newerIsThere(state)) {
                replace(StateDocument.write(state));
                written.increment();
            }
            model.written();
            lastProblem = "";
        } catch (IOException failure) {
            failed.increment();
            String problem = failure.toString();
            if (!problem.equals(lastProblem)) {
                LOGGER.error("state file {} was not written, the old one stays: {}", file, problem);
                lastProblem = problem;
            }
        }
    }

    /** Whether the file is missing or is no state file any more, whoever changed it. */
    private boolean isGone() {
        if (!model.isWhole() || System.nanoTime() - lookedNanos < intervalNanos) {
            return false;
        }
        lookedNanos = System.nanoTime();
        try {
            read(file);
            return false;
        } catch (IOException unusable) {
            LOGGER.warn(
                    "the state file is not there any more as it was written, it is written again: {}",
                    unusable.toString());
            return true;
        }
    }

    /** A gateway that was frozen must not put its old state in the place of the other one's. */
    private boolean newerIsThere(TradingState state) {
        try {
            return Files.exists(file) && read(file).logTimeNanos() > state.logTimeNanos();
        } catch (IOException unusable) {
            return false;
        }
    }

    /** The content reaches the disk before the name does, so a power loss leaves the old file or the new one. */
    private void replace(String content) throws IOException {
        Files.createDirectories(file.getParent());
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
