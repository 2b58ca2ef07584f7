package dev.holdfast.projection;

import dev.holdfast.log.Log;
import dev.holdfast.projection.RedisAccess.RedisAway;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.RedisUser;
import dev.holdfast.runtime.Secrets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Keeps the last tick of each instrument ({@code tick:EXCHANGE:SYMBOL}) and a summary of the day ({@code day}) in Redis, as
 * hashes. Each is written at most five times a second, whatever arrives. While Redis is away what would be written is
 * dropped and counted; what is newest then is written when it is back. Each gateway has one; only that beside the feed writes.
 */
public final class RedisProjection implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(RedisProjection.class);
    private static final Duration WRITE_INTERVAL = Duration.ofMillis(200);
    private static final long AWAY_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    /** All is written anew so often: what somebody deleted, or a new master never had, comes back by itself. */
    private static final long REFRESH_NANOS = Duration.ofSeconds(10).toNanos();

    private final RedisAccess redis;
    private final BooleanSupplier writes;
    private final CheckpointReader reader;
    private final Counter written;
    private final Counter dropped;

    // Of the reader's thread.
    private final Map<Integer, String> instruments = new TreeMap<>();
    private final Map<Integer, Map<String, String>> lastTicks = new TreeMap<>();
    private final Map<Integer, Map<String, String>> ticksToWrite = new TreeMap<>();
    private final DaySummary summary = new DaySummary();
    private boolean away;
    private long writtenNanos;
    private long refreshedNanos;

    private volatile String problem = "";

    /** @param writes whether it is this one's turn; while it is not, the newest values wait */
    public RedisProjection(
            Configuration configuration,
            String hostName,
            Secrets secrets,
            Log log,
            MeterRegistry metrics,
            BooleanSupplier writes) {
        this.redis = new RedisAccess(configuration, secrets, RedisUser.PROJECTION);
        this.writes = writes;
        this.written = metrics.counter("holdfast.redis.hashes.written");
        this.dropped = metrics.counter("holdfast.redis.hashes.dropped");
        this.reader = new CheckpointReader("redis-projection-" + hostName, log, WRITE_INTERVAL, new Feed());
    }

    public void start() {
        reader.start();
    }

    @Override
    public void close() {
        reader.close();
        redis.close();
    }

    /** Why the newest values are not in Redis; empty when they are, or when it is another's turn to write them. */
    public String problem() {
        return writes.getAsBoolean() ? problem : "";
    }

    private final class Feed implements CheckpointReader.Projection {
        @Override
        public void reset() {
            instruments.clear();
            ticksToWrite.clear();
            lastTicks.clear();
            summary.reset();
        }

        @Override
        public void onEvent(EventHeader header, Event event) {
            if (event instanceof Event.InstrumentDefined defined) {
                instruments.put(defined.instrument(), defined.exchange() + ":" + defined.symbol());
            } else if (event instanceof Event.TickApplied tick) {
                Map<String, String> fields = fields(header, tick);
                lastTicks.put(tick.instrument(), fields);
                ticksToWrite.put(tick.instrument(), fields); // the newest takes the place of one not yet written
            } else {
                summary.apply(header, event);
            }
        }

        @Override
        public void afterPoll() {
            long pauseNanos = away ? AWAY_PAUSE_NANOS : WRITE_INTERVAL.toNanos();
            if (System.nanoTime() - refreshedNanos >= REFRESH_NANOS) {
                refreshedNanos = System.nanoTime();
                refresh();
            }
            boolean something = !ticksToWrite.isEmpty() || summary.isChanged();
            if (something && writes.getAsBoolean() && System.nanoTime() - writtenNanos >= pauseNanos) {
                writtenNanos = System.nanoTime();
                write();
            }
        }
    }

    private void refresh() {
        lastTicks.forEach(ticksToWrite::putIfAbsent);
        summary.writeAgain();
    }

    private void write() {
        int hashes = ticksToWrite.size() + (summary.isChanged() ? 1 : 0);
        try {
            redis.use(client -> {
                try (Pipeline pipeline = client.pipelined()) {
                    ticksToWrite.forEach((instrument, fields) -> pipeline.hset("tick:" + name(instrument), fields));
                    if (summary.isChanged()) {
                        pipeline.hset("day", summary.fields());
                    }
                    pipeline.syncAndReturnAll().forEach(RedisProjection::requireDone);
                }
                return hashes;
            });
            written.increment(hashes);
            summary.written();
            if (away) {
                LOGGER.info("Redis is back");
                refreshedNanos = System.nanoTime() - REFRESH_NANOS; // it may be empty, or another one
            }
            away = false;
            problem = "";
        } catch (RedisAway failure) {
            dropped.increment(hashes);
            problem = "last ticks and the day's summary are not written: " + failure.getMessage();
            if (!away) {
                LOGGER.warn("last ticks are not written until Redis is back: {}", failure.getMessage());
            }
            away = true;
        }
        ticksToWrite.clear();
    }

    private static void requireDone(Object answer) {
        if (answer instanceof JedisException refused) {
            throw refused; // a master that has become a replica refuses writes one by one
        }
    }

    private String name(int instrument) {
        return instruments.getOrDefault(instrument, "unknown:" + instrument);
    }

    private static Map<String, String> fields(EventHeader header, Event.TickApplied tick) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("sequence", Long.toString(header.sequence()));
        fields.put("logTimeNanos", Long.toString(header.logTimeNanos()));
        fields.put("marketTimeNanos", Long.toString(tick.marketTimeNanos()));
        fields.put("lastPricePaise", Long.toString(tick.lastPricePaise()));
        fields.put("lastQuantity", Long.toString(tick.lastQuantity()));
        fields.put("volume", Long.toString(tick.volume()));
        fields.put("bidPaise", Long.toString(tick.bidPaise()));
        fields.put("bidQuantity", Long.toString(tick.bidQuantity()));
        fields.put("askPaise", Long.toString(tick.askPaise()));
        fields.put("askQuantity", Long.toString(tick.askQuantity()));
        fields.put("dayOpenPaise", Long.toString(tick.dayOpenPaise()));
        fields.put("dayHighPaise", Long.toString(tick.dayHighPaise()));
        fields.put("dayLowPaise", Long.toString(tick.dayLowPaise()));
        fields.put("previousClosePaise", Long.toString(tick.previousClosePaise()));
        return fields;
    }
}
