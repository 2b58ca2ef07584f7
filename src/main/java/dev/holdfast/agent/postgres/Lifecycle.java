package dev.holdfast.agent.postgres;

import java.util.ArrayList;
import java.util.List;

/** Starts and ends the server of one host, one thing at a time, always as a standby. */
final class Lifecycle {

    /** After a start that failed. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final Place place;
    private final Instance instance;
    private final List<Runnable> ended = new ArrayList<>();
    private int attempt;
    private boolean starting;
    private boolean killing;
    private String failure = "";
    private long notBeforeNanos;

    Lifecycle(Place place) {
        this.place = place;
        this.instance = place.instance();
    }

    /** Whether what runs here is about to change, so that nothing should be told of it. */
    boolean busy() {
        return starting || killing;
    }

    /** Why the last start failed; empty when it did not. */
    String failure() {
        return failure;
    }

    /**
     * Sees to it that the server runs as a standby.
     *
     * @return whether it does
     */
    boolean stand() {
        if (busy()) {
            return false;
        }
        if (instance.postmasterAlive() && place.fencer().alive()) {
            return instance.sight().answers();
        }
        if (!instance.clean()) {
            kill("what is left of its server has lost " + (place.fencer().alive() ? "its postmaster" : "its fencer"));
        } else if (instance.hasData() && place.now() >= notBeforeNanos) {
            start(false);
        }
        return false;
    }

    /** Makes the region's first data directory, then starts on it. */
    void initialise() {
        if (!busy() && place.now() >= notBeforeNanos && instance.clean()) {
            start(true);
        }
    }

    private void start(boolean afresh) {
        int mine = ++attempt;
        starting = true;
        place.note(afresh ? "makes the first data directory" : "starts as a standby");
        if (afresh) {
            instance.initialise(outcome -> started(mine, outcome));
        } else {
            instance.startStandby(outcome -> started(mine, outcome));
        }
    }

    private void started(int mine, Instance.Outcome outcome) {
        if (mine != attempt) {
            return; // it was killed meanwhile
        }
        starting = false;
        failure = outcome.failure();
        if (!outcome.succeeded()) {
            notBeforeNanos = place.now() + PAUSE_NANOS;
            place.note("could not start: " + failure);
        }
    }

    /**
     * Stops it in order; then {@link #stand} starts it with what programs and settings there are now.
     *
     * @return false when it is about to change anyway
     */
    boolean restart(String why) {
        if (busy() || !instance.postmasterAlive()) {
            return false;
        }
        attempt++;
        killing = true;
        place.note("stops its server: " + why);
        instance.stop(this::ended);
        return true;
    }

    private void kill(String why) {
        kill(why, () -> {});
    }

    /** Ends everything in the data directory, also what is being started; then, with nothing left, does what was asked. */
    void kill(String why, Runnable then) {
        ended.add(then);
        if (killing) {
            return;
        }
        attempt++;
        starting = false;
        killing = true;
        place.note("kills its server: " + why);
        instance.kill(this::ended);
    }

    private void ended() {
        killing = false;
        List<Runnable> due = List.copyOf(ended);
        ended.clear();
        due.forEach(Runnable::run);
    }
}
