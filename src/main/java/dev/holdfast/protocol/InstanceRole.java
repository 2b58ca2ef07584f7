package dev.holdfast.protocol;

/** What runs in a data directory. */
public enum InstanceRole {
    NONE,
    STANDBY,
    PRIMARY
}
