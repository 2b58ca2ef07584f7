package dev.holdfast.log;

import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;

/** The log of the recovery machine, apart from the one of the trading engine so that no trouble of it reaches recovery. */
public interface RecoveryLog extends ReplicatedLog<RecoveryCommand, RecoveryEvent> {}
