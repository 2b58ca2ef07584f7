package dev.holdfast.projection;

import dev.holdfast.projection.RedisAccess.RedisAway;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.RedisUser;
import dev.holdfast.runtime.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.Transaction;

/**
 * Sessions of people, in Redis, so that each dashboard knows them. Each call ends within a few seconds. A session may be lost
 * with a master that dies before its replicas have it; then its owner logs in again. Thread-safe.
 */
public final class Sessions implements AutoCloseable {

    private final RedisAccess redis;

    public Sessions(Configuration configuration, Secrets secrets) {
        this.redis = new RedisAccess(configuration, secrets, RedisUser.SESSIONS);
    }

    /**
     * Keeps a session until its time to live ends; replaces one of the same id.
     *
     * @param id as the browser holds it; Redis only gets its hash, so whoever reads Redis cannot log in with it
     * @param fields at least one
     * @throws Unavailable if Redis does not answer
     */
    public void put(String id, Map<String, String> fields, Duration timeToLive) {
        String key = key(id);
        use(client -> {
            // One transaction: a session without its end of life would never be forgotten.
            try (Transaction transaction = (Transaction) client.multi()) {
                transaction.del(key);
                transaction.hset(key, fields);
                transaction.pexpire(key, timeToLive.toMillis());
                transaction.exec();
            }
            return true;
        });
    }

    /** @throws Unavailable if Redis does not answer */
    public Optional<Map<String, String>> find(String id) {
        Map<String, String> fields = use(client -> client.hgetAll(key(id)));
        return fields.isEmpty() ? Optional.empty() : Optional.of(Map.copyOf(fields));
    }

    /** @throws Unavailable if Redis does not answer; the session may then live on */
    public void delete(String id) {
        use(client -> client.del(key(id)));
    }

    /** @throws Unavailable if Redis does not answer */
    public void ping() {
        use(RedisSentinelClient::ping);
    }

    @Override
    public void close() {
        redis.close();
    }

    private <T> T use(Function<RedisSentinelClient, T> work) {
        try {
            return redis.use(work);
        } catch (RedisAway away) {
            throw new Unavailable(away);
        }
    }

    private static String key(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return "session:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** Sessions cannot be read or written now; nothing is known about any of them. */
    public static final class Unavailable extends RuntimeException {
        Unavailable(RuntimeException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
