package dev.holdfast.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Who may log in at Redis and at its Sentinels: each with a password of its own, and no more rights than its work needs. */
public enum RedisUser {
    /** A dashboard, for the sessions of people. */
    SESSIONS,

    /** A gateway, which writes the last ticks and the day. */
    PROJECTION,

    /** A program of the operator's that reads those. */
    READER,

    /** An agent, which asks how a server is. */
    AGENT,

    /** A Sentinel at the servers and at the others. */
    SENTINEL,

    /** A replica at its master. */
    REPLICA;

    public static List<String> secrets() {
        return Arrays.stream(values()).map(RedisUser::secret).toList();
    }

    public String userName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name of the secret that is its password. */
    public String secret() {
        return "redis-" + userName();
    }
}
