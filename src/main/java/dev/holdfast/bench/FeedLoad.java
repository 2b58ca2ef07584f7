package dev.holdfast.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.holdfast.marketdata.FeedReports;
import dev.holdfast.marketdata.MarketClock;
import dev.holdfast.marketdata.kite.KitePacketParser;
import dev.holdfast.runtime.Metrics;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The measuring process of {@link FeedBench}: one thread reads the same frames over and over. Between two passes, outside the
 * measured time, the frames move on: prices change, volumes grow, the exchange's clock ticks.
 */
final class FeedLoad {

    private static final Duration FLUSH = Duration.ofMillis(100);

    /** Runs of each kind before any counts. */
    private static final int WARM_UP_RUNS = 2;

    private static final long NEVER_STALE_SECONDS = 3_600;

    private final OperatingSystemMXBean processor = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final KiteFrames frames;
    private final FeedReports reports;
    private final ConflatedTicks conflated = new ConflatedTicks();
    private long flushedNanos = System.nanoTime();
    private long handled;
    private int checksum;

    private FeedLoad(int packetBytes) {
        this.frames = new KiteFrames(packetBytes);
        MarketClock clock = new MarketClock(true, () -> 0);
        this.reports = new FeedReports(
                conflated,
                conflated.gateway(frames.instruments()),
                clock,
                Duration.ofSeconds(NEVER_STALE_SECONDS),
                new Metrics("bench", "feed").registry(),
                frame -> {});
        reports.instruments(frames.instruments());
        reports.connected();
        // Quote packets carry no time; the market's clock stands where the last full packet put it.
        KitePacketParser.readFrame(frames.clockSetter(), reports);
    }

    /** Arguments: runs, and milliseconds of each. */
    public static void main(String[] arguments) {
        BenchProcess.endWithStarter();
        int runs = Integer.parseInt(arguments[0]);
        long runNanos = Duration.ofMillis(Long.parseLong(arguments[1])).toNanos();
        List<BenchRow> rows = new ArrayList<>();
        rows.add(new FeedLoad(KiteFrames.QUOTE_BYTES).row("feed quote packets (44 bytes)", runs, runNanos));
        rows.add(new FeedLoad(KiteFrames.FULL_BYTES).row("feed full packets (184 bytes)", runs, runNanos));
        BenchProcess.print(rows);
        System.exit(0);
    }

    private BenchRow row(String name, int runs, long runNanos) {
        double[] ours = new double[runs];
        double[] bare = new double[runs];
        for (int run = -WARM_UP_RUNS; run < runs; run++) {
            double own = rate(frames::moveOn, this::handle, runNanos);
            double read = rate(() -> {}, this::readBare, runNanos);
            if (run >= 0) {
                ours[run] = own;
                bare[run] = read;
            }
        }
        requireAllTaken(handled + 1); // and the one that set the clock
        return BenchRow.of(name, Unit.PER_SECOND, Samples.of(ours), "sum of the same bytes as ints", Samples.of(bare));
    }

    /**
     * Per second of the whole process's processor time, with its garbage collector and compiler: so much one core does.
     *
     * @param before each pass; its time is taken out
     */
    private double rate(Runnable before, Runnable pass, long runNanos) {
        long beganNanos = processor.getProcessCpuTime();
        long beforeNanos = 0;
        long packets = 0;
        long spentNanos = 0;
        while (spentNanos < runNanos) {
            long atNanos = threads.getCurrentThreadCpuTime();
            before.run();
            beforeNanos += threads.getCurrentThreadCpuTime() - atNanos;
            pass.run();
            packets += frames.packets();
            spentNanos = processor.getProcessCpuTime() - beganNanos - beforeNanos;
        }
        return packets * 1e9 / spentNanos;
    }

    private void handle() {
        for (ByteBuffer frame : frames.all()) {
            KitePacketParser.readFrame(frame, reports);
        }
        handled += frames.packets();
        long nowNanos = System.nanoTime();
        if (nowNanos - flushedNanos > FLUSH.toNanos()) {
            flushedNanos = nowNanos;
            reports.flush();
        }
    }

    private void readBare() {
        int sum = 0;
        for (ByteBuffer frame : frames.all()) {
            int end = frame.limit() - Integer.BYTES;
            for (int at = 0; at <= end; at += Integer.BYTES) {
                sum += frame.getInt(at);
            }
        }
        checksum += sum; // kept, so that the reading is
    }

    /** A packet that was dropped would make the feed look fast. */
    private void requireAllTaken(long packets) {
        reports.flush();
        if (conflated.gaps() > 0 || conflated.ticks() == 0 || reports.ticks() != packets) {
            throw new BenchFailure("the feed took " + reports.ticks() + " ticks of " + packets + " packets, with "
                    + conflated.gaps() + " gaps and " + conflated.ticks() + " conflated ticks (checksum " + checksum
                    + "); expected all and no gap: the frames are wrong");
        }
    }
}
