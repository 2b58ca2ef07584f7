package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What every log does, whatever is behind it. It hosts an {@link EchoMachine}. */
public interface LogContract {

    Duration LIMIT = Duration.ofSeconds(90);

    /** A fresh connection; the test closes it. */
    Log connect();

    /** Makes the machine's next pulse come. */
    void awaitPulse();

    @Test
    default void commands_are_applied_once_and_in_the_order_of_submission() {
        try (Log log = connect()) {
            List<CompletableFuture<Reply>> replies = new ArrayList<>();

            for (int i = 0; i < 1_000; i++) {
                replies.add(log.submit(new Command.Probe()));
            }

            CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
                    .orTimeout(LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                    .join();
            assertThat(replies).allMatch(reply -> reply.join().accepted());
            assertThat(replies.stream().map(reply -> reply.join().correlationId()))
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .hasSize(1_000);
            long clientId = replies.getFirst().join().clientId();
            List<Long> seen = new ArrayList<>();
            try (EventReader<Event> reader = log.readAfter(0)) {
                while (seen.size() < 1_000) {
                    assertThat(reader.poll((header, event) -> collect(event, clientId, seen), 500, LIMIT))
                            .as("events within the time, %s seen", seen.size())
                            .isPositive();
                }
            }
            assertThat(seen).isSorted().doesNotHaveDuplicates().startsWith(1L).endsWith(1_000L);
        }
    }

    @Test
    default void a_reader_that_starts_after_a_sequence_delivers_the_next_one_first() {
        try (Log log = connect()) {
            log.submitAndWait(new Command.Probe(), LIMIT);
            long sequence = log.submitAndWait(new Command.Probe(), LIMIT).sequence();
            log.submitAndWait(new Command.Probe(), LIMIT);

            try (EventReader<Event> reader = log.readAfter(sequence)) {
                List<Long> sequences = new ArrayList<>();
                assertThat(reader.poll((header, event) -> sequences.add(header.sequence()), 1, LIMIT))
                        .isEqualTo(1);

                assertThat(sequences).containsExactly(sequence + 1);
                assertThat(reader.sequence()).isEqualTo(sequence + 1);
            }
        }
    }

    @Test
    default void a_reader_beyond_the_end_waits_for_its_event() {
        try (Log log = connect()) {
            long sequence = log.submitAndWait(new Command.Probe(), LIMIT).sequence();

            try (EventReader<Event> reader = log.readAfter(sequence + 50)) {
                assertThat(reader.poll((header, event) -> {}, 1, Duration.ofMillis(50)))
                        .isZero();
                for (int i = 0; i < 60; i++) {
                    var _ = log.submit(new Command.Probe());
                }
                List<Long> sequences = new ArrayList<>();
                assertThat(reader.poll((header, event) -> sequences.add(header.sequence()), 1, LIMIT))
                        .isEqualTo(1);

                assertThat(sequences).containsExactly(sequence + 51);
            }
        }
    }

    @Test
    default void an_offer_is_applied_without_a_reply() {
        try (Log log = connect()) {
            long before = log.submitAndWait(new Command.Probe(), LIMIT).sequence();
            long deadlineNanos = System.nanoTime() + LIMIT.toNanos();

            while (!log.offer(new Command.Probe())) {
                assertThat(System.nanoTime()).isLessThan(deadlineNanos);
                Thread.onSpinWait();
            }

            List<String> offered = new ArrayList<>();
            try (EventReader<Event> reader = log.readAfter(before)) {
                while (offered.isEmpty()) {
                    assertThat(reader.poll((header, event) -> collectOffers(event, offered), 100, LIMIT))
                            .isPositive();
                }
            }
        }
    }

    @Test
    default void the_machines_timer_fires() {
        try (Log log = connect()) {
            long before = log.submitAndWait(new Command.Probe(), LIMIT).sequence();

            awaitPulse();

            List<Event> pulses = new ArrayList<>();
            try (EventReader<Event> reader = log.readAfter(before)) {
                while (pulses.isEmpty()) {
                    assertThat(reader.poll(
                                    (header, event) -> {
                                        if (event instanceof Event.Pulse) {
                                            pulses.add(event);
                                        }
                                    },
                                    100,
                                    LIMIT))
                            .isPositive();
                }
            }
        }
    }

    @Test
    default void a_state_hash_comes_back_as_a_command_of_the_member() {
        try (Log log = connect()) {
            long before = log.submitAndWait(
                            new Command.ControlStrategy(true, EchoMachine.HASH, "tester", "test"), LIMIT)
                    .sequence();

            List<Event.StateHashed> hashes = new ArrayList<>();
            try (EventReader<Event> reader = log.readAfter(before)) {
                while (hashes.isEmpty()) {
                    assertThat(reader.poll(
                                    (header, event) -> {
                                        if (event instanceof Event.StateHashed hashed) {
                                            hashes.add(hashed);
                                        }
                                    },
                                    100,
                                    LIMIT))
                            .isPositive();
                }
            }
            assertThat(hashes.getFirst().atSequence()).isEqualTo(before);
        }
    }

    @Test
    default void a_closed_log_takes_nothing() {
        Log log = connect();
        Reply reply = log.submitAndWait(new Command.Probe(), LIMIT);
        EventReader<Event> reader = log.readAfter(reply.sequence() + 1_000_000);

        log.close();

        assertThat(reply.code()).isEqualTo(ReplyCode.OK);
        assertThat(log.submit(new Command.Probe())).isCompletedExceptionally();
        assertThat(log.offer(new Command.Probe())).isFalse();
        assertThat(log.status().connected()).isFalse();
        assertThatThrownBy(() -> log.readAfter(0)).isInstanceOf(LogUnavailable.class);
        assertThatThrownBy(() -> reader.poll((header, event) -> {}, 1, LIMIT)).isInstanceOf(LogUnavailable.class);
    }

    private static void collect(Event event, long clientId, List<Long> seen) {
        if (event instanceof Event.Alarm alarm && alarm.subject().equals(Long.toString(clientId))) {
            seen.add(Long.valueOf(alarm.text()));
        }
    }

    private static void collectOffers(Event event, List<String> offered) {
        if (event instanceof Event.Alarm alarm && alarm.subject().equals(EchoMachine.OFFERED)) {
            offered.add(alarm.subject());
        }
    }
}
