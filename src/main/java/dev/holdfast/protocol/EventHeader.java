package dev.holdfast.protocol;

/**
 * What every event carries.
 *
 * @param sequence consecutive from 1
 * @param chainHash over the previous event's chain hash and this event's bytes
 * @param logTimeNanos the time of the command that caused it; never goes back
 */
public record EventHeader(long sequence, long chainHash, long logTimeNanos) {}
