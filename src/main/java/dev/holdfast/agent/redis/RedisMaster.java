package dev.holdfast.agent.redis;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/** Which address the Sentinels call master now. */
final class RedisMaster {

    private static final Logger LOGGER = LoggerFactory.getLogger(RedisMaster.class);
    private static final int ANSWER_MILLIS = 500;

    private final Configuration configuration;
    private final RedisConnection sentinels;

    RedisMaster(Configuration configuration, Secrets secrets) {
        this.configuration = configuration;
        this.sentinels = new RedisConnection(secrets, ANSWER_MILLIS);
    }

    /** The first host with the role is the master before any fail-over. */
    String initial() {
        return configuration.hostsWith(Configuration.Role.REDIS).getFirst().address();
    }

    /** What the first Sentinel that answers says; empty when none does. */
    Optional<String> now() {
        List<String> silent = new ArrayList<>();
        for (Configuration.Host host : configuration.hostsWith(Configuration.Role.SENTINEL)) {
            try {
                List<String> master = sentinels.ask(
                        host.address(),
                        Configuration.SENTINEL_PORT,
                        sentinel -> sentinel.sentinelGetMasterAddrByName(Configuration.REDIS_MASTER));
                if (master != null) {
                    return Optional.of(master.getFirst());
                }
            } catch (JedisException noAnswer) {
                silent.add(host.name());
            }
        }
        LOGGER.info("no Sentinel answers yet hosts={}", silent);
        return Optional.empty();
    }
}
