package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.Secrets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticationTest {

    private static final String PASSWORD = "correct horse battery";
    private static final String ADDRESS = "127.0.36.9";

    @TempDir
    Path home;

    private final FakeSessions store = new FakeSessions();
    private long nowMillis = 1_000_000;
    private Users users;
    private Authentication authentication;

    AuthenticationTest(@TempDir Path early) {
        users = new Users(new Secrets(early));
        authentication = restarted();
    }

    @BeforeEach
    void addUsers() {
        users = new Users(new Secrets(home));
        users.put("asha", Role.OPERATOR, PASSWORD);
        authentication = restarted();
    }

    private Authentication restarted() {
        return new Authentication(users, store, "cookie secret", () -> nowMillis, () -> nowMillis);
    }

    private Authentication.Attempt.Accepted login() throws InterruptedException {
        return (Authentication.Attempt.Accepted) authentication.login("asha", PASSWORD, ADDRESS);
    }

    @Test
    void passwords_are_kept_as_argon2id_in_a_file_of_their_owners() throws Exception {
        Path file = home.resolve("secrets/users.json");

        assertThat(Files.readString(file))
                .contains("$argon2id$v=19$m=19456,t=2,p=1$")
                .doesNotContain(PASSWORD);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(users.verify("asha", PASSWORD)).map(Users.User::role).contains(Role.OPERATOR);
        assertThat(users.verify("asha", PASSWORD + "!")).isEmpty();
        assertThat(users.verify("nobody", PASSWORD)).isEmpty();
    }

    @Test
    void the_first_operator_is_made_once_with_a_password_that_works(@TempDir Path fresh) throws Exception {
        Users none = new Users(new Secrets(fresh));

        Users.FirstOperator first = none.createFirstOperator().orElseThrow();

        assertThat(none.verify(first.name(), first.password()))
                .map(Users.User::role)
                .contains(Role.OPERATOR);
        assertThat(none.createFirstOperator()).isEmpty();
    }

    @Test
    void a_short_password_is_refused() {
        assertThatThrownBy(() -> users.put("bo", Role.VIEWER, "short"))
                .hasMessage("password has 5 characters, expected 12 to 200");
    }

    @Test
    void a_login_is_known_again_by_its_cookie_until_it_is_logged_out() throws Exception {
        Authentication.Attempt.Accepted accepted = login();

        assertThat(authentication.session(accepted.cookie())).contains(accepted.session());
        authentication.logout(accepted.cookie());
        assertThat(authentication.session(accepted.cookie())).isEmpty();
        assertThat(store.sessions).isEmpty();
    }

    @Test
    void a_session_ends_after_its_life() throws Exception {
        String cookie = login().cookie();

        nowMillis += Authentication.SESSION_LIFE.toMillis() + 1;

        assertThat(authentication.session(cookie)).isEmpty();
    }

    @Test
    void a_forged_cookie_is_refused_without_asking_the_store() throws Exception {
        String id = login().cookie().split("\\.", -1)[0];
        store.down = true;

        assertThat(authentication.session(id + ".forged")).isEmpty();
        assertThat(authentication.session(id)).isEmpty();
        assertThat(authentication.session(null)).isEmpty();
        assertThat(authentication.storeDown()).isFalse();
    }

    @Test
    void another_dashboard_knows_the_session_from_the_store() throws Exception {
        Authentication.Attempt.Accepted accepted = login();

        assertThat(restarted().session(accepted.cookie())).contains(accepted.session());
    }

    @Test
    void a_confirmed_session_goes_on_for_ten_minutes_without_the_store() throws Exception {
        String cookie = login().cookie();

        store.down = true;
        nowMillis += Authentication.TRUSTED_WITHOUT_STORE.toMillis() - 1;
        assertThat(authentication.session(cookie)).isPresent();
        assertThat(authentication.storeDown()).isTrue();

        nowMillis += 2;
        assertThat(authentication.session(cookie)).isEmpty();
    }

    @Test
    void a_login_without_the_store_is_kept_by_this_process_even_when_the_store_returns() throws Exception {
        store.down = true;
        String cookie = login().cookie();
        assertThat(authentication.session(cookie)).isPresent();

        store.down = false;

        assertThat(authentication.session(cookie)).isPresent();
        assertThat(restarted().session(cookie)).isEmpty();
    }

    @Test
    void a_session_that_the_store_has_lost_is_over() throws Exception {
        String cookie = login().cookie();

        store.sessions.clear();

        assertThat(authentication.session(cookie)).isEmpty();
    }

    @Test
    void guessing_is_slowed_down_for_that_user_at_that_address_only() throws Exception {
        for (int attempt = 0; attempt <= FailedLogins.FREE_FAILURES; attempt++) {
            assertThat(authentication.login("asha", "wrong", ADDRESS))
                    .isInstanceOf(Authentication.Attempt.Refused.class);
        }

        assertThat(authentication.login("asha", PASSWORD, ADDRESS))
                .isEqualTo(new Authentication.Attempt.Throttled(FailedLogins.FIRST_WAIT_MILLIS));
        assertThat(authentication.login("asha", PASSWORD, "127.0.36.10"))
                .isInstanceOf(Authentication.Attempt.Accepted.class);

        nowMillis += FailedLogins.FIRST_WAIT_MILLIS;
        assertThat(authentication.login("asha", PASSWORD, ADDRESS)).isInstanceOf(Authentication.Attempt.Accepted.class);
    }

    @Test
    void the_wait_doubles_up_to_a_bound_and_old_pairs_are_forgotten() {
        FailedLogins failures = new FailedLogins(() -> nowMillis);
        for (int attempt = 0; attempt < FailedLogins.FREE_FAILURES + 3; attempt++) {
            failures.failed("asha", ADDRESS);
        }
        assertThat(failures.waitMillis("asha", ADDRESS)).isEqualTo(4 * FailedLogins.FIRST_WAIT_MILLIS);
        for (int attempt = 0; attempt < 100; attempt++) {
            failures.failed("asha", ADDRESS);
        }
        assertThat(failures.waitMillis("asha", ADDRESS)).isEqualTo(FailedLogins.MAX_WAIT_MILLIS);

        for (int other = 0; other < FailedLogins.MAX_PAIRS; other++) {
            failures.failed("user" + other, ADDRESS);
        }
        assertThat(failures.waitMillis("asha", ADDRESS)).isZero();
    }
}
