package dev.holdfast.log;

import dev.holdfast.protocol.EventHeader;

/** Receives events in sequence, each once, with none missing. */
@FunctionalInterface
public interface EventListener<E> {
    void onEvent(EventHeader header, E event);
}
