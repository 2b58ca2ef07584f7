package dev.holdfast.runtime;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets that several hosts share through a copied file: sealed with AES-256-GCM under the secret {@code seal-key}, and bound
 * to their name, so that one cannot be put in another's place.
 */
public final class SealedSecrets {

    private static final String KEY_SECRET = "seal-key";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Secrets secrets;

    public SealedSecrets(Secrets secrets) {
        this.secrets = secrets;
    }

    /**
     * The plain text; empty when there is none yet.
     *
     * @throws BrokenSeal if it was not sealed with our key under this name
     */
    public Optional<String> read(String name) {
        if (!secrets.exists(name)) {
            return Optional.empty();
        }
        try {
            ByteBuffer sealed = ByteBuffer.wrap(Base64.getDecoder().decode(secrets.read(name)));
            byte[] nonce = new byte[NONCE_BYTES];
            sealed.get(nonce);
            byte[] body = new byte[sealed.remaining()];
            sealed.get(body);
            return Optional.of(
                    new String(cipher(Cipher.DECRYPT_MODE, name, nonce).doFinal(body), StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException | java.nio.BufferUnderflowException broken) {
            throw new BrokenSeal("secret '" + name + "' does not open with the secret '" + KEY_SECRET + "' ("
                    + broken.getClass().getSimpleName() + "); both must come from the same home, or seal it anew");
        }
    }

    /** Seals and replaces the secret. */
    public void write(String name, String plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] body = cipher(Cipher.ENCRYPT_MODE, name, nonce).doFinal(plain.getBytes(StandardCharsets.UTF_8));
            ByteBuffer sealed = ByteBuffer.allocate(nonce.length + body.length);
            sealed.put(nonce).put(body);
            secrets.write(name, Base64.getEncoder().encodeToString(sealed.array()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK lacks AES-GCM or SHA-256", impossible);
        }
    }

    private Cipher cipher(int mode, String name, byte[] nonce) throws GeneralSecurityException {
        byte[] key = MessageDigest.getInstance("SHA-256")
                .digest(("holdfast seal " + secrets.read(KEY_SECRET)).getBytes(StandardCharsets.UTF_8));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** A sealed secret that our key does not open. */
    public static final class BrokenSeal extends RuntimeException {
        public BrokenSeal(String message) {
            super(message);
        }
    }
}
