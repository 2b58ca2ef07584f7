package dev.holdfast.dashboard;

import dev.holdfast.dashboard.RecoveryView.Decision;
import dev.holdfast.dashboard.RecoveryView.Incident;
import dev.holdfast.dashboard.RecoveryView.Step;
import dev.holdfast.dashboard.RecoveryView.Tone;
import dev.holdfast.protocol.RecoveryEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One loss of redundancy, step by step. Of many steps it keeps the first, which say what happened, and the last. */
final class IncidentStory {

    static final int FIRST_STEPS = 15;
    static final int MAX_STEPS = 30;

    private final RecoveryEvent.IncidentOpened opened;
    private final long openedMillis;
    private final List<Step> steps = new ArrayList<>();
    private int leftOut;
    private long firstMillis;
    private long lastMillis;
    private RecoveryEvent.@Nullable IncidentClosed closed;

    /** @param openedMillis 0 when it was open before we began to read */
    IncidentStory(RecoveryEvent.IncidentOpened opened, long openedMillis) {
        this.opened = opened;
        this.openedMillis = openedMillis;
    }

    long number() {
        return opened.incident();
    }

    long openedMillis() {
        return openedMillis;
    }

    boolean open() {
        return closed == null;
    }

    /** The last sign of life of what was lost: from then on nobody could count on it. */
    void lastSign(String host, long term, long atMillis) {
        if (atMillis > lastMillis) {
            add(atMillis, Tone.PLAIN, "last renewal of its lease", host, term, "nothing was heard from it after this");
        }
    }

    void add(Decision decision) {
        if (decision.milestone() && decision.atMillis() >= lastMillis) {
            add(
                    decision.atMillis(),
                    decision.tone(),
                    decision.what(),
                    decision.host(),
                    decision.term(),
                    decision.reason());
        }
    }

    private void add(long atMillis, Tone tone, String what, String host, long term, String reason) {
        if (steps.isEmpty()) {
            firstMillis = atMillis;
            lastMillis = atMillis;
        }
        steps.add(new Step(atMillis, atMillis - firstMillis, atMillis - lastMillis, tone, what, host, term, reason));
        lastMillis = atMillis;
        if (steps.size() > MAX_STEPS) {
            steps.remove(FIRST_STEPS);
            leftOut++;
        }
    }

    void close(RecoveryEvent.IncidentClosed end) {
        closed = end;
    }

    Incident view(long ageMillis) {
        RecoveryEvent.IncidentClosed end = closed;
        return new Incident(
                opened.incident(),
                end == null,
                opened.host(),
                opened.term(),
                opened.reason(),
                openedMillis,
                end == null ? ageMillis : end.lastedMillis(),
                end == null ? "" : end.reason(),
                leftOut,
                List.copyOf(steps));
    }
}
