package dev.holdfast.agent.redis;

import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.RedisUser;
import dev.holdfast.runtime.Secrets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The lines of the servers' and of the Sentinels' settings that say who may do what (Redis, "ACL"). They are written anew before
 * each start, so that an older home has today's. Nobody may configure a running server, empty it, or read another's keys.
 */
final class RedisRules {

    private static final List<String> SERVER_LINES = List.of("user ", "masteruser ", "masterauth ");
    private static final List<String> SENTINEL_LINES = List.of(
            "user ",
            "sentinel sentinel-user ",
            "sentinel sentinel-pass ",
            "sentinel auth-user ",
            "sentinel auth-pass ");

    private RedisRules() {}

    /** Settings of a server with these rules in place of those that are there. */
    static String ofServer(Collection<String> settings, Secrets secrets) {
        return without(settings, SERVER_LINES)
                + lines(
                        "user default off",
                        user(
                                RedisUser.SESSIONS,
                                secrets,
                                "~session:* +ping +client|setname +multi +exec +discard +del +hset +pexpire +hgetall"),
                        user(RedisUser.PROJECTION, secrets, "~tick:* ~day +ping +client|setname +hset"),
                        user(
                                RedisUser.READER,
                                secrets,
                                "~tick:* ~day +ping +client|setname +hget +hmget +hgetall +exists"),
                        user(RedisUser.AGENT, secrets, "+ping +client|setname +info"),
                        // As Redis' documentation of Sentinel has it.
                        user(
                                RedisUser.SENTINEL,
                                secrets,
                                "allchannels +multi +slaveof +ping +exec +subscribe +config|rewrite +role +publish +info"
                                        + " +client|setname +client|kill +script|kill"),
                        user(RedisUser.REPLICA, secrets, "+psync +replconf +ping"),
                        "masteruser " + RedisUser.REPLICA.userName(),
                        "masterauth " + secrets.read(RedisUser.REPLICA.secret()));
    }

    /** Settings of a Sentinel with these rules in place of those that are there. */
    static String ofSentinel(Collection<String> settings, Secrets secrets) {
        String client = "+ping +client|setname +sentinel|get-master-addr-by-name &+switch-master +subscribe";
        String sentinel = RedisUser.SENTINEL.userName();
        String password = secrets.read(RedisUser.SENTINEL.secret());
        return without(settings, SENTINEL_LINES)
                + lines(
                        "user default off",
                        user(RedisUser.SESSIONS, secrets, client),
                        user(RedisUser.PROJECTION, secrets, client),
                        user(RedisUser.READER, secrets, client),
                        user(
                                RedisUser.AGENT,
                                secrets,
                                "+ping +client|setname +sentinel|get-master-addr-by-name +sentinel|master"),
                        user(
                                RedisUser.SENTINEL,
                                secrets,
                                "allchannels +ping +client|setname +subscribe +publish +info"
                                        + " +sentinel|is-master-down-by-addr"),
                        "sentinel sentinel-user " + sentinel,
                        "sentinel sentinel-pass " + password,
                        "sentinel auth-user " + Configuration.REDIS_MASTER + " " + sentinel,
                        "sentinel auth-pass " + Configuration.REDIS_MASTER + " " + password);
    }

    private static String user(RedisUser user, Secrets secrets, String rights) {
        return "user " + user.userName() + " on >" + secrets.read(user.secret()) + " resetchannels -@all " + rights;
    }

    private static String without(Collection<String> settings, List<String> beginnings) {
        return lines(settings.stream()
                .filter(line -> beginnings.stream().noneMatch(line::startsWith))
                .toArray(String[]::new));
    }

    private static String lines(String... lines) {
        return String.join("", Stream.of(lines).map(line -> line + "\n").toList());
    }
}
