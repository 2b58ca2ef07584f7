package dev.holdfast.log;

/**
 * @param connected whether commands can be submitted now
 * @param leader the leading member's number, -1 when unknown
 * @param term the leadership term, -1 when unknown
 */
public record LogStatus(boolean connected, int leader, long term) {}
