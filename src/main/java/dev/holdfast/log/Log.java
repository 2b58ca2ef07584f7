package dev.holdfast.log;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;

/** The log of the trading engine. */
public interface Log extends ReplicatedLog<Command, Event> {}
