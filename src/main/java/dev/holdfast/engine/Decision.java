package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * What a handler decided: events and changes of private state, in order. Nothing happens until the engine applies it, so
 * a handler that throws leaves everything as it was.
 */
final class Decision {

    /** A handler that wants more than this is broken; it is quarantined. */
    static final int MAX_EFFECTS = 10_000;

    /** Either an event or a change of state that needs no event. */
    sealed interface Effect {}

    record Emit(Event event) implements Effect {}

    record Change(Runnable change) implements Effect {}

    private final List<Effect> effects = new ArrayList<>();

    private int sendRequests;

    void emit(Event event) {
        add(new Emit(event));
        if (event instanceof Event.SendRequested) {
            sendRequests++;
        }
    }

    /** The send requests in this decision so far: each needs its own number. */
    int sendRequests() {
        return sendRequests;
    }

    /** The change must not fail and must not depend on anything but the state when it runs. */
    void change(Runnable change) {
        add(new Change(change));
    }

    List<Effect> effects() {
        return effects;
    }

    private void add(Effect effect) {
        if (effects.size() == MAX_EFFECTS) {
            throw new IllegalStateException("a decision has more than " + MAX_EFFECTS + " effects");
        }
        effects.add(effect);
    }
}
