package dev.holdfast.cluster;

import io.aeron.security.Authenticator;
import io.aeron.security.CredentialsSupplier;
import io.aeron.security.SessionProxy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that a client knows a key without sending it: the member sends a random challenge, the client answers with its
 * HMAC-SHA256. Used by one thread, the consensus module's or the archive's.
 */
class ClusterAuthentication implements Authenticator {

    private static final int CHALLENGE_LENGTH = 32;

    /** Sessions being authenticated at once; beyond it the oldest is forgotten and thereby refused. */
    private static final int MAX_PENDING = 256;

    private static final byte[] NO_PRINCIPAL = new byte[0];

    private final List<Known> known;
    private final Refusals refusals;
    private final Refusals.Kind kind;
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

    /** @param kind as which refused clients are counted */
    ClusterAuthentication(List<Known> known, Refusals refusals, Refusals.Kind kind) {
        this.known = known;
        this.refusals = refusals;
        this.kind = kind;
    }

    /** A key that clients may prove to have, and the principal that such a client gets. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Known(byte[] key, byte[] principal) {}

    /** For clients that send commands. */
    static ClusterAuthentication ofCommands(String clusterSecret, Refusals refusals) {
        return new ClusterAuthentication(
                List.of(new Known(clusterSecret.getBytes(StandardCharsets.UTF_8), NO_PRINCIPAL)),
                refusals,
                Refusals.Kind.COMMANDS);
    }

    /** A key of its own for another use of the secret: an answer to a challenge of the one is of no worth for the other. */
    static byte[] key(String secret, String use) {
        return answer(secret.getBytes(StandardCharsets.UTF_8), use.getBytes(StandardCharsets.UTF_8));
    }

    /** The side of a client that sends commands. */
    static CredentialsSupplier credentials(String clusterSecret) {
        return credentials(clusterSecret.getBytes(StandardCharsets.UTF_8));
    }

    static CredentialsSupplier credentials(byte[] key) {
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
        for (Known each : known) {
            if (challenge != null && MessageDigest.isEqual(answer(each.key, challenge), given)) {
                if (session.authenticate(each.principal)) {
                    forget(session.sessionId());
                }
                return;
            }
        }
        refusals.count(kind);
        forget(session.sessionId());
        session.reject();
    }

    private void forget(long sessionId) {
        challenges.remove(sessionId);
        answers.remove(sessionId);
    }

    private static byte[] answer(byte[] key, byte[] challenge) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(challenge);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has HmacSHA256", missing);
        }
    }
}
