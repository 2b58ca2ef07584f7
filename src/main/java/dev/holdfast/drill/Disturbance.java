package dev.holdfast.drill;

/** What a measurement does to a database of several hosts. */
public enum Disturbance {
    /** The primary's postmaster alone dies; what looks after it on that host lives. */
    POSTMASTER_KILLED("postmaster killed, agent alive: next row"),
    /** Everything on the primary's host dies at once; it is started again when another is the primary. */
    HOST_LOST("host lost: next row"),
    /** A person orders a healthy primary to be moved. */
    SWITCHOVER("switchover: next row"),
    /** All of the PostgreSQL dies that commits wait for. */
    STANDBY_LOST("standby lost: longest pause");

    private final String title;

    Disturbance(String title) {
        this.title = title;
    }

    /** With what is measured of it. */
    public String title() {
        return title;
    }

    boolean movesPrimary() {
        return this != STANDBY_LOST;
    }
}
