package dev.holdfast.dashboard;

import dev.holdfast.log.LogStatus;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.types.OrderState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the event stream what was interrupted, what ended it, and how long that took by log time: a log that stood still,
 * a sender that was replaced, trading that was held up, an order whose fate was uncertain. Used by one thread.
 */
final class Recoveries {

    /** The engine pulses each second, so a longer silence was the log's. */
    private static final long STOOD_STILL_MILLIS = 1_500;

    /** A new leader is heard of this soon after the silence that it ended. */
    private static final long LEADER_WITHIN_MILLIS = 3_000;

    /** Orders that may be uncertain at the same time and are followed. */
    private static final int MAX_UNCERTAIN = 1_000;

    private record Outage(long sinceMillis, String reason) {}

    private final Map<Long, Long> uncertainSince = new HashMap<>();
    private long lastMillis;
    private long gapMillis;
    private long gapEndMillis;
    private long stillMillis;
    private long stillEndMillis;
    private long term = -1;
    private String newLeader = "";
    private long senderEpoch;
    private @Nullable Outage senderGone;
    private @Nullable Outage halted;

    /** What is found over with this event; mostly nothing. */
    List<LiveView.Recovery> onEvent(EventHeader header, Event event) {
        long atMillis = header.logTimeNanos() / 1_000_000;
        List<LiveView.Recovery> over = new ArrayList<>(1);
        silence(atMillis, over);
        switch (event) {
            case Event.GrantChanged grant when grant.kind() == GrantKind.SENDER -> sender(grant, atMillis);
            case Event.SendRequested send
            when senderGone != null && send.epoch() > senderEpoch -> {
                over.add(recovered("sender", "first order under epoch " + send.epoch(), senderGone, atMillis));
                senderGone = null;
                senderEpoch = send.epoch();
            }
            case Event.Pulse pulse -> trading(pulse, atMillis, over);
            case Event.OrderChanged order -> order(order, atMillis, over);
            default -> {} // nothing else begins or ends an interruption
        }
        return over;
    }

    /** Who leads, as the connection to the log knows. */
    void leader(LogStatus log) {
        if (log.connected() && log.term() > term) {
            newLeader = term < 0 ? "" : "member " + log.leader() + " leads in term " + log.term();
            term = log.term();
        }
    }

    private void silence(long atMillis, List<LiveView.Recovery> over) {
        long gap = lastMillis == 0 ? 0 : atMillis - lastMillis;
        if (gap > gapMillis || atMillis - gapEndMillis > LEADER_WITHIN_MILLIS) {
            gapMillis = Math.max(0, gap);
            gapEndMillis = atMillis;
        }
        if (!newLeader.isEmpty()) {
            over.add(new LiveView.Recovery(atMillis, "leader", newLeader + " after the log stood still", gapMillis));
            newLeader = "";
            stillMillis = 0;
        } else if (gap > STOOD_STILL_MILLIS) {
            stillMillis = gap;
            stillEndMillis = atMillis;
        } else if (stillMillis != 0 && atMillis - stillEndMillis > LEADER_WITHIN_MILLIS) {
            over.add(new LiveView.Recovery(stillEndMillis, "log", "took nothing, without a new leader", stillMillis));
            stillMillis = 0;
        }
        lastMillis = Math.max(lastMillis, atMillis);
    }

    /** What came before is another log's, or too long ago. */
    void forget() {
        uncertainSince.clear();
        lastMillis = 0;
        gapMillis = 0;
        stillMillis = 0;
        senderEpoch = 0;
        senderGone = null;
        halted = null;
    }

    private void sender(Event.GrantChanged grant, long atMillis) {
        if (senderEpoch == 0) {
            senderEpoch = grant.epoch(); // the first that is heard of was no hand-over
        } else if (senderGone == null && (grant.session() == 0 || grant.epoch() > senderEpoch)) {
            senderGone = new Outage(atMillis, grant.reason());
        }
    }

    private void trading(Event.Pulse pulse, long atMillis, List<LiveView.Recovery> over) {
        if (!pulse.canTrade()) {
            halted = halted == null ? new Outage(atMillis, pulse.reason()) : halted;
        } else if (halted != null) {
            over.add(recovered("trading", "can trade again", halted, atMillis));
            halted = null;
        }
    }

    private void order(Event.OrderChanged order, long atMillis, List<LiveView.Recovery> over) {
        if (order.state() == OrderState.UNCERTAIN) {
            if (uncertainSince.size() < MAX_UNCERTAIN) {
                uncertainSince.putIfAbsent(order.orderNumber(), atMillis);
            }
            return;
        }
        Long since = uncertainSince.remove(order.orderNumber());
        if (since != null) {
            over.add(new LiveView.Recovery(
                    atMillis,
                    "order " + order.orderNumber(),
                    "was uncertain, now " + order.state() + ": " + order.reason(),
                    atMillis - since));
        }
    }

    private static LiveView.Recovery recovered(String subject, String what, Outage outage, long atMillis) {
        return new LiveView.Recovery(
                atMillis, subject, what + " after: " + outage.reason, atMillis - outage.sinceMillis);
    }
}
