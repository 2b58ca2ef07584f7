package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedSecretsTest {

    @TempDir
    Path home;

    @Test
    void what_was_sealed_opens_again_and_looks_different_each_time() {
        Secrets secrets = secrets("seal");
        SealedSecrets sealed = new SealedSecrets(secrets);

        sealed.write("token", "plain");
        String first = secrets.read("token");
        sealed.write("token", "plain");

        assertThat(sealed.read("token")).contains("plain");
        assertThat(secrets.read("token")).isNotEqualTo(first).doesNotContain("plain");
        assertThat(sealed.read("absent")).isEmpty();
    }

    @Test
    void a_changed_renamed_or_foreign_seal_does_not_open() {
        Secrets secrets = secrets("seal");
        SealedSecrets sealed = new SealedSecrets(secrets);
        sealed.write("token", "plain");
        String body = secrets.read("token");

        secrets.write("other", body);
        secrets.write("short", "AAAA");
        secrets.write("garbage", "not base64!");
        for (String name : new String[] {"other", "short", "garbage"}) {
            assertThatThrownBy(() -> sealed.read(name)).isInstanceOf(SealedSecrets.BrokenSeal.class);
        }
        secrets.write("seal-key", "another");
        assertThatThrownBy(() -> sealed.read("token"))
                .isInstanceOf(SealedSecrets.BrokenSeal.class)
                .hasMessageContaining("seal-key");
    }

    @Test
    void back_off_doubles_up_to_the_longest_and_starts_anew() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(300));

        assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(100));
        assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(200));
        assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(300));
        assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(300));
        backoff.succeeded();
        assertThat(backoff.failed()).isEqualTo(Duration.ofMillis(100));
    }

    private Secrets secrets(String sealKey) {
        Secrets secrets = new Secrets(home);
        secrets.write("seal-key", sealKey);
        return secrets;
    }
}
