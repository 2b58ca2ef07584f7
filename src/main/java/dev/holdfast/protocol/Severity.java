package dev.holdfast.protocol;

/** How soon a person should look. */
public enum Severity {
    INFO,
    WARNING,
    CRITICAL
}
