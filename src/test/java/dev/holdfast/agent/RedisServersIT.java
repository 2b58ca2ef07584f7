package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.RedisUser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;
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

    /** Each user is refused other users' keys, and every command that could end, empty, mislead or read all of the system. */
    @Test
    void each_user_has_only_the_commands_of_its_work() {
        List<String> harm = List.of(
                "FLUSHALL",
                "SHUTDOWN NOSAVE",
                "CONFIG GET *",
                "CONFIG SET maxmemory 1",
                "REPLICAOF 127.0.0.1 1",
                "ACL LIST",
                "KEYS *",
                "EVAL return(1) 0",
                "SAVE",
                "MONITOR");
        Map<RedisUser, List<String>> others = Map.of(
                RedisUser.SESSIONS,
                        List.of("HGETALL day", "HSET tick:NSE:INFY a b", "INFO", "GET session:x", "PUBLISH a b"),
                RedisUser.PROJECTION,
                        List.of("HGETALL session:x", "HSET session:x a b", "DEL day", "HGETALL day", "INFO"),
                RedisUser.READER, List.of("HSET day a b", "HGETALL session:x", "DEL day", "INFO"),
                RedisUser.AGENT, List.of("HGETALL day", "HSET day a b", "HGETALL session:x"),
                RedisUser.SENTINEL, List.of("HGETALL session:x", "HSET day a b", "DEL day"),
                RedisUser.REPLICA, List.of("HGETALL session:x", "HSET day a b", "INFO"));
        for (RedisUser user : RedisUser.values()) {
            List<String> forbidden = new ArrayList<>(others.get(user));
            // A Sentinel makes a server a replica, and so may whoever has its password.
            harm.stream()
                    .filter(command -> user != RedisUser.SENTINEL || !command.startsWith("REPLICAOF"))
                    .forEach(forbidden::add);
            assertRefused(user, 6379, forbidden);
            if (user != RedisUser.REPLICA) {
                assertRefused(
                        user,
                        26379,
                        List.of(
                                "SENTINEL FAILOVER holdfast",
                                "SENTINEL REMOVE holdfast",
                                "SENTINEL SET holdfast quorum 1",
                                "SENTINEL MONITOR x 127.0.0.1 1 1",
                                "SENTINEL RESET *",
                                "SHUTDOWN",
                                "ACL LIST"));
            }
        }
    }

    private static void assertRefused(RedisUser user, int port, List<String> commands) {
        try (Jedis redis = new Jedis("127.0.34.2", port)) {
            redis.auth(user.userName(), region.secrets().read(user.secret()));
            for (String command : commands) {
                String[] words = command.split(" ", -1);
                assertThatThrownBy(() -> redis.sendCommand(
                                () -> words[0].getBytes(StandardCharsets.UTF_8),
                                Arrays.copyOfRange(words, 1, words.length)))
                        .as(user + " at port " + port + ": " + command)
                        .isInstanceOf(JedisAccessControlException.class)
                        .hasMessageContaining("NOPERM");
            }
        }
    }

    private static boolean sees(String sentinel, String text) {
        return region.server("sentinel", sentinel).probe().detail().contains(text);
    }
}
