package dev.holdfast.cluster;

import io.aeron.security.Authenticator;
import io.aeron.security.CredentialsSupplier;
import io.aeron.security.SessionProxy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that a client knows the cluster's secret without sending it: the member sends a random challenge, the client answers
 * with its HMAC-SHA256. Used by the consensus module's thread.
 */
final class ClusterAuthentication implements Authenticator {

    private static final Logger LOGGER = LoggerFactory.getLogger(ClusterAuthentication.class);
    private static final int CHALLENGE_LENGTH = 32;

    /** Sessions being authenticated at once; beyond it the oldest is forgotten and thereby refused. */
    private static final int MAX_PENDING = 256;

    private static final byte[] NO_PRINCIPAL = new byte[0];

    private final byte[] secret;
    private final SecureRandom random = new SecureRandom();
    private final Map<Long, byte[]> challenges = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > MAX_PENDING;
        }
    };
    private final Map<Long, byte[]> answers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > MAX_PENDING;
        }
    };

    ClusterAuthentication(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /** The client's side. */
    static CredentialsSupplier credentials(String secret) {
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        return new CredentialsSupplier() {
            @Override
            public byte[] encodedCredentials() {
                return new byte[0];
            }

            @Override
            public byte[] onChallenge(byte[] challenge) {
                return answer(key, challenge);
            }
        };
    }

    @Override
    public void onConnectRequest(long sessionId, byte[] encodedCredentials, long nowMillis) {
        byte[] challenge = new byte[CHALLENGE_LENGTH];
        random.nextBytes(challenge);
        challenges.put(sessionId, challenge);
    }

    @Override
    public void onConnectedSession(SessionProxy session, long nowMillis) {
        byte[] challenge = challenges.get(session.sessionId());
        if (challenge == null) {
            session.reject();
        } else {
            session.challenge(challenge); // false under back-pressure: this is called again
        }
    }

    @Override
    public void onChallengeResponse(long sessionId, byte[] encodedCredentials, long nowMillis) {
        answers.put(sessionId, encodedCredentials);
    }

    @Override
    public void onChallengedSession(SessionProxy session, long nowMillis) {
        byte[] given = answers.get(session.sessionId());
        if (given == null) {
            return; // not answered yet; the consensus module bounds the wait
        }
        byte[] challenge = challenges.get(session.sessionId());
        if (challenge == null || !MessageDigest.isEqual(answer(secret, challenge), given)) {
            LOGGER.warn("client refused session={} reason=wrong-secret", session.sessionId());
            forget(session.sessionId());
            session.reject();
        } else if (session.authenticate(NO_PRINCIPAL)) {
            forget(session.sessionId());
        }
    }

    private void forget(long sessionId) {
        challenges.remove(sessionId);
        answers.remove(sessionId);
    }

    private static byte[] answer(byte[] secret, byte[] challenge) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(challenge);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has HmacSHA256", missing);
        }
    }
}
