package dev.holdfast.recovery;

import dev.holdfast.protocol.RecoveryEvent;
import java.util.ArrayList;
import java.util.List;

/** What a handler decided, in order. Nothing happens until the machine applies it, so what throws leaves all as it was. */
final class Decision {

    /** A handler that wants more than this is broken; it is quarantined. */
    static final int MAX_EFFECTS = 1_000;

    /** Either an event or a change of state that needs no event. */
    sealed interface Effect {}

    record Emit(RecoveryEvent event) implements Effect {}

    record Change(Runnable change) implements Effect {}

    private final List<Effect> effects = new ArrayList<>();

    void emit(RecoveryEvent event) {
        add(new Emit(event));
    }

    /** The change must not fail and must not depend on anything but the state when it runs. */
    void change(Runnable change) {
        add(new Change(change));
    }

    List<Effect> effects() {
        return effects;
    }

    boolean isEmpty() {
        return effects.isEmpty();
    }

    private void add(Effect effect) {
        if (effects.size() == MAX_EFFECTS) {
            throw new IllegalStateException("a decision has more than " + MAX_EFFECTS + " effects");
        }
        effects.add(effect);
    }
}
