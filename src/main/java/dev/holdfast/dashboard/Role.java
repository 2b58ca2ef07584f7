package dev.holdfast.dashboard;

import io.javalin.security.RouteRole;

/** Who may use a route, and what a user is. Each may do what the ones before it may. */
public enum Role implements RouteRole {
    /** Not logged in. */
    ANYONE,
    VIEWER,
    /** May trade, stop and kill. */
    OPERATOR;

    boolean mayUse(RouteRole route) {
        return route instanceof Role required && compareTo(required) >= 0;
    }
}
