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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        users.add("asha", Role.OPERATOR, PASSWORD);
        authentication = restarted();
    }

    private Authentication restarted() {
        return new Authentication(users, store, "cookie secret", () -> nowMillis, () -> nowMillis);
    }

    private Authentication.Attempt.Accepted login() throws InterruptedException {
        return (Authentication.Attempt.Accepted) authentication.login("asha", PASSWORD, ADDRESS, null);
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
    void the_first_password_is_told_again_until_somebody_has_logged_in(@TempDir Path fresh) throws Exception {
        users = new Users(new Secrets(fresh));
        Users.FirstOperator first = users.firstOperator().orElseThrow();

        // The command died before it could tell, and the next one asks.
        users = new Users(new Secrets(fresh));
        authentication = restarted();
        assertThat(users.firstOperator()).contains(first);

        assertThat(authentication.login(first.name(), first.password(), ADDRESS, null))
                .isInstanceOf(Authentication.Attempt.Accepted.class);
        assertThat(users.firstOperator()).isEmpty();
        assertThat(fresh.resolve("secrets")).isDirectoryNotContaining("glob:**first-password*");
    }

    @Test
    void a_first_password_that_was_kept_before_its_user_is_that_users(@TempDir Path fresh) {
        Secrets secrets = new Secrets(fresh);
        secrets.write("first-password", "kept-before-the-death");

        Users.FirstOperator first = new Users(secrets).firstOperator().orElseThrow();

        assertThat(first.password()).isEqualTo("kept-before-the-death");
        assertThat(new Users(secrets).verify(first.name(), first.password())).isPresent();
    }

    @Test
    void a_first_password_that_was_changed_is_told_no_more(@TempDir Path fresh) {
        Users none = new Users(new Secrets(fresh));
        none.firstOperator();

        none.setPassword("operator", "another good password");

        assertThat(none.firstOperator()).isEmpty();
    }

    @Test
    void users_of_an_older_release_log_in_and_stay_logged_in() throws Exception {
        Path file = home.resolve("secrets/users.json");
        String hash = Files.readString(file)
                .replaceAll(".*\"passwordHash\":\"([^\"]+)\".*", "$1")
                .strip();
        new Secrets(home)
                .write("users.json", "[{\"name\":\"asha\",\"role\":\"VIEWER\",\"passwordHash\":\"" + hash + "\"}]");

        Authentication.Attempt.Accepted accepted = login();

        assertThat(authentication.session(accepted.cookie())).contains(accepted.session());
        assertThat(accepted.session().role()).isEqualTo(Role.VIEWER);
    }

    enum Change {
        PASSWORD,
        ROLE,
        DISABLED;

        /** As the command line does it: another process, with nothing but the file between them. */
        private void make(Path home) {
            Users others = new Users(new Secrets(home));
            switch (this) {
                case PASSWORD -> others.setPassword("asha", "quite another password");
                case ROLE -> others.setRole("asha", Role.VIEWER);
                case DISABLED -> others.setDisabled("asha", true);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_change_ends_the_users_sessions_on_every_dashboard_with_the_store_up_or_down(Change change) throws Exception {
        users.add("vik", Role.VIEWER, PASSWORD);
        Authentication other = new Authentication(
                new Users(new Secrets(home)), store, "cookie secret", () -> nowMillis, () -> nowMillis);
        String shared = login().cookie();
        assertThat(other.session(shared)).isPresent();
        String viks = ((Authentication.Attempt.Accepted) authentication.login("vik", PASSWORD, ADDRESS, null)).cookie();
        store.down = true;
        String local = login().cookie();

        change.make(home);

        assertThat(authentication.session(local)).isEmpty();
        assertThat(authentication.session(shared)).isEmpty();
        assertThat(other.session(shared)).isEmpty();
        assertThat(authentication.session(viks)).isPresent();
        store.down = false;
        assertThat(authentication.session(local)).isEmpty();
        assertThat(authentication.session(shared)).isEmpty();
        assertThat(other.session(shared)).isEmpty();
        assertThat(other.session(viks)).isPresent();
    }

    @Test
    void a_session_ended_by_a_change_stays_ended_when_the_change_is_taken_back() throws Exception {
        String cookie = login().cookie();

        users.setRole("asha", Role.VIEWER);
        users.setRole("asha", Role.OPERATOR);

        assertThat(authentication.session(cookie)).isEmpty();
    }

    @Test
    void a_disabled_user_cannot_log_in_until_enabled() throws Exception {
        users.setDisabled("asha", true);
        assertThat(authentication.login("asha", PASSWORD, ADDRESS, null))
                .isInstanceOf(Authentication.Attempt.Refused.class);

        users.setDisabled("asha", false);

        assertThat(authentication.login("asha", PASSWORD, ADDRESS, null))
                .isInstanceOf(Authentication.Attempt.Accepted.class);
    }

    @Test
    void names_that_are_taken_unknown_or_impossible_are_refused() {
        assertThatThrownBy(() -> users.add("asha", Role.VIEWER, PASSWORD)).hasMessage("there is a user 'asha' already");
        assertThatThrownBy(() -> users.setRole("bo", Role.VIEWER))
                .hasMessage("there is no user 'bo'; there are [asha]");
        assertThatThrownBy(() -> users.add("Bo Smith", Role.VIEWER, PASSWORD)).hasMessageContaining("is no name");
        assertThat(users.list()).containsExactly(new Users.Known("asha", Role.OPERATOR, false));
    }

    @Test
    void a_short_password_is_refused() {
        assertThatThrownBy(() -> users.add("bo", Role.VIEWER, "short"))
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
            assertThat(authentication.login("asha", "wrong", ADDRESS, null))
                    .isInstanceOf(Authentication.Attempt.Refused.class);
        }

        assertThat(authentication.login("asha", PASSWORD, ADDRESS, null))
                .isEqualTo(new Authentication.Attempt.Throttled(FailedLogins.FIRST_WAIT_MILLIS));
        assertThat(authentication.login("asha", PASSWORD, "127.0.36.10", null))
                .isInstanceOf(Authentication.Attempt.Accepted.class);

        nowMillis += FailedLogins.FIRST_WAIT_MILLIS;
        assertThat(authentication.login("asha", PASSWORD, ADDRESS, null))
                .isInstanceOf(Authentication.Attempt.Accepted.class);
    }

    @Test
    void a_browser_that_logged_in_before_is_not_kept_out_by_who_guesses_at_its_address() throws Exception {
        String browser = login().browser();
        for (int attempt = 0; attempt <= FailedLogins.FREE_FAILURES; attempt++) {
            authentication.login("asha", "wrong", ADDRESS, null);
        }
        assertThat(authentication.login("asha", PASSWORD, ADDRESS, null))
                .isInstanceOf(Authentication.Attempt.Throttled.class);
        assertThat(authentication.login("asha", PASSWORD, ADDRESS, browser + "x"))
                .isInstanceOf(Authentication.Attempt.Throttled.class);

        assertThat(authentication.login("asha", PASSWORD, ADDRESS, browser))
                .isInstanceOf(Authentication.Attempt.Accepted.class);
        users.add("vik", Role.VIEWER, PASSWORD);
        for (int attempt = 0; attempt <= FailedLogins.FREE_FAILURES; attempt++) {
            authentication.login("vik", "wrong", ADDRESS, null);
        }
        assertThat(authentication.login("vik", PASSWORD, ADDRESS, browser))
                .isInstanceOf(Authentication.Attempt.Throttled.class);
    }

    @Test
    void a_browser_of_ours_must_wait_too_when_it_guesses() throws Exception {
        String browser = login().browser();
        for (int attempt = 0; attempt <= FailedLogins.FREE_FAILURES; attempt++) {
            authentication.login("asha", "wrong", ADDRESS, browser);
        }

        assertThat(authentication.login("asha", PASSWORD, ADDRESS, browser))
                .isInstanceOf(Authentication.Attempt.Throttled.class);
    }

    @Test
    void one_name_from_many_addresses_and_many_names_from_one_get_fifteen_checks_a_second() {
        FailedLogins failures = new FailedLogins(() -> nowMillis);
        for (int failure = 0; failure < FailedLogins.BURST; failure++) {
            assertThat(failures.waitMillis("asha", "10.0.0." + failure, false)).isZero();
            failures.failed("asha", "10.0.0." + failure);
            failures.failed("name" + failure, ADDRESS);
        }

        assertThat(failures.waitMillis("asha", "10.0.1.1", false)).isEqualTo(67);
        assertThat(failures.waitMillis("bo", ADDRESS, false)).isEqualTo(67);
        assertThat(failures.waitMillis("bo", "10.0.1.1", false)).isZero();
        assertThat(failures.waitMillis("asha", "browser of asha", true)).isZero();
        nowMillis += 67;
        assertThat(failures.waitMillis("asha", "10.0.1.1", false)).isZero();
    }

    @Test
    void a_dozen_wrong_ones_a_second_never_use_up_what_a_right_one_needs() {
        FailedLogins failures = new FailedLogins(() -> nowMillis);
        for (int failure = 0; failure < 12 * 600; failure++) {
            assertThat(failures.waitMillis("asha", "10.0." + failure / 250 + "." + failure % 250, false))
                    .isZero();
            failures.failed("asha", "10.0." + failure / 250 + "." + failure % 250);
            nowMillis += 1_000 / 12;
        }
        assertThat(failures.weight("asha", "10.1.1.1")).isGreaterThan(failures.weight("bo", "10.1.1.1"));
    }

    @Test
    void the_wait_doubles_up_to_a_bound_and_old_pairs_are_forgotten() {
        FailedLogins failures = new FailedLogins(() -> nowMillis);
        for (int attempt = 0; attempt < FailedLogins.FREE_FAILURES + 3; attempt++) {
            failures.failed("asha", ADDRESS);
        }
        assertThat(failures.waitMillis("asha", ADDRESS, false)).isEqualTo(4 * FailedLogins.FIRST_WAIT_MILLIS);
        for (int attempt = 0; attempt < 100; attempt++) {
            failures.failed("asha", ADDRESS);
        }
        assertThat(failures.waitMillis("asha", ADDRESS, false)).isEqualTo(FailedLogins.MAX_WAIT_MILLIS);

        for (int other = 0; other < FailedLogins.MAX_REMEMBERED; other++) {
            failures.failed("user" + other, ADDRESS);
        }
        nowMillis += FailedLogins.FORGET_MILLIS;
        assertThat(failures.waitMillis("asha", ADDRESS, false)).isZero();
    }
}
