package dev.holdfast.protocol;

/** The broker call asked for. */
public enum SendAction {
    PLACE,
    MODIFY,
    CANCEL
}
