package dev.holdfast.dashboard;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.holdfast.runtime.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The people who may log in: the secret {@code users.json}, passwords as argon2id. Read anew at each login. Thread-safe. */
public final class Users {

    private static final String SECRET = "users.json";
    private static final String FIRST_OPERATOR = "operator";
    private static final int MAX_PASSWORD_LENGTH = 200;

    /** 19 MiB, two passes, one lane: the least that OWASP recommends for argon2id. */
    private static final Argon2Function ARGON2ID = Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);

    /** Each check takes 19 MiB and a core: more at once would let strangers stop the page. */
    private static final Semaphore CHECKS = new Semaphore(2);

    private static final long CHECK_WAIT_MILLIS = 3_000;

    /** No letters or digits that look alike. */
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int PASSWORD_GROUPS = 4;
    private static final int GROUP_LENGTH = 5;
    private static final int SALT_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final JsonMapper JSON = new JsonMapper();

    /** What an unknown name is checked against, so that it takes as long as a known one. */
    private static final String NOBODY_HASH = hash("nobody");

    private final Secrets secrets;

    public Users(Secrets secrets) {
        this.secrets = secrets;
    }

    /** The first operator's name, and the password that is shown once and kept nowhere. */
    public record FirstOperator(String name, String password) {}

    record User(String name, Role role, String passwordHash) {
        User {
            if (name.isBlank() || role == Role.ANYONE || !passwordHash.startsWith("$argon2id$")) {
                throw new IllegalArgumentException(
                        "user '" + name + "' needs a name, the role VIEWER or OPERATOR, and an argon2id hash");
            }
        }
    }

    /** Makes the first operator with a random password; empty when there are users already. */
    public synchronized Optional<FirstOperator> createFirstOperator() {
        if (secrets.exists(SECRET)) {
            return Optional.empty();
        }
        FirstOperator first = new FirstOperator(FIRST_OPERATOR, randomPassword());
        put(first.name(), Role.OPERATOR, first.password());
        return Optional.of(first);
    }

    /** Adds a user, or replaces role and password of the one with this name. */
    public synchronized void put(String name, Role role, String password) {
        if (password.length() < 12 || password.length() > MAX_PASSWORD_LENGTH) {
            throw new IllegalArgumentException(
                    "password has " + password.length() + " characters, expected 12 to " + MAX_PASSWORD_LENGTH);
        }
        List<User> users = new ArrayList<>(read());
        users.removeIf(user -> user.name().equals(name));
        users.add(new User(name, role, hash(password)));
        secrets.write(SECRET, JSON.writeValueAsString(users));
    }

    /** The user, if name and password fit. Bounded: too many checks at once are refused as if they did not fit. */
    Optional<User> verify(String name, String password) throws InterruptedException {
        if (password.length() > MAX_PASSWORD_LENGTH || !CHECKS.tryAcquire(CHECK_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
            return Optional.empty();
        }
        try {
            Optional<User> user =
                    read().stream().filter(known -> known.name().equals(name)).findFirst();
            String hash = user.map(User::passwordHash).orElse(NOBODY_HASH);
            boolean fits = Argon2Function.getInstanceFromHash(hash).check(password, hash);
            return fits ? user : Optional.empty();
        } finally {
            CHECKS.release();
        }
    }

    private List<User> read() {
        if (!secrets.exists(SECRET)) {
            return List.of();
        }
        try {
            return Arrays.asList(JSON.readValue(secrets.read(SECRET), User[].class));
        } catch (JacksonException malformed) {
            throw new IllegalStateException(
                    "secret '" + SECRET + "' is not a list of users (" + malformed.getOriginalMessage()
                            + "); restore it, or remove it and run './holdfast up' for a new operator",
                    malformed);
        }
    }

    private static String hash(String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return ARGON2ID.hash(password.getBytes(StandardCharsets.UTF_8), salt).getResult();
    }

    private static String randomPassword() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < PASSWORD_GROUPS * GROUP_LENGTH; i++) {
            if (i > 0 && i % GROUP_LENGTH == 0) {
                password.append('-');
            }
            password.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }
}
