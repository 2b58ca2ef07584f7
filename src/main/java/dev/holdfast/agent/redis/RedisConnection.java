package dev.holdfast.agent.redis;

import dev.holdfast.runtime.RedisUser;
import dev.holdfast.runtime.Secrets;
import java.io.IOException;
import java.util.function.Function;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Asks one Redis server or Sentinel something, over a connection of its own. */
final class RedisConnection {

    private final Secrets secrets;
    private final int limitMillis;

    RedisConnection(Secrets secrets, int limitMillis) {
        this.secrets = secrets;
        this.limitMillis = limitMillis;
    }

    /** @throws IOException if there is no reply to a PING within the limit; an error is a reply */
    void ping(String address, int port) throws IOException {
        try {
            var _ = ask(address, port, Jedis::ping);
        } catch (JedisDataException refused) {
            // An error is an answer too: the server lives.
            return;
        } catch (JedisException silent) {
            throw new IOException(silent.getMessage(), silent);
        }
    }

    /** @throws redis.clients.jedis.exceptions.JedisException if it does not answer in time */
    <T> T ask(String address, int port, Function<Jedis, T> question) {
        DefaultJedisClientConfig login = DefaultJedisClientConfig.builder()
                .user(RedisUser.AGENT.userName())
                .password(secrets.read(RedisUser.AGENT.secret()))
                .timeoutMillis(limitMillis)
                .clientName("holdfast-agent")
                .autoNegotiateProtocol(false) // a plain client cannot, and would warn at each connection
                .build();
        try (Jedis connection = new Jedis(new HostAndPort(address, port), login)) {
            return question.apply(connection);
        }
    }
}
