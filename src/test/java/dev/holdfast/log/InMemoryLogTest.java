package dev.holdfast.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InMemoryLogTest implements LogContract {

    private static final long START_NANOS = 1_700_000_000_000_000_000L;

    private final InMemoryLog log = new InMemoryLog(EchoMachine::new, START_NANOS);

    @Override
    public Log connect() {
        return log.connect();
    }

    @Override
    public void awaitPulse() {
        log.advanceTo(log.nowNanos() + Duration.ofSeconds(1).toNanos());
    }

    @Test
    void time_moves_only_when_told_and_every_deadline_is_met_on_the_way() {
        log.submitAndWait(new Command.Probe(), LIMIT);

        log.advanceTo(START_NANOS + Duration.ofSeconds(5).toNanos());

        List<Long> times = new ArrayList<>();
        log.readAfter(1).poll((header, event) -> times.add(header.logTimeNanos() - START_NANOS), 100, Duration.ZERO);
        assertThat(times)
                .containsExactly(1_000_000_000L, 2_000_000_000L, 3_000_000_000L, 4_000_000_000L, 5_000_000_000L);
    }

    @Test
    void a_restart_keeps_state_events_and_timer() {
        log.submitAndWait(new Command.Probe(), LIMIT);
        long hash = log.stateHash();

        log.restart();

        assertThat(log.stateHash()).isEqualTo(hash);
        Reply next = log.submitAndWait(new Command.Probe(), LIMIT);
        assertThat(next.value()).isEqualTo(2);
        awaitPulse();
        assertThat(log.sequence()).isEqualTo(3);
    }
}
