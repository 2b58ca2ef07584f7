package dev.holdfast.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.drill.FaultKind.Aim;
import dev.holdfast.drill.RunningSystem.HostView;
import dev.holdfast.drill.RunningSystem.ProcessView;
import dev.holdfast.drill.Target.Foremost;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class TargetTest {

    private static final Foremost FOREMOST = new Foremost("b", "a", "c");

    private static final List<HostView> HOSTS = List.of(
            host(
                    "a",
                    process("a", "trader", ""),
                    process("a", "gateway", ""),
                    process("a", "postgres", "primary at 0/1")),
            host("b", process("b", "trader", ""), process("b", "gateway", ""), process("b", "postgres", "standby")),
            host("c", process("c", "trader", ""), process("c", "postgres", "standby")));

    @Test
    void leader_and_sender_are_met_where_they_are_and_never_when_others_are_meant() {
        assertThat(labels(Aim.LEADER)).containsExactly("b-trader");
        assertThat(labels(Aim.FOLLOWER)).containsExactlyInAnyOrder("a-trader", "c-trader");
        assertThat(labels(Aim.SENDER)).containsExactly("a-gateway");
        assertThat(labels(Aim.STANDBY_GATEWAY)).containsExactly("b-gateway");
        assertThat(labels(Aim.PRIMARY)).containsExactly("a-postgres");
    }

    @Test
    void a_standby_is_never_the_primary_and_a_host_may_be_any() {
        assertThat(labels(Aim.STANDBY)).containsExactlyInAnyOrder("b-postgres", "c-postgres");
        assertThat(labels(Aim.HOST)).containsExactlyInAnyOrder("a-agent", "b-agent", "c-agent");
    }

    @Test
    void the_recovery_machines_leader_is_met_by_its_agent_where_no_trader_need_lead() {
        assertThat(labels(Aim.RECOVERY_LEADER)).containsExactly("c-agent");
    }

    @Test
    void of_three_traders_any_two_may_go() {
        assertThat(labels(Aim.TWO_TRADERS))
                .containsExactlyInAnyOrder("a-trader+b-trader", "a-trader+c-trader", "b-trader+c-trader");
    }

    @Test
    void what_does_not_run_or_is_not_known_is_no_target() {
        Foremost nobody = new Foremost("", "", "");
        assertThat(Target.choose(Aim.LEADER, 0, HOSTS, nobody)).isEmpty();
        assertThat(Target.choose(Aim.SENDER, 0, HOSTS, nobody)).isEmpty();
        assertThat(Target.choose(Aim.RECOVERY_LEADER, 0, HOSTS, nobody)).isEmpty();
        assertThat(Target.choose(Aim.DASHBOARD, 0, HOSTS, FOREMOST)).isEmpty();
        HostView stopped = host("a", new ProcessView("a", "dashboard", "WAITING", 0, "", Map.of()));
        assertThat(Target.choose(Aim.DASHBOARD, 0, List.of(stopped), FOREMOST)).isEmpty();
    }

    @Test
    void a_process_that_does_not_know_a_figure_is_a_target_all_the_same() throws Exception {
        Map<String, Object> health =
                JsonMapper.shared().readValue("{\"newestSequence\":null}", new TypeReference<>() {});
        HostView host = host("a", new ProcessView("a", "dashboard", "RUNNING", 7, "", health));

        assertThat(Target.choose(Aim.DASHBOARD, 0, List.of(host), FOREMOST)).isPresent();
    }

    private static Set<String> labels(Aim aim) {
        Set<String> labels = new HashSet<>();
        for (int pick = 0; pick < 12; pick++) {
            labels.add(Target.choose(aim, pick, HOSTS, FOREMOST).orElseThrow().label());
        }
        return labels;
    }

    private static HostView host(String name, ProcessView... processes) {
        return new HostView(name, true, 1, 2, List.of(processes));
    }

    private static ProcessView process(String host, String name, String detail) {
        return new ProcessView(host, name, "RUNNING", (host + name).hashCode() & 0xffff, detail, Map.of());
    }
}
