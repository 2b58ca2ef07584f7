package dev.holdfast.exchange;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The witness: an append-only file of JSON lines, {@code FOLDER/ledger.jsonl}. It records and never refuses.
 *
 * <p>Every line is one object: {@code number} (consecutive from 1), {@code kind}, {@code atNanos} (wall time, epoch
 * nanoseconds), {@code marketNanos} (market time), then the fields of the kind, named as the components of its record
 * in {@link LedgerEntry}: DAY, SESSION_OPENED, SESSIONS_ENDED, REQUEST, ANSWER, ACCEPTED, AMENDED, ENDED, TRADE,
 * CONVERTED, ODD_ROW, FAULT_CHANGED, PRICES. A field that does not apply is null. For example
 *
 * <pre>{@code
 * {"number":7,"kind":"REQUEST","atNanos":…,"marketNanos":…,"method":"POST","path":"/orders/regular",
 *  "source":"127.0.1.1","tag":"hf17x42","parameters":{"tradingsymbol":"INFY",…}}
 * {"number":8,"kind":"ACCEPTED","atNanos":…,"marketNanos":…,"request":7,"orderId":"261122000000001",…}
 * {"number":9,"kind":"TRADE","atNanos":…,"marketNanos":…,"tradeId":"T000000001","orderId":"261122000000001",…}
 * {"number":10,"kind":"ANSWER","atNanos":…,"marketNanos":…,"request":7,"status":200,"orderId":"261122000000001",…}
 * }</pre>
 *
 * <p>Lines are written at once and forced to disk by {@link #sync}, which callers share: whoever waits while another
 * forces finds its own line forced too. A line that could not be written whole is cut off again. After a failed force
 * nobody can say what is on disk, so the ledger refuses all further work until a restart reads it anew.
 */
final class Ledger implements AutoCloseable {

    static final int MAX_PAGE = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    /** Every so many lines the file's offset is remembered, so that a page is found without reading from the start. */
    private static final int INDEX_STEP = 256;

    private static final int MAX_KIND_OFFSET = 40;

    private final Path path;
    private final RandomAccessFile file;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock forcing = new ReentrantLock();
    private final List<Long> offsets = new ArrayList<>();
    private volatile long lastNumber;
    private volatile long durableNumber;
    private volatile boolean failed;
    private long length;

    /** Opens the ledger; the end of a line that a crash cut short is cut off and said. */
    Ledger(Path folder) {
        this.path = folder.resolve("ledger.jsonl");
        try {
            Files.createDirectories(folder);
            file = new RandomAccessFile(path.toFile(), "rw");
            requireAlone();
            scan();
        } catch (IOException unusable) {
            throw new LedgerFailed("ledger " + path + " cannot be opened; its folder must be writable", unusable);
        }
    }

    /** Two writers would overwrite each other's lines. The lock ends with the file or the process. */
    private void requireAlone() throws IOException {
        try {
            if (file.getChannel().tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            // Said below, as for another process.
        }
        file.close();
        throw new LedgerFailed("ledger " + path + " is in use by another exchange; stop that one first", null);
    }

    private void scan() throws IOException {
        long goodLength = 0;
        long lines = 0;
        String last = null;
        try (LineReader reader = new LineReader(path, 0)) {
            for (String line = reader.next(); line != null; line = reader.next()) {
                remember(lines, reader.lineStart());
                lines++;
                goodLength = length;
                length = reader.position();
                last = line;
            }
        }
        if (last != null && !LedgerLine.readable(last)) {
            length = goodLength;
            lines--;
        }
        if (file.length() > length) {
            LOG.warn("ledger path={} cut off an unfinished line bytes={}", path, file.length() - length);
            file.setLength(length);
            file.getFD().sync();
        }
        lastNumber = lines;
        durableNumber = lines;
    }

    /** Each step's first line, once: a line cut off and written anew keeps its offset. */
    private void remember(long linesBefore, long offset) {
        if (linesBefore % INDEX_STEP == 0 && offsets.size() == linesBefore / INDEX_STEP) {
            offsets.add(offset);
        }
    }

    long lastNumber() {
        return lastNumber;
    }

    /** Hands over every line from the last DAY on: all that the present day is made of. */
    void replayLastDay(Consumer<LedgerLine> consumer) {
        String mark = "\"kind\":\"DAY\"";
        long start = 0;
        try (LineReader search = new LineReader(path, 0)) {
            for (String line = search.next(); line != null; line = search.next()) {
                // The kind stands right after the number, so a parameter that quotes it cannot deceive.
                int at = line.indexOf(mark);
                if (at >= 0 && at < MAX_KIND_OFFSET) {
                    start = search.lineStart();
                }
            }
        } catch (IOException unreadable) {
            throw new LedgerFailed("ledger " + path + " cannot be read", unreadable);
        }
        try (LineReader lines = new LineReader(path, start)) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                consumer.accept(parse(line, lines.lineStart()));
            }
        } catch (IOException unreadable) {
            throw new LedgerFailed("ledger " + path + " cannot be read", unreadable);
        }
    }

    private LedgerLine parse(String line, long offset) {
        try {
            return LedgerLine.parse(line);
        } catch (LedgerLine.MalformedLine malformed) {
            throw new LedgerFailed(
                    "ledger " + path + " is damaged at byte " + offset + " (" + malformed.getMessage()
                            + "); move the folder away to start with an empty book",
                    malformed);
        }
    }

    /**
     * Writes one line, not yet forced.
     *
     * @throws LedgerFailed if it was not written; the ledger is as before
     */
    LedgerLine append(long atNanos, long marketNanos, LedgerEntry entry) {
        writing.lock();
        try {
            refuseIfFailed();
            LedgerLine line = new LedgerLine(lastNumber + 1, atNanos, marketNanos, entry);
            byte[] bytes = (line.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
            write(bytes);
            remember(lastNumber, length);
            length += bytes.length;
            lastNumber = line.number();
            return line;
        } finally {
            writing.unlock();
        }
    }

    private void write(byte[] bytes) {
        try {
            file.seek(length);
            file.write(bytes);
        } catch (IOException unwritten) {
            try {
                file.setLength(length);
            } catch (IOException alsoFailed) {
                failed = true;
                unwritten.addSuppressed(alsoFailed);
            }
            throw new LedgerFailed("ledger " + path + " cannot be written; is its disk full?", unwritten);
        }
    }

    /**
     * Returns when everything up to this line is on disk.
     *
     * @throws LedgerFailed if that is not certain
     */
    void sync(long number) {
        if (durableNumber >= number) {
            return;
        }
        forcing.lock();
        try {
            refuseIfFailed();
            if (durableNumber < number) {
                long written = lastNumber;
                file.getFD().sync();
                durableNumber = written;
            }
        } catch (IOException unforced) {
            failed = true;
            throw new LedgerFailed("ledger " + path + " cannot be forced to disk", unforced);
        } finally {
            forcing.unlock();
        }
    }

    private void refuseIfFailed() {
        if (failed) {
            throw new LedgerFailed("ledger " + path + " failed earlier; restart the exchange", null);
        }
    }

    /** The lines after a number, as they stand in the file: durable ones only, at most {@link #MAX_PAGE}. */
    List<String> page(long after, int limit) {
        long first = Math.max(0, after);
        long last = durableNumber;
        List<String> page = new ArrayList<>();
        if (first >= last) {
            return page;
        }
        try (LineReader lines = new LineReader(path, offsetNear(first))) {
            long number = first - first % INDEX_STEP;
            int bound = Math.clamp(limit, 0, MAX_PAGE);
            while (number < last && page.size() < bound) {
                String line = lines.next();
                if (line == null) {
                    break;
                }
                number++;
                if (number > first) {
                    page.add(line);
                }
            }
            return page;
        } catch (IOException unreadable) {
            throw new LedgerFailed("ledger " + path + " cannot be read", unreadable);
        }
    }

    private long offsetNear(long number) {
        writing.lock();
        try {
            return offsets.get((int) (number / INDEX_STEP));
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        try {
            if (!failed) {
                sync(lastNumber);
            }
            file.close();
        } catch (IOException failure) {
            LOG.warn("ledger path={} did not close cleanly: {}", path, failure.getMessage());
        }
    }

    /** The ledger cannot be trusted to hold what was just asked of it. */
    static final class LedgerFailed extends RuntimeException {
        LedgerFailed(String message, @org.jspecify.annotations.Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
