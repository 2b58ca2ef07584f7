package dev.holdfast.dashboard;

/**
 * Somebody who is logged in.
 *
 * @param csrf the token that every call which changes something must carry
 * @param expiresMillis epoch milliseconds
 * @param userStamp of the user when it began
 */
record Session(String user, Role role, String csrf, long expiresMillis, String userStamp) {

    Session {
        if (user.isBlank() || role == Role.ANYONE || csrf.length() < 16) {
            throw new IllegalArgumentException("a session needs a user, a user's role and a token of 16 characters");
        }
    }
}
