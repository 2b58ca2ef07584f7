package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.LogStatus;
import dev.holdfast.protocol.CloneOutcome;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.ReplicaState;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page shows of decisions that the real machine made. */
class RecoveryModelTest {

    private static final LogStatus LED_BY_B = new LogStatus(true, 1, 7);

    private final RecoverySystem system = new RecoverySystem().guarded();
    private long nanoTime;
    private final RecoveryModel model = new RecoveryModel(RecoverySystem.HOSTS, () -> nanoTime);
    private long read;

    @BeforeEach
    void readWhatIs() {
        model.expectCheckpoint();
        model.leader(LED_BY_B);
        catchUp();
    }

    private void catchUp() {
        system.read(read, (header, event) -> {
            read = header.sequence();
            model.apply(header, event);
        });
    }

    private void pass(long millis) {
        nanoTime += millis * 1_000_000;
    }

    private RecoveryView view() {
        catchUp();
        return model.since(0);
    }

    private static List<String> words(RecoveryView.Incident incident) {
        return incident.steps().stream()
                .map(step -> (step.what() + " " + step.host()).strip())
                .toList();
    }

    @Test
    void a_guarded_database_is_shown_with_holder_lease_standby_and_lag() {
        RecoveryView view = view();

        assertThat(view.database().phase()).isEqualTo(DatabasePhase.GUARDED);
        assertThat(view.database().primary()).isEqualTo("a");
        assertThat(view.database().term()).isEqualTo(1);
        assertThat(view.database().eligible()).isEqualTo("b");
        assertThat(view.voters().leader()).isEqualTo("b");
        assertThat(view.voters().heard()).isTrue();
        assertThat(view.copies()).extracting(RecoveryView.Copy::host).containsExactly("a", "b", "c");
        assertThat(view.copies()).extracting(RecoveryView.Copy::lagBytes).containsExactly(0L, 0L, 1_000L);
        assertThat(view.copies())
                .extracting(RecoveryView.Copy::state)
                .containsExactly(ReplicaState.PRIMARY, ReplicaState.ELIGIBLE, ReplicaState.FOLLOWING);
        assertThat(incident(view).open()).isFalse();
    }

    @Test
    void the_lease_falls_between_renewals_and_is_full_after_one() {
        pass(600);
        assertThat(model.since(0).database().leaseLeftMillis()).isEqualTo(1_400);

        system.renew("a", 1);

        assertThat(view().database().leaseLeftMillis()).isEqualTo(2_000);
        pass(5_000);
        assertThat(model.since(0).database().leaseLeftMillis()).isZero();
    }

    @Test
    void a_lost_primary_is_told_step_by_step_from_its_last_sign_of_life() {
        system.withStandbysFor(2_500, "b", "c");
        system.renew("b", 2);
        system.advance(300);
        system.ok(new RecoveryCommand.ReportPromoted("b", 2, 3, 5_000));

        RecoveryView view = view();
        RecoveryView.Incident incident = incident(view);

        assertThat(incident.open()).isTrue();
        assertThat(words(incident))
                .startsWith(
                        "last renewal of its lease a",
                        "lease ran out a",
                        "primary lost a",
                        "fence ordered a",
                        "promotion decided, safe b")
                .endsWith("primary in service b");
        assertThat(incident.steps().get(1).tookMillis()).isBetween(2_300L, 2_500L);
        assertThat(incident.steps().getLast().tookMillis()).isBetween(300L, 500L);
        assertThat(incident.steps().getLast().sinceMillis())
                .isEqualTo(system.nowMillis() - incident.steps().getFirst().atMillis());
        assertThat(view.database().primary()).isEqualTo("b");
        assertThat(view.database().phase()).isEqualTo(DatabasePhase.SINGLE);
    }

    @Test
    void without_a_primary_no_lease_runs_and_nobody_is_in_service() {
        system.ok(new RecoveryCommand.PauseAutomation(true, "asha", "work on b"));
        system.ok(new RecoveryCommand.ReportDown("a", 1, "killed"));

        RecoveryView.Database database = view().database();

        assertThat(database.phase()).isEqualTo(DatabasePhase.LOST);
        assertThat(database.primary()).isEmpty();
        assertThat(database.leaseLeftMillis()).isEqualTo(-1);
        assertThat(database.paused()).isTrue();
        assertThat(database.pausedBy()).isEqualTo("asha");
        assertThat(database.pausedReason()).isEqualTo("work on b");
    }

