package dev.holdfast.agent.redis;

import dev.holdfast.runtime.RedisUser;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Asks one Redis server or Sentinel something, over a connection of its own. */
final class RedisConnection {

    /** Kept from one PING to the next, which come each second; guarded by this. */
    private @Nullable Jedis pinged;

    private final Secrets secrets;
    private final int limitMillis;

    RedisConnection(Secrets secrets, int limitMillis) {
        this.secrets = secrets;
        this.limitMillis = limitMillis;
    }

    /** @throws IOException if there is no reply to a PING within the limit; an error is a reply */
    synchronized void ping(String address, int port) throws IOException {
        Jedis kept = pinged;
        pinged = null;
        try {
            Jedis connection = kept == null || kept.isBroken() ? connect(address, port) : kept;
            pinged = connection;
            var _ = connection.ping();
        } catch (JedisDataException refused) {
            // An error is an answer too: the server lives.
            return;
        } catch (JedisException silent) {
            forget();
            throw new IOException(silent.getMessage(), silent);
        }
    }

    private void forget() {
        Jedis broken = pinged;
        pinged = null;
        if (broken != null) {
            broken.close();
        }
    }

    /** @throws redis.clients.jedis.exceptions.JedisException if it does not answer in time */
    <T> T ask(String address, int port, Function<Jedis, T> question) {
        try (Jedis connection = connect(address, port)) {
            return question.apply(connection);
        }
    }

    private Jedis connect(String address, int port) {
        DefaultJedisClientConfig login = DefaultJedisClientConfig.builder()
                .user(RedisUser.AGENT.userName())
                .password(secrets.read(RedisUser.AGENT.secret()))
                .timeoutMillis(limitMillis)
                .clientName("holdfast-agent")
                .autoNegotiateProtocol(false) // a plain client cannot, and would warn at each connection
                .build();
        return new Jedis(new HostAndPort(address, port), login);
    }
}
