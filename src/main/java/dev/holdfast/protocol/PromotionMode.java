package dev.holdfast.protocol;

/** Why this host, and what may be missing on it. */
public enum PromotionMode {
    /** The first primary of all. */
    FIRST,
    /** The eligible standby: no acknowledged row is missing. */
    SAFE,
    /** The eligible standby, because a person wanted it. */
    PLANNED,
    /** The last primary itself, known to have ended: it holds all that it acknowledged. */
    SAME_HOST,
    /** Nobody eligible within the patience: the furthest copy; rows may be missing until they are written again from the log. */
    BEST_COPY,
    /** A person accepted the loss. */
    ACCEPTED_LOSS;

    /** Whether every acknowledged row must be there. */
    public boolean complete() {
        return switch (this) {
            case FIRST, SAFE, PLANNED, SAME_HOST -> true;
            case BEST_COPY, ACCEPTED_LOSS -> false;
        };
    }
}
