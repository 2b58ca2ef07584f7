package dev.holdfast.projection;

/**
 * How far the event stream is in the database.
 *
 * @param sequence of the last event whose rows are there; 0 before the first
 * @param chainHash of that event
 * @param term of the primary that said so; only it may be written to
 */
record RecorderPosition(long sequence, long chainHash, long term) {}
