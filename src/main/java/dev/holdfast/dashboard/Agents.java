package dev.holdfast.dashboard;

import dev.holdfast.runtime.Configuration;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks each host's agent each two seconds what runs there; the page shows it, nothing depends on it. */
final class Agents implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Agents.class);
    private static final long INTERVAL_MILLIS = 2_000;
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    /** @param votes whether its agent is a member of the recovery log */
    record Place(String name, String address, boolean votes) {}

    /** @param state as the agent names it; a HALTED process stays down until a person looks, the detail says why */
    record Running(String name, String state, long pid, int restarts, String detail) {}

    /**
     * @param answers null until it was asked
     * @param problem why there is no answer
     * @param processes as of the last answer
     */
    record Seen(
            String name,
            String address,
            boolean votes,
            @Nullable Boolean answers,
            String problem,
            List<Running> processes) {}

    private final List<Place> places;
    private final String authorization;
    private final JsonMapper json = new JsonMapper();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private final AtomicReferenceArray<Seen> seen;
    private final AtomicLong version = new AtomicLong();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("dashboard-agents").daemon().unstarted(this::run);

    /** @param secret that the agents ask for */
    Agents(List<Place> places, String secret) {
        this.places = List.copyOf(places);
        this.authorization = "Bearer " + secret;
        this.seen = new AtomicReferenceArray<>(places.size());
        for (int each = 0; each < places.size(); each++) {
            Place place = places.get(each);
            seen.set(each, new Seen(place.name(), place.address(), place.votes(), null, "not asked yet", List.of()));
        }
    }

    static Agents of(Configuration configuration, String secret) {
        return new Agents(
                configuration.hosts().stream()
                        .map(host -> new Place(
                                host.name(), host.address(), host.roles().contains(Configuration.Role.VOTER)))
                        .toList(),
                secret);
    }

    void start() {
        thread.start();
    }

    /** Hosts that vote, in the configuration's order: a member's number is its place. */
    List<String> voters() {
        return places.stream().filter(Place::votes).map(Place::name).toList();
    }

    /** Grows with each change. */
    long version() {
        return version.get();
    }

    List<Seen> view() {
        List<Seen> all = new ArrayList<>(places.size());
        for (int each = 0; each < places.size(); each++) {
            all.add(seen.get(each));
        }
        return all;
    }

    private void run() {
        try {
            do {
                CompletableFuture<?>[] asked = new CompletableFuture<?>[places.size()];
                for (int each = 0; each < asked.length; each++) {
                    asked[each] = ask(each);
                }
                CompletableFuture.allOf(asked).join(); // each ends within its limit
            } while (!stopped.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<?> ask(int number) {
        Place place = places.get(number);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + place.address() + ":" + Configuration.AGENT_PORT + "/status"))
                .timeout(LIMIT)
                .header("Authorization", authorization)
                .build();
        // The request's own limit ends with the headers; an agent may freeze after them.
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .orTimeout(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    tell(number, failure == null ? answered(place, response) : silent(number, failure));
                    return place;
                });
    }

    private void tell(int number, Seen now) {
        Seen before = seen.getAndSet(number, now);
        if (!now.equals(before)) {
            version.incrementAndGet();
        }
        if (!Objects.equals(before.answers(), now.answers())) {
            LOG.info("agent host={} answers={} {}", now.name(), now.answers(), now.problem());
        }
    }

    private Seen answered(Place place, HttpResponse<String> response) {
        List<Running> processes = new ArrayList<>();
        String problem = "";
        if (response.statusCode() != 200) {
            problem = "its agent answered " + response.statusCode() + ": " + response.body();
        } else {
            try {
                for (JsonNode process : json.readTree(response.body()).path("processes")) {
                    processes.add(new Running(
                            process.path("name").asString(),
                            process.path("state").asString(),
                            process.path("pid").asLong(),
                            process.path("restarts").asInt(),
                            process.path("detail").asString("")));
                }
            } catch (JacksonException malformed) {
                problem = "its agent's answer is not what was expected: " + malformed.getOriginalMessage();
            }
        }
        return new Seen(place.name(), place.address(), place.votes(), problem.isEmpty(), problem, processes);
    }

    /** What ran there may run on without its agent, so the last answer stays in view. */
    private Seen silent(int number, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Seen last = seen.get(number);
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new Seen(
                last.name(),
                last.address(),
                last.votes(),
                false,
                "its agent does not answer: " + why,
                last.processes());
    }

    @Override
    public void close() {
        stopped.countDown();
        client.shutdownNow();
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
