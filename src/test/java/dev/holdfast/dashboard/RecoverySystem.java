package dev.holdfast.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.log.EventListener;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.InMemoryRecoveryLog;
import dev.holdfast.protocol.CloneOutcome;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import dev.holdfast.recovery.RecoveryMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The real recovery machine with three hosts of whom a test tells, in a time that the test moves. */
final class RecoverySystem implements AutoCloseable {

    static final List<String> HOSTS = List.of("a", "b", "c");
    private static final long STEP_MILLIS = 100;
    private static final int BATCH = 10_000;

    private static final long BEAT_MILLIS = 250;

    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor();
    private final InMemoryRecoveryLog agents;
    private final InMemoryRecoveryLog page;
    private long nowNanos;
    private long reports;

    /** Begins now, so that a page before it shows times that fit. */
    RecoverySystem() {
        nowNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        agents = new InMemoryRecoveryLog(RecoveryMachine::new, nowNanos);
        page = agents.connect();
    }

    /** The dashboard's own connection. */
    InMemoryRecoveryLog log() {
        return page;
    }

    long nowMillis() {
        return nowNanos / 1_000_000;
    }

    /** Host a is primary under term 1 with b eligible; c follows. */
    RecoverySystem guarded() {
        ok(new RecoveryCommand.Configure(
                "a,b,c", "a", 2_000, 400, 300, 30_000, 10_000, 1_000, 1_500, 10_000, 5_000, "op", "a test"));
        ok(new RecoveryCommand.RenewLease("a", 1, 0, 0));
        ok(new RecoveryCommand.ReportPromoted("a", 1, 2, 10));
        for (String host : List.of("b", "c")) {
            report(host, InstanceRole.NONE, 0, 0, 0, "");
            clone(host, CloneOutcome.DONE);
        }
        standby("b", 1, 5_000);
        standby("c", 1, 4_000);
        primary("a", 1, 5_000, "b,c");
        advance(100);
        confirmNames("a", 1);
        renew("a", 1);
        return this;
    }

    /** Time passes by itself from now on, and the agents of term 1 report, as they do each second; who is fenced renews nothing. */
    void beat() {
        ScheduledFuture<?> _ = beats.scheduleAtFixedRate(this::beatOnce, 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void beatOnce() {
        advance(BEAT_MILLIS);
        standby("b", 1, 5_000);
        standby("c", 1, 4_000);
        agents.submit(new RecoveryCommand.RenewLease("a", 1, 50, 100)).join();
    }

    void standby(String host, long followedTerm, long lsn) {
        report(host, InstanceRole.STANDBY, 0, followedTerm, lsn, "");
    }

    void primary(String host, long term, long lsn, String connected) {
        report(host, InstanceRole.PRIMARY, term, 0, lsn, connected);
    }

    private synchronized void report(
            String host, InstanceRole role, long term, long followedTerm, long lsn, String connected) {
        ok(new RecoveryCommand.ReportInstance(
                host,
                1,
                ++reports,
                role,
                term,
                2,
                lsn,
                lsn,
                lsn,
                followedTerm,
                false,
                0,
                "",
                lsn,
                connected,
                false,
                0,
                0));
    }

    void renew(String host, long term) {
        ok(new RecoveryCommand.RenewLease(host, term, 50, 100));
    }

    void clone(String host, CloneOutcome outcome) {
        ok(new RecoveryCommand.ReportClone(
                host, last(RecoveryEvent.ReplicaChanged.class).cloneNumber(), outcome, ""));
    }

    void confirmNames(String host, long term) {
        ok(new RecoveryCommand.ConfirmNames(
                host, term, last(RecoveryEvent.NamesOrdered.class).number(), 6_000));
    }

    void ok(RecoveryCommand command) {
        Reply reply = agents.submit(command).join();
        assertThat(reply.code()).as("%s: %s", command, reply.text()).isEqualTo(ReplyCode.OK);
    }

    /** Time passes, the machine's timer fires. */
    synchronized void advance(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
        agents.advanceTo(nowNanos);
    }

    /** Time passes while the standbys report, as their agents do. */
    void withStandbysFor(long millis, String... standbys) {
        for (long passed = 0; passed < millis; passed += STEP_MILLIS) {
            advance(STEP_MILLIS);
            for (String host : standbys) {
                standby(host, 1, 5_000);
            }
        }
    }

    <E extends RecoveryEvent> E last(Class<E> type) {
        return all(type).getLast();
    }

    <E extends RecoveryEvent> List<E> all(Class<E> type) {
        List<E> found = new ArrayList<>();
        read(0, (header, event) -> {
            if (type.isInstance(event)) {
                found.add(type.cast(event));
            }
        });
        return found;
    }

    /** Feeds all events after that sequence to the model. */
    void read(long afterSequence, EventListener<RecoveryEvent> listener) {
        try (EventReader<RecoveryEvent> reader = agents.readAfter(afterSequence)) {
            while (reader.poll(listener, BATCH, Duration.ZERO) > 0) {
                assertThat(reader.sequence()).isPositive();
            }
        }
    }

    long checkpoint() {
        return agents.submit(new RecoveryCommand.Probe()).join().value();
    }

    @Override
    public void close() {
        beats.shutdownNow();
    }
}
