package dev.holdfast.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.LeftBehind;
import dev.holdfast.agent.Region;
import dev.holdfast.agent.postgres.Instance.Outcome;
import dev.holdfast.agent.postgres.Instance.Promoted;
import dev.holdfast.agent.postgres.Instance.Standby;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryEvent.PrimaryRouted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real servers do what the port says. */
final class PostgresInstanceIT {

    private KeptRegion region;
    private Kept a;
    private Kept b;

    @BeforeEach
    void open() throws Exception {
        region = new KeptRegion();
        a = region.host("a");
        b = region.host("b");
    }

    @AfterEach
    void close() throws Exception {
        region.close();
    }

    @Test
    void a_standby_that_is_promoted_has_what_the_primary_had_and_the_third_follows_it() throws Exception {
        Kept c = region.host("c");
        PrimaryRouted first = a.begin(1);
        b.join(first);
        c.join(first);
        a.execute("CREATE TABLE kept (n integer)");
        a.execute("INSERT INTO kept VALUES (42)");
        long written = a.write(1);
        awaitFlushed(b, written);
        awaitFlushed(c, written);

        a.kill();
        Promoted promoted = b.promote(2, "", 2);
        c.follow(b.routed(2, promoted));
        c.awaitFollowing(b.routed(2, promoted));

        assertThat(promoted.timeline()).isEqualTo(first.timeline() + 1);
        assertThat(promoted.forkLsn()).isBetween(written, promoted.writtenLsn());
        assertThat(b.instance().sight().role()).isEqualTo(InstanceRole.PRIMARY);
        assertThat(b.instance().sight().term()).isEqualTo(2);
        assertThat(b.ask("SELECT n FROM kept")).isEqualTo("42");
        assertThat(b.ask("SELECT term || ' ' || host FROM recovery.term")).isEqualTo("2 b");
        awaitFlushed(c, b.write(2));
        assertThat(c.instance().sight().timeline()).isEqualTo(promoted.timeline());
        assertThat(c.instance().sight().diverged()).isFalse();
    }

