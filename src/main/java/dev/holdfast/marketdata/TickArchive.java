package dev.holdfast.marketdata;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps raw frames as they came, for replays and disputes, within a bound: gzip files, a new one each hour and each so many
 * bytes, the oldest deleted. A record is the time of receipt (epoch nanoseconds, 8 bytes), the length (4 bytes) and the frame,
 * big-endian. It never slows the feed: what the disk cannot take is counted and lost.
 */
final class TickArchive implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TickArchive.class);

    static final long MAX_FILE_BYTES = 64L * 1024 * 1024;
    static final long MAX_TOTAL_BYTES = 1024L * 1024 * 1024;
    private static final int MAX_WAITING = 4_096;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'ticks-'yyyyMMdd'T'HHmmssSSS'.gz'").withZone(ZoneOffset.UTC);

    private final Path folder;
    private final long maxFileBytes;
    private final long maxTotalBytes;
    private final BlockingQueue<Frame> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Counter lost;
    private final Thread writer;

    private @Nullable DataOutputStream file;
    private long fileBytes;
    private long fileHour;
    private long lastFlushNanos;
    private long retryNanos = System.nanoTime();
    private boolean failing;
    private volatile boolean closed;

    private static final class Frame {
        private final long receivedNanos;
        private final byte[] bytes;

        private Frame(long receivedNanos, byte[] bytes) {
            this.receivedNanos = receivedNanos;
            this.bytes = bytes;
        }
    }

    /** @param maxFileBytes before compression */
    TickArchive(Path folder, long maxFileBytes, long maxTotalBytes, MeterRegistry metrics) {
        this.folder = folder;
        this.maxFileBytes = maxFileBytes;
        this.maxTotalBytes = maxTotalBytes;
        this.lost = metrics.counter("holdfast.feed.archive.lost");
        this.writer = Thread.ofPlatform().daemon().name("feed-archive").unstarted(this::run);
    }

    void start() {
        writer.start();
    }

    void offer(long receivedNanos, ByteBuffer frame) {
        byte[] copy = new byte[frame.remaining()];
        frame.get(copy);
        if (!waiting.offer(new Frame(receivedNanos, copy))) {
            lost.increment();
        }
    }

    private void run() {
        try {
            while (!closed || !waiting.isEmpty()) {
                Frame frame = waiting.poll(1, TimeUnit.SECONDS);
                if (frame != null) {
                    write(frame);
                }
                flushWhenDue();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        closeFile();
    }

    private void write(Frame frame) {
        if (failing && retryNanos - System.nanoTime() > 0) {
            lost.increment();
            return;
        }
        try {
            DataOutputStream out = fileFor(frame);
            out.writeLong(frame.receivedNanos);
            out.writeInt(frame.bytes.length);
            out.write(frame.bytes);
            fileBytes += Long.BYTES + Integer.BYTES + frame.bytes.length;
            if (failing) {
                failing = false;
                LOG.info("tick archive writes again folder={}", folder);
            }
        } catch (IOException failure) {
            failed(failure);
        }
    }

    private void failed(IOException failure) {
        lost.increment();
        retryNanos = System.nanoTime() + RETRY_NANOS;
        closeFile();
        if (!failing) {
            failing = true;
            LOG.error(
                    "raw ticks are not archived reason=\"{}\"; make room in {} or make it writable, trading goes on",
                    failure.toString(),
                    folder);
        }
    }

    private DataOutputStream fileFor(Frame frame) throws IOException {
        long hour = frame.receivedNanos / HOUR_NANOS;
        DataOutputStream open = file;
        if (open != null && fileBytes < maxFileBytes && hour == fileHour) {
            return open;
        }
        closeFile();
        Files.createDirectories(folder);
        deleteOldest();
        Path path = folder.resolve(NAME.format(Instant.ofEpochSecond(0, frame.receivedNanos)));
        DataOutputStream fresh = new DataOutputStream(new BufferedOutputStream(
                new GZIPOutputStream(
                        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        BUFFER_BYTES,
                        true),
                BUFFER_BYTES));
        file = fresh;
        fileBytes = 0;
        fileHour = hour;
        return fresh;
    }

    /** Makes room for a whole new file, so that the bound holds until the next rotation. */
    private void deleteOldest() throws IOException {
        List<Path> oldestFirst;
        try (Stream<Path> files = Files.list(folder)) {
            oldestFirst = files.filter(path -> path.getFileName().toString().matches("ticks-.*\\.gz"))
                    .sorted()
                    .toList();
        }
        long total = 0;
        for (Path path : oldestFirst) {
            total += Files.size(path);
        }
        for (Path path : oldestFirst) {
            if (total + maxFileBytes <= maxTotalBytes) {
                return;
            }
            total -= Files.size(path);
            Files.delete(path);
        }
    }

    private void flushWhenDue() {
        DataOutputStream open = file;
        if (open == null || System.nanoTime() - lastFlushNanos < FLUSH_NANOS) {
            return;
        }
        lastFlushNanos = System.nanoTime();
        try {
            open.flush();
        } catch (IOException failure) {
            failed(failure);
        }
    }

    private void closeFile() {
        DataOutputStream open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException failure) {
                LOG.warn("tick archive file not closed cleanly reason=\"{}\"", failure.toString());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            writer.join(TimeUnit.SECONDS.toMillis(3));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
