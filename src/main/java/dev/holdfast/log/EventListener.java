package dev.holdfast.log;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;

/** Receives events in sequence, each once, with none missing. */
@FunctionalInterface
public interface EventListener {
    void onEvent(EventHeader header, Event event);
}
