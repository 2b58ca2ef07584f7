package dev.holdfast.cluster;

/**
 * Why a member ended.
 *
 * @param orderly whether it was asked to
 */
public record Termination(boolean orderly, String reason) {}
