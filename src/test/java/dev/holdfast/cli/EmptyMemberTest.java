package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cluster.MemberProfile;
import dev.holdfast.cluster.TraderOptions;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an empty folder means. That it is then really filled is shown by {@code WipedMemberIT}. */
final class EmptyMemberTest {

    private static final Map<String, Object> EMPTY = Map.of("begun", false, "role", "STOPPED");
    private static final Map<String, Object> SILENT = Map.of();
    private static final Map<String, Object> BEGUN = Map.of("begun", true, "role", "FOLLOWER");

    private final Deque<Map<String, Object>> answers = new ArrayDeque<>();
    private final List<String> waited = new ArrayList<>();

    @TempDir
    private Path folder;

    private EmptyMember member;

    @BeforeEach
    void member_a_of_three() {
        List<Configuration.Host> hosts = List.of(host("a", 1), host("b", 2), host("c", 3));
        TraderOptions options = TraderOptions.of(
                MemberProfile.TRADER,
                0,
                hosts.stream().map(Configuration.Host::address).toList(),
                folder.resolve("member"),
                folder.resolve("scratch"),
                "secret",
                false);
        member = new EmptyMember(options, folder.resolve("seeding"), hosts, this::answer);
    }

    @Test
    void it_begins_once_all_others_say_that_they_have_not() throws InterruptedException {
        answers.addAll(List.of(EMPTY, EMPTY));

        member.prepare();

        assertThat(answers).isEmpty();
        assertThat(member.waiting()).isEmpty();
    }

    @Test
    void it_does_not_begin_while_one_is_silent() throws InterruptedException {
        answers.addAll(List.of(EMPTY, SILENT, EMPTY, SILENT, EMPTY, EMPTY));

        member.prepare();

        assertThat(answers).isEmpty();
        assertThat(waited).contains("its folder is empty; waits for [c] to say whether they have begun");
    }

    @Test
    void it_does_not_begin_while_another_has_and_nobody_leads() throws InterruptedException {
        answers.addAll(List.of(BEGUN, EMPTY, BEGUN, EMPTY, EMPTY, EMPTY));

        member.prepare();

        assertThat(answers).isEmpty();
        assertThat(waited)
                .contains(
                        "its folder is empty and [b] have begun; waits until one of them leads, to be filled from it");
    }

    @Test
    void one_that_has_a_log_asks_nobody() throws Exception {
        Files.createDirectories(folder.resolve("member/cluster"));

        member.prepare();

        assertThat(waited).isEmpty();
    }

    private Map<String, Object> answer(Configuration.Host host) {
        assertThat(host.name()).isNotEqualTo("a");
        waited.add(member.waiting());
        return answers.remove();
    }

    private static Configuration.Host host(String name, int number) {
        return new Configuration.Host(name, "127.0.77." + number, List.of(Role.TRADER));
    }
}