    @Test
    void a_clone_is_a_step_and_the_incident_says_how_long_it_lasted() {
        system.ok(new RecoveryCommand.ReportDown("a", 1, "killed"));
        system.renew("b", 2);
        system.ok(new RecoveryCommand.ReportPromoted("b", 2, 3, 5_000));
        system.standby("a", 0, 5_000);
        system.clone("a", CloneOutcome.BEGUN);
        for (int second = 0; second < 4; second++) {
            system.advance(1_000);
            system.renew("b", 2);
            system.standby("a", 0, 5_000); // a silent agent would lose its turn
        }
        system.ok(new RecoveryCommand.ReportClone("a", 3, CloneOutcome.DONE, "5 MiB"));
        for (String host : RecoverySystem.HOSTS) {
            if (!host.equals("b")) {
                system.standby(host, 2, 5_000);
            }
        }
        system.primary("b", 2, 5_000, "a,c");
        system.advance(100);
        system.confirmNames("b", 2);

        RecoveryView.Incident incident = incident(view());

        assertThat(words(incident)).contains("copy rebuilding from b a", "clone 3 begun a", "clone 3 done a");
        RecoveryView.Step done = incident.steps().stream()
                .filter(step -> step.what().equals("clone 3 done"))
                .findFirst()
                .orElseThrow();
        assertThat(done.tookMillis()).isEqualTo(4_000);
        assertThat(incident.open()).isFalse();
        assertThat(incident.closedReason()).contains("redundancy is back");
    }

    @Test
    void the_decisions_are_the_last_thirty_and_each_is_sent_once() {
        for (int times = 0; times < RecoveryModel.MAX_DECISIONS; times++) {
            system.ok(new RecoveryCommand.PauseAutomation(times % 2 == 0, "asha", "drill " + times));
        }

        RecoveryView view = view();

        assertThat(view.decisions()).hasSize(RecoveryModel.MAX_DECISIONS);
        RecoveryView.Decision last = view.decisions().getLast();
        assertThat(last.what()).isEqualTo("automation resumed");
        assertThat(last.reason()).isEqualTo("asha: drill 29");
        assertThat(last.atMillis()).isEqualTo(system.nowMillis());
        assertThat(model.since(last.sequence()).decisions()).isEmpty();
    }

    @Test
    void a_refused_order_is_on_the_time_line_with_the_refusal() {
        system.log()
                .submit(new RecoveryCommand.OrderFailover("c", false, "vik", "a wish"))
                .join();

        RecoveryView.Decision last = view().decisions().getLast();

        assertThat(last.what()).isEqualTo("failover refused");
        assertThat(last.reason()).contains("vik").contains("rows that a acknowledged could be lost");
    }

    @Test
    void lost_voters_are_noticed_by_silence_and_by_the_connection() {
        pass(RecoveryModel.SILENT_AFTER_MILLIS);
        assertThat(model.heard()).isTrue();

        pass(1);
        assertThat(model.heard()).isFalse();
        assertThat(model.since(0).voters().eventAgeMillis()).isEqualTo(RecoveryModel.SILENT_AFTER_MILLIS + 1);

        system.renew("a", 1);
        assertThat(view().voters().heard()).isTrue();
        model.leader(new LogStatus(false, -1, -1));
        assertThat(model.since(0).voters().heard()).isFalse();
        assertThat(model.since(0).voters().leader()).isEmpty();
    }

    @Test
    void a_stream_read_anew_from_the_checkpoint_repeats_nothing() {
        system.ok(new RecoveryCommand.ReportDown("a", 1, "killed"));
        RecoveryView before = view();

        model.expectCheckpoint();
        read = system.checkpoint() - 1;
        RecoveryView after = view();

        assertThat(after.decisions()).isEqualTo(before.decisions());
        assertThat(after.incident()).isEqualTo(before.incident());
        assertThat(after.database()).isEqualTo(before.database());
    }

    @Test
    void what_a_checkpoint_repeats_is_state_and_no_news() {
        RecoveryModel late = new RecoveryModel(RecoverySystem.HOSTS, () -> nanoTime);
        system.ok(new RecoveryCommand.ReportDown("a", 1, "killed"));
        system.advance(700_000);
        long checkpoint = system.checkpoint();

        late.expectCheckpoint();
        system.read(checkpoint - 1, (header, event) -> {
            if (header.sequence() < checkpoint + 20) {
                late.apply(header, event);
            }
        });

        RecoveryView view = late.since(0);
        assertThat(view.voters().loaded()).isTrue();
        assertThat(view.decisions()).isEmpty();
        assertThat(incident(view).open()).isTrue();
        assertThat(incident(view).openedMillis()).isZero();
        assertThat(incident(view).ageMillis()).isEqualTo(-1);
        assertThat(view.database().phaseAtMillis()).isZero();
    }

    private static RecoveryView.Incident incident(RecoveryView view) {
        return java.util.Objects.requireNonNull(view.incident(), "the page shows no incident");
    }
}
