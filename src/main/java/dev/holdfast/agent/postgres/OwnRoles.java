package dev.holdfast.agent.postgres;

import dev.holdfast.runtime.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles and the database that the system logs in with. SQL can shut each out: no log-in, another password, no connections. On the
 * primary they are put right; the passwords are those of the home's secrets.
 */
final class OwnRoles {

    private static final Logger LOGGER = LoggerFactory.getLogger(OwnRoles.class);

    /** Each with its secret; the keeper has none. */
    private static final Map<String, String> SECRETS = Map.of(
            PostgresSettings.SUPERUSER,
            "postgres-superuser",
            "replicator",
            "postgres-replication",
            "recorder",
            "postgres-recorder",
            "reader",
            "postgres-reader");

    private static final String ROLES = """
            SELECT wanted.name, r.rolname IS NOT NULL,
                   r.rolcanlogin AND r.rolconnlimit < 0 AND coalesce(r.rolvaliduntil = 'infinity', true)
                       AND (r.rolsuper OR NOT wanted.superuser) AND (r.rolreplication OR wanted.name <> 'replicator'),
                   wanted.superuser, coalesce(r.rolpassword, '')
            FROM (VALUES ('%s', true), ('%s', true), ('replicator', false), ('recorder', false), ('reader', false))
                     AS wanted (name, superuser)
            LEFT JOIN pg_authid AS r ON r.rolname = wanted.name
            """.formatted(PostgresSettings.KEEPER, PostgresSettings.SUPERUSER);

    private static final String SHUT_DATABASES = """
            SELECT format('ALTER DATABASE %%I WITH ALLOW_CONNECTIONS true CONNECTION LIMIT -1', datname)
            FROM pg_database WHERE datname = '%s' AND (NOT datallowconn OR datconnlimit >= 0)
            """.formatted(PostgresServer.DATABASE);

    private final Secrets secrets;

    /** Password verifiers that are known to fit, by role. Comparing one with a password costs thousands of hashes. */
    private final Map<String, String> knownVerifiers = new HashMap<>();

    OwnRoles(Secrets secrets) {
        this.secrets = secrets;
    }

    /** @return what was wrong and is right again, for a person */
    List<String> putRight(Connection connection) throws SQLException {
        List<String> changed = new ArrayList<>();
        List<String> statements = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet role = statement.executeQuery(ROLES)) {
            while (role.next()) {
                String name = role.getString(1);
                boolean there = role.getBoolean(2);
                boolean password = passwordFits(name, role.getString(5));
                if (!there || !role.getBoolean(3) || !password) {
                    statements.add((there ? "ALTER" : "CREATE") + " ROLE " + name + attributes(name, role.getBoolean(4))
                            + (password ? "" : passwordClause(name)));
                    changed.add("role " + name
                            + (there
                                    ? password ? " could not log in as it should" : " had another password"
                                    : " was missing"));
                }
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet shut = statement.executeQuery(SHUT_DATABASES)) {
            while (shut.next()) {
                statements.add(shut.getString(1));
                changed.add("database " + PostgresServer.DATABASE + " took no connections");
            }
        }
        for (String each : statements) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(each);
            }
        }
        changed.forEach(each -> LOGGER.error("{}; it is put right", each));
        return changed;
    }

    private static String attributes(String name, boolean superuser) {
        return " WITH LOGIN CONNECTION LIMIT -1 VALID UNTIL 'infinity'" + (superuser ? " SUPERUSER" : "")
                + (name.equals("replicator") ? " REPLICATION" : "");
    }

    private String passwordClause(String role) {
        String secret = SECRETS.get(role);
        return secret == null ? "" : " PASSWORD '" + secrets.read(secret).replace("'", "''") + "'";
    }

    private boolean passwordFits(String role, String verifier) {
        String secret = SECRETS.get(role);
        if (secret == null || verifier.equals(knownVerifiers.get(role))) {
            return true;
        }
        boolean fits = fits(verifier, secrets.read(secret));
        if (fits) {
            knownVerifiers.put(role, verifier);
        }
        return fits;
    }

    /** @param verifier as PostgreSQL keeps it: {@code SCRAM-SHA-256$iterations:salt$storedKey:serverKey} (RFC 5803) */
    static boolean fits(String verifier, String password) {
        String[] parts = verifier.split("[$:]", -1);
        if (parts.length != 5 || !parts[0].equals("SCRAM-SHA-256")) {
            return false;
        }
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(
                            password.toCharArray(),
                            Base64.getDecoder().decode(parts[2]),
                            Integer.parseInt(parts[1]),
                            256))
                    .getEncoded();
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(salted, "HmacSHA256"));
            byte[] storedKey = MessageDigest.getInstance("SHA-256")
                    .digest(mac.doFinal("Client Key".getBytes(StandardCharsets.US_ASCII)));
            return MessageDigest.isEqual(storedKey, Base64.getDecoder().decode(parts[3]));
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            return false;
        }
    }
}
