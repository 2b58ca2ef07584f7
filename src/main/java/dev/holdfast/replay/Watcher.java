package dev.holdfast.replay;

import dev.holdfast.cluster.RecordedInputs;
import dev.holdfast.engine.TradingEngine;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;

/** Looks on while a log is replayed. */
interface Watcher {

    /** The engine stands as it did before the first input that is replayed. */
    void begins(TradingEngine engine);

    /** This input comes next. */
    void before(RecordedInputs input, TradingEngine engine);

    /** The input caused this. */
    void event(EventHeader header, Event event);

    /** For a replay that nobody watches. */
    Watcher NOBODY = new Watcher() {
        @Override
        public void begins(TradingEngine engine) {}

        @Override
        public void before(RecordedInputs input, TradingEngine engine) {}

        @Override
        public void event(EventHeader header, Event event) {}
    };
}
