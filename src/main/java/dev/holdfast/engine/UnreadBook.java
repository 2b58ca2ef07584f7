package dev.holdfast.engine;

import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Severity;

/**
 * Alarms a person while sending waits for the broker's book and nothing else: reads that never come out clean end no wait by
 * themselves. It keeps no state of its own.
 */
final class UnreadBook {

    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final State state;

    UnreadBook(State state) {
        this.state = state;
    }

    /**
     * Once in each full minute of waiting.
     *
     * @param beforeNanos log time of the last call
     */
    void alarm(long beforeNanos, Decision decision) {
        Event.EngineConfigured settings = state.configuration;
        long since = state.awaitsCleanReadSince();
        if (since < 0
                || settings == null
                || state.day.phase() != DayPhase.OPEN
                || !state.grants.held(GrantKind.SENDER)
                || !state.marketOpen(settings)) {
            return;
        }
        long minutes = (state.now - since) / MINUTE_NANOS;
        if (minutes > (beforeNanos - since) / MINUTE_NANOS) {
            decision.emit(
                    new Event.Alarm(
                            Severity.CRITICAL,
                            "book unread",
                            "nothing new is sent: for " + minutes
                                    + " min no read of the broker's book that began since the "
                                    + "sender changed or an order became uncertain has ended clean; the sender's log says why"));
        }
    }
}
