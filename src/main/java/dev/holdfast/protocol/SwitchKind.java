package dev.holdfast.protocol;

/** A kill switch refuses wishes and cancels what works; a ban refuses only what would open or grow a position. */
public enum SwitchKind {
    KILL,
    BAN
}
