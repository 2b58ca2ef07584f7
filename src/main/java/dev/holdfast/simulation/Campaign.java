package dev.holdfast.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
     * @param faults how often each kind was done
     * @param happened how often orders came into each state, and what else is worth counting
     * @param invariants name to verdict
     * @param failures the first of them
     */
    public record Result(
            long from,
            long seeds,
            long clean,
            long steps,
            long virtualMillis,
            long intents,
            long held,
            Map<String, Integer> faults,
            Map<String, Integer> happened,
            Map<String, Boolean> invariants,
            List<SeedResult> failures) {
        public Result {
            faults = Collections.unmodifiableMap(new LinkedHashMap<>(faults));
            happened = Collections.unmodifiableMap(new LinkedHashMap<>(happened));
            invariants = Collections.unmodifiableMap(new LinkedHashMap<>(invariants));
            failures = List.copyOf(failures);
        }

        public long faultCount() {
            return faults.values().stream().mapToLong(Integer::longValue).sum();
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
        private long held;
        private final Map<String, Integer> faults = new TreeMap<>();
        private final Map<String, Integer> happened = new TreeMap<>();
        private final Map<String, Boolean> invariants = new LinkedHashMap<>();
        private final List<SeedResult> failures = new ArrayList<>();

        Tally() {
            Invariants.NAMES.forEach(name -> invariants.put(name, true));
        }

        synchronized void add(SeedResult result) {
            steps += result.steps();
            virtualMillis += result.virtualMillis();
            intents += result.intents();
            result.happened().forEach((what, times) -> happened.merge(what, times, Integer::sum));
            result.faults().forEach((kind, times) -> faults.merge(kind, times, Integer::sum));
            held += result.held();
            if (result.clean()) {
                clean++;
                return;
            }
            invariants.put(result.violated(), false);
            if (failures.size() < MAX_FAILURES) {
                failures.add(result);
            }
        }

        synchronized Result result(long from, long seeds) {
            return new Result(
                    from, seeds, clean, steps, virtualMillis, intents, held, faults, happened, invariants, failures);
        }
    }
}
