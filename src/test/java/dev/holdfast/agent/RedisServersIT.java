package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A real master, two replicas and three Sentinels. */
final class RedisServersIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static Region region;

    @BeforeAll
    static void start() throws Exception {
        region = new Region();
        for (String host : new String[] {"a", "b", "c"}) {
            region.start("redis", host);
        }
        for (String host : new String[] {"a", "b", "c"}) {
            region.start("sentinel", host);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        region.close();
    }

    @Test
    void a_dead_master_is_replaced_and_returns_as_a_replica() throws Exception {
        Region.await(
                "Sentinels know everything",
                LIMIT,
                () -> sees("a", "2 replicas, 2 other Sentinels")
                        && sees("b", "2 replicas, 2 other Sentinels")
                        && sees("c", "2 replicas, 2 other Sentinels"));
        assertThat(region.server("redis", "a").probe().primary()).isTrue();

        region.kill("redis", "a");
        Region.await(
                "another master",
                LIMIT,
                () -> region.server("redis", "b").probe().primary()
                        || region.server("redis", "c").probe().primary());
        Region.await(
                "Sentinels agree",
                LIMIT,
                () -> !sees("a", "master 127.0.34.1")
                        && !sees("b", "master 127.0.34.1")
                        && !sees("c", "master 127.0.34.1"));
        region.start("redis", "a");

        assertThat(region.server("redis", "a").probe().primary()).isFalse();
        Region.await(
                "a follows",
                LIMIT,
                () -> region.server("redis", "a").probe().detail().contains("status:up"));
    }

    @Test
    void nobody_enters_without_the_password() {
        try (Jedis redis = new Jedis("127.0.34.2", 6379);
                Jedis sentinel = new Jedis("127.0.34.2", 26379)) {
            assertThatThrownBy(redis::ping).isInstanceOf(JedisException.class);
            assertThatThrownBy(sentinel::ping).isInstanceOf(JedisException.class);
        }
    }

    private static boolean sees(String sentinel, String text) {
        return region.server("sentinel", sentinel).probe().detail().contains(text);
    }
}
