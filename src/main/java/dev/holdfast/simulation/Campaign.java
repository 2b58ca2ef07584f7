package dev.holdfast.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Many seeds, some of them side by side: worlds share nothing, so each goes as it would alone. */
public final class Campaign {

    /** Failures kept with their decisions; more tell nothing new. */
    private static final int MAX_FAILURES = 20;

    private final long from;
    private final long seeds;
    private final int sideBySide;
    private final Consumer<SeedResult> listener;
    private final Parts parts;

    /** @param listener hears of each seed as it ends, from any thread */
    public Campaign(long from, long seeds, int sideBySide, Consumer<SeedResult> listener) {
        this(from, seeds, sideBySide, listener, Parts.real());
    }

    Campaign(long from, long seeds, int sideBySide, Consumer<SeedResult> listener, Parts parts) {
        this.from = from;
        this.seeds = seeds;
        this.sideBySide = sideBySide;
        this.listener = listener;
        this.parts = parts;
    }

    /**
     * What a campaign came to.
     *
     * @param failures the first of them
     */
    public record Result(
            long from,
            long seeds,
            long clean,
            long steps,
            long virtualMillis,
            long intents,
            long faults,
            long held,
            List<SeedResult> failures) {
        public Result {
            failures = List.copyOf(failures);
        }
    }

    /** Runs them all. */
    public Result run() throws InterruptedException {
        AtomicLong next = new AtomicLong(from);
        Tally tally = new Tally();
        List<Thread> workers = new ArrayList<>();
        for (int worker = 0; worker < sideBySide; worker++) {
            // Virtual, because a world hands control to its coroutines often, and that is cheap only among virtual
            // threads.
            workers.add(Thread.ofVirtual().name("world-" + worker).start(() -> {
                for (long seed = next.getAndIncrement(); seed < from + seeds; seed = next.getAndIncrement()) {
                    SeedResult result = run(seed);
                    tally.add(result);
                    listener.accept(result);
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        return tally.result(from, seeds);
    }

    private SeedResult run(long seed) {
        try {
            return new Simulation(seed, parts).run();
        } catch (RuntimeException thrown) {
            StackTraceElement[] trace = thrown.getStackTrace();
            return SeedResult.broken(seed, thrown + (trace.length == 0 ? "" : " at " + trace[0]));
        }
    }

    private static final class Tally {
        private long clean;
        private long steps;
        private long virtualMillis;
        private long intents;
        private long faults;
        private long held;
        private final List<SeedResult> failures = new ArrayList<>();

        synchronized void add(SeedResult result) {
            steps += result.steps();
            virtualMillis += result.virtualMillis();
            intents += result.intents();
            faults += result.faults();
            held += result.held();
            if (result.clean()) {
                clean++;
            } else if (failures.size() < MAX_FAILURES) {
                failures.add(result);
            }
        }

        synchronized Result result(long from, long seeds) {
            return new Result(from, seeds, clean, steps, virtualMillis, intents, faults, held, failures);
        }
    }
}
