package dev.holdfast.cli;

import dev.holdfast.simulation.Campaign;
import dev.holdfast.simulation.SeedResult;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "simulate",
        description = {
            "Runs the engine, two gateways and two recorders through seeded worlds full of faults, on virtual time.",
            "Every invariant is checked after each step; a seed that violates one is explained and can be repeated."
        })
final class Simulate implements Callable<Integer> {

    private static final long TELL_EVERY = 1_000;

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--from", defaultValue = "1", description = "The first seed (default: ${DEFAULT-VALUE}).")
    private long from;

    @Option(names = "--seeds", defaultValue = "1000", description = "How many seeds (default: ${DEFAULT-VALUE}).")
    private long seeds;

    @Override
    public Integer call() throws InterruptedException {
        if (seeds < 1) {
            throw Failure.usage("--seeds is " + seeds + ", expected at least 1");
        }
        Console console = options.console();
        AtomicLong done = new AtomicLong();
        Campaign.Result result = new Campaign(from, seeds, Runtime.getRuntime().availableProcessors(), seed -> {
                    if (!seed.clean()) {
                        console.warn(seed.explanation());
                    }
                    long count = done.incrementAndGet();
                    if (count % TELL_EVERY == 0) {
                        console.progress(count + " of " + seeds + " seeds");
                    }
                })
                .run();
        console.result(document(result, console.elapsedMillis()), () -> text(result, console.elapsedMillis()));
        return result.clean() == seeds ? 0 : Failure.NEGATIVE;
    }

    private static Map<String, Object> document(Campaign.Result result, long millis) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("verdict", result.clean() == result.seeds() ? "pass" : "fail");
        document.put("from", result.from());
        document.put("seeds", result.seeds());
        document.put("clean", result.clean());
        document.put("millis", millis);
        document.put("steps", result.steps());
        document.put("virtualMillis", result.virtualMillis());
        document.put("intents", result.intents());
        document.put("held", result.held());
        document.put("faults", result.faults());
        document.put("happened", result.happened());
        document.put("invariants", result.invariants());
        document.put(
                "failures", result.failures().stream().map(Simulate::failure).toList());
        return document;
    }

    private static Map<String, Object> failure(SeedResult seed) {
        Map<String, Object> failure = new LinkedHashMap<>();
        failure.put("seed", seed.seed());
        failure.put("step", seed.steps());
        failure.put("invariant", seed.violated());
        failure.put("difference", seed.difference());
        failure.put("decisions", seed.decisions());
        return failure;
    }

    private static String text(Campaign.Result result, long millis) {
        return String.format(
                Locale.ROOT,
                "%d of %d seeds clean (from %d): %d intents, %d held, %d faults, %d steps, %.1f hours of virtual time in %.1f s",
                result.clean(),
                result.seeds(),
                result.from(),
                result.intents(),
                result.held(),
                result.faultCount(),
                result.steps(),
                result.virtualMillis() / 3.6e6,
                millis / 1e3);
    }
}
