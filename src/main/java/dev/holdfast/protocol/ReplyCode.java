package dev.holdfast.protocol;

/** Whether a command was taken. DUPLICATE repeats an answer given before; GAP asks the client to go back. */
public enum ReplyCode {
    OK,
    REFUSED,
    QUARANTINED,
    DUPLICATE,
    GAP
}
