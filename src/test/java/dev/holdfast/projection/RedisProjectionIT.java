package dev.holdfast.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.Region;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.RedisUser;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ticks and sessions in a real Redis with three Sentinels, before and after the loss of its master. */
final class RedisProjectionIT {

    private static final Duration HOUR = Duration.ofHours(1);
    private static Region region;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @BeforeAll
    static void start() throws Exception {
        region = new Region();
        for (String kind : List.of("redis", "sentinel")) {
            for (String host : List.of("a", "b", "c")) {
                region.start(kind, host);
            }
        }
        for (String host : List.of("a", "b", "c")) {
            Await.until(
                    "Sentinels know one another",
                    () -> region.server("sentinel", host).probe().detail().contains("2 replicas, 2 other Sentinels"));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        region.close();
    }

    @Test
    void ticks_and_sessions_survive_the_loss_of_the_master() throws Exception {
        FakeLog log = new FakeLog();
        SeededTrading trading = new SeededTrading(log, 42);
        trading.begin();
        try (RedisProjection projection =
                        new RedisProjection(region.configuration(), "a", region.secrets(), log, metrics, () -> true);
                Sessions sessions = new Sessions(region.configuration(), region.secrets());
                RedisAccess redis = new RedisAccess(region.configuration(), region.secrets(), RedisUser.READER)) {
            projection.start();
            for (int i = 0; i < 100; i++) {
                trading.trade();
            }
            Await.until(
                    "a tick of each instrument",
                    () -> redis.use(
                            client -> IntStream.rangeClosed(1, 4).allMatch(i -> client.exists("tick:NSE:STOCK" + i))));
            Await.until("the day", () -> redis.use(client -> client.hget("day", "phase")) != null);
            assertThat(metrics.counter("holdfast.redis.hashes.written").count()).isLessThan(100);
            sessions.put("id of a browser", Map.of("user", "operator", "role", "operator"), HOUR);

            String lost = master();
            region.kill("redis", lost);

            Await.until("the session is found on the new master", () -> found(sessions));
            long written =
                    (long) metrics.counter("holdfast.redis.hashes.written").count();
            Await.until("ticks are written again", () -> {
                trading.tick();
                return metrics.counter("holdfast.redis.hashes.written").count() > written;
            });
            region.start("redis", lost);
        }
    }

    private static String master() {
        return List.of("a", "b", "c").stream()
                .filter(host -> region.server("redis", host).probe().primary())
                .findFirst()
                .orElseThrow();
    }

    private static boolean found(Sessions sessions) {
        try {
            return sessions.find("id of a browser").isPresent();
        } catch (Sessions.Unavailable failingOver) {
            return false;
        }
    }

    @Test
    void a_session_ends_when_deleted_or_when_its_time_is_over() throws Exception {
        try (Sessions sessions = new Sessions(region.configuration(), region.secrets())) {
            Await.until("Redis answers", () -> {
                try {
                    sessions.ping();
                    return true;
                } catch (Sessions.Unavailable failingOver) {
                    return false;
                }
            });
            sessions.put("one", Map.of("user", "viewer"), HOUR);
            sessions.put("two", Map.of("user", "viewer"), Duration.ofMillis(1));

            assertThat(sessions.find("one")).contains(Map.of("user", "viewer"));
            sessions.delete("one");

            assertThat(sessions.find("one")).isEmpty();
            Await.until("the second ended", () -> sessions.find("two").isEmpty());
        }
    }

    @Test
    void without_redis_the_failure_says_so_in_bounded_time() {
        Configuration known = region.configuration();
        Configuration nobodyThere = new Configuration(
                known.region(),
                List.of(new Configuration.Host("z", "127.0.34.9", List.of(Configuration.Role.SENTINEL))),
                known.broker(),
                known.risk(),
                known.strategies(),
                known.instruments());

        try (Sessions sessions = new Sessions(nobodyThere, region.secrets())) {
            assertThatThrownBy(() -> sessions.find("one"))
                    .isInstanceOf(Sessions.Unavailable.class)
                    .hasMessageContaining("Redis does not answer");
        }
    }
}