    @Test
    void a_copy_that_has_more_than_the_new_primary_took_over_is_replaced_and_kept_as_evidence() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);
        b.kill();
        a.execute("CREATE TABLE lost (n integer)");
        b.start();
        Promoted promoted = b.promote(2, "", 2);
        a.kill();
        a.start();

        a.follow(b.routed(2, promoted));
        Region.await("a has diverged", Kept.LIMIT, () -> a.instance().sight().diverged());
        assertThat(a.ask("SHOW primary_conninfo")).isEmpty();
        a.kill();
        a.join(b.routed(2, promoted));

        assertThat(a.ask("SELECT to_regclass('lost') IS NULL")).isEqualTo("t");
        assertThat(a.instance().sight().diverged()).isFalse();
        Path data = Path.of(a.ask("SHOW data_directory"));
        assertThat(data.resolveSibling("data.evidence-1")).isDirectoryContaining("glob:**/PG_VERSION");
        a.call(() -> a.instance().forgetEvidence());
        Region.await("the evidence is gone", Kept.LIMIT, () -> !Files.exists(data.resolveSibling("data.evidence-1")));
    }

    @Test
    void two_that_were_promoted_from_the_same_timeline_do_not_follow_each_other() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);
        a.kill();
        Promoted promoted = b.promote(2, "", 2);
        b.kill();
        a.start();
        a.promote(3, "", 3);
        a.kill();
        a.start();
        b.start();

        b.follow(a.routed(3, promoted)); // the same timeline number

        Region.await("b has diverged", Kept.LIMIT, () -> b.instance().sight().diverged());
        assertThat(b.ask("SHOW primary_conninfo")).isEmpty();
    }

    @Test
    void a_commit_waits_for_the_named_standby_and_no_health_write_does() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);
        a.call(() -> a.instance().setNames("FIRST 1 (pg_b)", 2));
        Region.await(
                "names are in force", Kept.LIMIT, () -> a.instance().sight().namesNumber() == 2);
        assertThat(a.instance().sight().standbyNames()).isEqualTo("FIRST 1 (pg_b)");
        long marked = marker(a).get();
        assertThat(a.standbys()).singleElement().matches(Standby::sync).matches(seen -> !seen.async());
        assertThat(a.standbys().getFirst().flushedLsn()).isGreaterThanOrEqualTo(marked);

        b.kill();
        CompletableFuture<Long> waiting = marker(a);
        Region.await("the marker waits", Kept.LIMIT, () -> waits(a));
        assertThat(a.write(1)).isGreaterThan(marked);
        assertThat(waiting).isNotDone();
        a.call(() -> a.instance().setNames("", 3));

        assertThat(waiting.get()).isGreaterThan(marked);
        Region.await(
                "names are in force", Kept.LIMIT, () -> a.instance().sight().namesNumber() == 3);
    }

    @Test
    void names_are_not_in_force_before_the_checkpointer_has_read_them() throws Exception {
        a.begin(1);
        long checkpointer = checkpointer(a);
        LeftBehind.signal(checkpointer, "STOP");
        a.call(() -> a.instance().setNames("FIRST 1 (pg_b)", 2));
        Region.await(
                "sessions have read them",
                Kept.LIMIT,
                () -> !a.instance().sight().standbyNames().isEmpty());
        for (int i = 0; i < 10; i++) {
            a.write(1);
        }
        marker(a).get(); // although the names say that it must wait
        assertThat(a.instance().sight().namesNumber()).isNotEqualTo(2);

        LeftBehind.signal(checkpointer, "CONT");

        Region.await(
                "names are in force", Kept.LIMIT, () -> a.instance().sight().namesNumber() == 2);
        CompletableFuture<Long> waiting = marker(a);
        Region.await("the marker waits", Kept.LIMIT, () -> waits(a));
        assertThat(waiting).isNotDone();
    }

    @Test
    void a_marker_that_waits_tells_nothing_when_its_server_is_killed() throws Exception {
        a.begin(1);
        a.call(() -> a.instance().setNames("FIRST 1 (pg_b)", 2));
        Region.await(
                "names are in force", Kept.LIMIT, () -> a.instance().sight().namesNumber() == 2);
        CompletableFuture<Long> waiting = marker(a);
        Region.await("the marker waits", Kept.LIMIT, () -> waits(a));

        a.kill();
        a.start();

        assertThat(waiting).isNotDone();
    }

    @Test
    void names_given_with_a_promotion_hold_from_its_first_commit() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);
        a.kill();

        b.promote(2, "FIRST 1 (pg_a)", 5);
        CompletableFuture<Long> waiting = marker(b);

        Region.await("the marker waits", Kept.LIMIT, () -> waits(b));
        assertThat(waiting).isNotDone();
        assertThat(b.instance().sight().namesNumber()).isEqualTo(5);
    }

    @Test
    void a_write_to_a_frozen_postmaster_tells_nothing_and_holds_nobody_up() throws Exception {
        a.begin(1);
        long postmaster = Long.parseLong(a.ask("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"));
        LeftBehind.signal(postmaster, "STOP");

        CompletableFuture<Long> write = a.begun(done -> a.instance().write(1, done::accept));
        Region.await(
                "the write is given up",
                Kept.LIMIT,
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("postgres-write")));

        assertThat(write).isNotDone();
        a.kill();
        assertThat(a.instance().clean()).isTrue();
    }

    @Test
    void a_promotion_under_a_term_below_the_row_never_tells_of_success() throws Exception {
        PrimaryRouted first = a.begin(7);
        b.join(first);
        awaitFlushed(b, a.write(7));

        CompletableFuture<Promoted> refused = b.begun(done -> b.instance().promote(6, "", 2, done));
        Region.await(
                "it is given up",
                Kept.LIMIT,
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("postgres-promotion")));

        assertThat(refused).isNotDone();
        assertThat(b.instance().sight().role()).isEqualTo(InstanceRole.STANDBY);
    }

    @Test
    void a_primary_that_is_stopped_in_order_leaves_nothing_unsent() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);
        a.execute("CREATE TABLE sent AS SELECT generate_series(1, 100000) AS n");

        a.stop();

        assertThat(a.instance().clean()).isTrue();
        b.promote(2, "", 2);
        assertThat(b.ask("SELECT count(*) FROM sent")).isEqualTo("100000");
    }

    @Test
    void settings_in_the_data_directory_do_not_win() throws Exception {
        PrimaryRouted first = a.begin(1);
        a.kill();
        Path auto = region.region().home().resolve("hosts/a/postgres/data/postgresql.auto.conf");
        Files.delete(auto);
        Files.writeString(auto, "synchronous_standby_names = 'nobody'\nprimary_conninfo = 'host=127.0.34.9'\n");

        a.start();

        assertThat(a.ask("SHOW synchronous_standby_names")).isEmpty();
        assertThat(a.ask("SHOW primary_conninfo")).isEmpty();
        assertThat(a.instance().sight().role()).isEqualTo(InstanceRole.STANDBY);
        assertThat(first.term()).isEqualTo(1);
    }

    @Test
    void a_clone_that_was_abandoned_leaves_no_process_and_the_old_data() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);
        b.kill();
        // The checkpoint that the copy begins with does not end while the checkpointer is frozen.
        long checkpointer = checkpointer(a);
        LeftBehind.signal(checkpointer, "STOP");
        CompletableFuture<Outcome> clone = b.begun(done -> b.instance().cloneFrom("a", 2, false, done));
        Region.await("the copy has begun", Kept.LIMIT, () -> copies() > 0);

        b.call(() -> b.instance().abandonClone());

        Region.await("the copy has ended", Kept.LIMIT, () -> copies() == 0);
        assertThat(clone).isNotDone();
        LeftBehind.signal(checkpointer, "CONT");
        b.start();
        assertThat(b.instance().sight().answers()).isTrue();
    }

    @Test
    void a_primary_that_needs_its_time_for_itself_ends_what_clones_from_it() throws Exception {
        PrimaryRouted first = a.begin(1);
        assertThat(first.term()).isEqualTo(1);
        // The checkpoint that the copy begins with does not end while the checkpointer is frozen.
        long checkpointer = checkpointer(a);
        LeftBehind.signal(checkpointer, "STOP");
        CompletableFuture<Outcome> clone = b.begun(done -> b.instance().cloneFrom("a", 2, false, done));
        Region.await("the copy has begun", Kept.LIMIT, () -> copies() > 0);

        Region.await("the copy has ended", Kept.LIMIT, () -> {
            try {
                a.call(() -> a.instance().endClones()); // seen with the next look
            } catch (Exception closed) {
                throw new AssertionError(closed);
            }
            return clone.isDone();
        });

        LeftBehind.signal(checkpointer, "CONT");
        assertThat(clone.get().failure()).contains("terminating connection due to administrator command");
        assertThat(clone.get().refused()).isFalse();
        assertThat(a.write(1)).isPositive();
    }

    @Test
    void a_source_with_a_damaged_page_is_not_copied_and_the_old_data_stay() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.join(first);
        b.kill();
        a.execute("CREATE TABLE damaged AS SELECT generate_series(1, 1000) AS number");
        a.execute("CHECKPOINT");
        Path page = region.region()
                .home()
                .resolve("hosts/a/postgres/data")
                .resolve(a.ask("SELECT pg_relation_filepath('damaged')"));
        try (var file = java.nio.channels.FileChannel.open(page, java.nio.file.StandardOpenOption.WRITE)) {
            file.write(java.nio.ByteBuffer.wrap("damage".getBytes(java.nio.charset.StandardCharsets.UTF_8)), 8_000);
        }

        Outcome outcome = b.<Outcome>begun(done -> b.instance().cloneFrom("a", 2, true, done))
                .get(60, java.util.concurrent.TimeUnit.SECONDS);

        assertThat(outcome.refused()).isTrue();
        assertThat(outcome.failure()).contains("a has a damaged page");
        b.start();
        assertThat(b.instance().sight().answers()).isTrue();
    }

    @Test
    void a_clone_that_reads_a_part_of_the_time_is_complete_all_the_same() throws Exception {
        PrimaryRouted first = a.begin(1);
        b.call(() -> b.instance().paceClone(10));

        b.join(first);

        assertThat(b.ask("SELECT count(*) FROM pg_stat_wal_receiver")).isEqualTo("1");
    }

    @Test
    void a_start_that_fails_says_why() throws Exception {
        a.initialise();
        Path data = region.region().home().resolve("hosts/a/postgres/data");
        Files.delete(data.resolve("global").resolve("pg_control"));

        CompletableFuture<Outcome> outcome = a.begun(done -> a.instance().startStandby(done));

        assertThat(outcome.get().failure()).contains("ended while it started").contains("pg_control");
        Region.await("nothing is left", Kept.LIMIT, () -> a.instance().clean());
    }

    private static long checkpointer(Kept host) throws Exception {
        return Long.parseLong(host.ask("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"));
    }

    private static long copies() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("pg_basebackup"))
                .count();
    }

    private static CompletableFuture<Long> marker(Kept host) throws Exception {
        return host.begun(done -> host.instance().marker(done::accept));
    }

    private static boolean waits(Kept host) {
        try {
            return host.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                    .equals("1");
        } catch (java.sql.SQLException notNow) {
            return false;
        }
    }

    private static void awaitFlushed(Kept host, long lsn) throws InterruptedException {
        Region.await(
                host.name() + " has " + lsn,
                Kept.LIMIT,
                () -> host.instance().sight().flushedLsn() >= lsn);
    }
}
