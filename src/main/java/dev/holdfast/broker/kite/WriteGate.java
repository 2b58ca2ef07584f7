package dev.holdfast.broker.kite;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Lets one order call out at most once, and knows afterwards whether it did. The question whether we may still send is asked
 * here, when the connection stands and the next thing is the write. What remains between the answer and the network card is a
 * pause of this process; the exchange's ledger would show an order that arrived after our epoch's end.
 */
final class WriteGate {

    private enum State {
        CLOSED_YET,
        OPENED,
        SHUT
    }

    private final BooleanSupplier mayWrite;
    private final AtomicReference<State> state = new AtomicReference<>(State.CLOSED_YET);

    WriteGate(BooleanSupplier mayWrite) {
        this.mayWrite = mayWrite;
    }

    /** True for the first caller only, and only if we may write. A second attempt (a retry inside the HTTP client) is refused. */
    boolean open() {
        if (!mayWrite.getAsBoolean()) {
            shut();
            return false;
        }
        return state.compareAndSet(State.CLOSED_YET, State.OPENED);
    }

    /** Nothing passes from now on. True if nothing passed before: then it is proved that no order was written. */
    boolean shut() {
        return state.compareAndSet(State.CLOSED_YET, State.SHUT) || state.get() == State.SHUT;
    }
}
