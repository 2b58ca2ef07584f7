package dev.holdfast.dashboard;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.holdfast.runtime.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The people who may log in: the secret {@code users.json}, passwords as argon2id. The file is the truth for every process:
 * each question looks whether it changed. Thread-safe; two processes that write at once must take turns.
 */
public final class Users {

    /** Pattern of a user's name. Names stand in log files, in the event log and on the page. */
    public static final String NAME = "[a-z0-9][a-z0-9._-]{0,39}";

    private static final String SECRET = "users.json";

    /** The first operator's password, kept until somebody has logged in: the command that made it may die before it tells. */
    private static final String FIRST_PASSWORD = "first-password";

    private static final String FIRST_OPERATOR = "operator";
    private static final int MIN_PASSWORD_LENGTH = 12;
    private static final int MAX_PASSWORD_LENGTH = 200;

    /** 19 MiB, two passes, one lane: the least that OWASP recommends for argon2id. */
    private static final Argon2Function ARGON2ID = Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);

    /** No letters or digits that look alike. */
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int PASSWORD_GROUPS = 4;
    private static final int GROUP_LENGTH = 5;
    private static final int SALT_BYTES = 16;
    private static final int STAMP_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final JsonMapper JSON = new JsonMapper();

    /** What an unknown name is checked against, so that it takes as long as a known one. */
    private static final String NOBODY_HASH = hash("nobody");

    private final Secrets secrets;
    private Read latest = new Read("nothing was read yet", List.of());

    /** @param version of the file that these users were read from */
    private record Read(Object version, List<User> users) {}

    /** As it stands in the file; an older release wrote neither stamp nor disabled. */
    private record Stored(
            String name,
            Role role,
            String passwordHash,
            @Nullable String stamp,
            @Nullable Boolean disabled) {}

    public Users(Secrets secrets) {
        this.secrets = secrets;
    }

    /** The first operator's name and password. */
    public record FirstOperator(String name, String password) {}

    /** A user as lists show it, without the password's hash. */
    public record Known(String name, Role role, boolean disabled) {}

    /** @param stamp another one after each change: a session is good for the stamp that it began under */
    record User(String name, Role role, String passwordHash, String stamp, boolean disabled) {
        User {
            if (name.isBlank() || role == Role.ANYONE || !passwordHash.startsWith("$argon2id$")) {
                throw new IllegalArgumentException(
                        "user '" + name + "' needs a name, the role VIEWER or OPERATOR, and an argon2id hash");
            }
        }

        private User changed(Role newRole, String newHash, boolean nowDisabled) {
            return new User(name, newRole, newHash, randomStamp(), nowDisabled);
        }
    }

    /**
     * The first operator with a random password, made if there are no users; empty once somebody has logged in. Asked again
     * the answer is the same, also after a death in the middle.
     */
    public synchronized Optional<FirstOperator> firstOperator() {
        if (!secrets.exists(SECRET)) {
            if (!secrets.exists(FIRST_PASSWORD)) {
                secrets.write(FIRST_PASSWORD, randomPassword());
            }
            add(FIRST_OPERATOR, Role.OPERATOR, secrets.read(FIRST_PASSWORD));
        }
        return secrets.exists(FIRST_PASSWORD)
                ? Optional.of(new FirstOperator(FIRST_OPERATOR, secrets.read(FIRST_PASSWORD)))
                : Optional.empty();
    }

    /** Removes the first operator's password once somebody has logged in. */
    void somebodyLoggedIn() {
        if (secrets.exists(FIRST_PASSWORD)) {
            secrets.delete(FIRST_PASSWORD);
        }
    }

    /** All users, in the order of their names. */
    public List<Known> list() {
        return read().stream()
                .map(user -> new Known(user.name(), user.role(), user.disabled()))
                .sorted(Comparator.comparing(Known::name))
                .toList();
    }

    /** @throws IllegalArgumentException if the name is taken or impossible, or the password too short */
    public synchronized void add(String name, Role role, String password) {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name for a user; expected 1 to 40 of a-z, 0-9, dot, dash and underscore,"
                            + " beginning with a letter or a digit");
        }
        if (find(name).isPresent()) {
            throw new IllegalArgumentException("there is a user '" + name + "' already");
        }
        User user = new User(name, role, hashOfNew(password), randomStamp(), false);
        write(Stream.concat(read().stream(), Stream.of(user)).toList());
    }

    /** Changes a user's role, which ends the user's sessions, as each change does. */
    public void setRole(String name, Role role) {
        change(name, user -> user.changed(role, user.passwordHash(), user.disabled()));
    }

    public void setPassword(String name, String password) {
        String hash = hashOfNew(password);
        change(name, user -> user.changed(user.role(), hash, user.disabled()));
        if (name.equals(FIRST_OPERATOR)) {
            secrets.delete(FIRST_PASSWORD); // it is this user's no longer
        }
    }

    /** A disabled user keeps name and role and cannot log in. */
    public void setDisabled(String name, boolean disabled) {
        change(name, user -> user.changed(user.role(), user.passwordHash(), disabled));
    }

    private synchronized void change(String name, UnaryOperator<User> change) {
        if (find(name).isEmpty()) {
            throw new IllegalArgumentException("there is no user '" + name + "'; there are "
                    + list().stream().map(Known::name).toList());
        }
        write(read().stream()
                .map(user -> user.name().equals(name) ? change.apply(user) : user)
                .toList());
    }

    /** The user, if name and password fit and the user is not disabled. Takes a core and 19 MiB for a while. */
    Optional<User> verify(String name, String password) {
        if (password.length() > MAX_PASSWORD_LENGTH) {
            return Optional.empty();
        }
        Optional<User> user = find(name);
        String hash = user.map(User::passwordHash).orElse(NOBODY_HASH);
        boolean fits = Argon2Function.getInstanceFromHash(hash).check(password, hash);
        return fits ? user.filter(known -> !known.disabled()) : Optional.empty();
    }

    /** Whether the user is as when a session began under this stamp. */
    boolean unchanged(String name, String stamp) {
        return find(name)
                .filter(user -> !user.disabled() && user.stamp().equals(stamp))
                .isPresent();
    }

    boolean knows(String name) {
        return find(name).isPresent();
    }

    private Optional<User> find(String name) {
        return read().stream().filter(user -> user.name().equals(name)).findFirst();
    }

    /** One look at the file's attributes where it did not change. */
    private synchronized List<User> read() {
        Object version = secrets.version(SECRET);
        if (!version.equals(latest.version())) {
            latest = new Read(version, secrets.exists(SECRET) ? parse(secrets.read(SECRET)) : List.of());
        }
        return latest.users();
    }

    private static List<User> parse(String text) {
        try {
            return Arrays.stream(JSON.readValue(text, Stored[].class))
                    .map(stored -> new User(
                            stored.name(),
                            stored.role(),
                            stored.passwordHash(),
                            stored.stamp() == null ? "" : stored.stamp(),
                            Boolean.TRUE.equals(stored.disabled())))
                    .toList();
        } catch (JacksonException malformed) {
            throw new IllegalStateException(
                    "secret '" + SECRET + "' is not a list of users (" + malformed.getOriginalMessage()
                            + "); restore it, or remove it and run './holdfast up' for a new operator",
                    malformed);
        }
    }

    private void write(List<User> users) {
        secrets.write(SECRET, JSON.writeValueAsString(users));
    }

    private static String hashOfNew(String password) {
        if (password.length() < MIN_PASSWORD_LENGTH || password.length() > MAX_PASSWORD_LENGTH) {
            throw new IllegalArgumentException("password has " + password.length() + " characters, expected "
                    + MIN_PASSWORD_LENGTH + " to " + MAX_PASSWORD_LENGTH);
        }
        return hash(password);
    }

    private static String hash(String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return ARGON2ID.hash(password.getBytes(StandardCharsets.UTF_8), salt).getResult();
    }

    private static String randomStamp() {
        byte[] bytes = new byte[STAMP_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Four groups of five letters and digits: 99 bits. */
    public static String randomPassword() {
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
