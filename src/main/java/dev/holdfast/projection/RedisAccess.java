package dev.holdfast.projection;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.RedisUser;
import dev.holdfast.runtime.Secrets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Redis through its Sentinels, whichever host is the master. The client is made at the first use and again after it could
 * not be made: it cannot be made while no Sentinel answers. Thread-safe.
 */
final class RedisAccess implements AutoCloseable {

    private static final int ANSWER_MILLIS = 1_000;
    private static final int MOST_CONNECTIONS = 4;
    private static final long RECONNECT_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Configuration configuration;
    private final Secrets secrets;
    private final RedisUser user;
    private final AtomicReference<@Nullable RedisSentinelClient> client = new AtomicReference<>();
    private long triedNanos = System.nanoTime() - RECONNECT_PAUSE_NANOS;
    private boolean closed;

    RedisAccess(Configuration configuration, Secrets secrets, RedisUser user) {
        this.configuration = configuration;
        this.secrets = secrets;
        this.user = user;
    }

    /** @throws RedisAway if no master answers in time; whether a write was done is then unknown */
    <T> T use(Function<RedisSentinelClient, T> work) {
        try {
            return work.apply(client());
        } catch (JedisException failure) {
            throw new RedisAway(failure);
        }
    }

    private RedisSentinelClient client() {
        RedisSentinelClient known = client.get();
        return known != null ? known : connect();
    }

    private synchronized RedisSentinelClient connect() {
        RedisSentinelClient known = client.get();
        if (known != null) {
            return known;
        }
        if (closed || System.nanoTime() - triedNanos < RECONNECT_PAUSE_NANOS) {
            throw new JedisException(closed ? "closed" : "no Sentinel answered a moment ago");
        }
        triedNanos = System.nanoTime();
        GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(MOST_CONNECTIONS);
        pool.setMaxWait(Duration.ofMillis(ANSWER_MILLIS));
        pool.setJmxEnabled(false);
        RedisSentinelClient made = RedisSentinelClient.builder()
                .masterName(Configuration.REDIS_MASTER)
                .sentinels(configuration.hostsWith(Configuration.Role.SENTINEL).stream()
                        .map(host -> new HostAndPort(host.address(), Configuration.SENTINEL_PORT))
                        .collect(Collectors.toSet()))
                .clientConfig(login())
                .sentinelClientConfig(login())
                .poolConfig(pool)
                .build();
        client.set(made);
        return made;
    }

    private JedisClientConfig login() {
        return DefaultJedisClientConfig.builder()
                .user(user.userName())
                .password(secrets.read(user.secret()))
                .timeoutMillis(ANSWER_MILLIS)
                .clientName("holdfast")
                .autoNegotiateProtocol(false) // the Sentinel client cannot, and would warn at each connection
                .build();
    }

    @Override
    public synchronized void close() {
        closed = true;
        RedisSentinelClient known = client.getAndSet(null);
        if (known != null) {
            known.close();
        }
    }

    /** Redis cannot be used now. */
    static final class RedisAway extends RuntimeException {
        RedisAway(JedisException cause) {
            super("Redis does not answer: " + cause.getMessage(), cause);
        }
    }
}
