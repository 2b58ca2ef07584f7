package dev.holdfast.engine;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Severity;

/**
 * The broker refuses order after order with the same words: that is not about an order but about who sends it. Then one order a
 * minute is tried, and the right to send goes to a gateway that was not refused, if there is one.
 */
final class Refusals {

    /** Refusals in a row after which the broker is taken to refuse every order of this sender. */
    static final int IN_A_ROW = 3;

    static final long TRIAL_NANOS = 60_000_000_000L;

    private long session;
    private String words = "";
    private int count;
    private int instrument;
    private boolean severalInstruments;
    private boolean refusing;
    private long triedNanos;

    /** One answer of the broker to the present sender. */
    void answered(State state, Command.ReportSend report, int itsInstrument, Decision decision) {
        Event.GrantChanged sender = state.grants.grant(GrantKind.SENDER);
        if (report.epoch() != sender.epoch() || sender.session() == 0) {
            return;
        }
        switch (report.outcome()) {
            case UNCERTAIN, NOT_SENT -> {}
            case ACCEPTED -> decision.change(() -> passed(state, sender.session()));
            case REFUSED -> {
                if (isAboutTheSender(report.errorType())) {
                    refused(state, sender, report, itsInstrument, decision);
                } else if (!report.errorType().isEmpty()) {
                    decision.change(() -> passed(state, sender.session())); // it looked at the order itself
                }
            }
        }
    }

    /** Whether the error concerns the sender and not the order. An InputException may be either; see {@link #refused}. */
    private static boolean isAboutTheSender(String errorType) {
        return errorType.equals("PermissionException")
                || errorType.equals("UserException")
                || errorType.equals("InputException");
    }

    private void passed(State state, long sender) {
        state.grants.fitness().accepted(sender);
        words = "";
        count = 0;
        refusing = false;
    }

    private void refused(
            State state, Event.GrantChanged sender, Command.ReportSend report, int itsInstrument, Decision decision) {
        String said = report.errorType() + ": " + report.message();
        boolean again = session == sender.session() && said.equals(words);
        int inARow = again ? count + 1 : 1;
        boolean several = again && (severalInstruments || instrument != itsInstrument);
        boolean now = inARow >= IN_A_ROW && (several || !report.errorType().equals("InputException"));
        boolean before = again && refusing;
        long at = state.now;
        decision.change(() -> {
            session = sender.session();
            words = said;
            count = inARow;
            severalInstruments = several;
            instrument = itsInstrument;
            refusing = now;
            if (now) {
                triedNanos = at;
                state.grants.fitness().refused(sender.session(), at);
            }
        });
        if (now && !before) {
            decision.emit(
                    new Event.Alarm(
                            Severity.CRITICAL,
                            "orders refused",
                            "the broker refuses orders from host " + sender.host() + ": " + said
                                    + "; one a minute is tried; look at the addresses and permissions registered with the broker"));
        }
    }

    /** Whether the present sender's orders are refused whatever they are. */
    boolean areAState(State state) {
        return refusing && state.grants.grant(GrantKind.SENDER).session() == session;
    }

    /** Why nothing is sent at the usual rate, or empty. */
    String because(State state) {
        return areAState(state)
                ? "the broker refuses orders from this address: " + words + "; one a minute is tried"
                : "";
    }

    /** Whether a call may go out now. */
    boolean admit(State state) {
        return !areAState(state) || state.now - triedNanos >= TRIAL_NANOS;
    }

    /** A call went out. */
    void tried(long now) {
        triedNanos = now;
    }

    void save(StateWriter out) {
        out.number(session);
        out.text(words);
        out.number(count);
        out.number(instrument);
        out.flag(severalInstruments);
        out.flag(refusing);
        out.number(triedNanos);
    }

    void load(StateReader in) {
        if (in.version() < 4) {
            return; // the layout before knew none
        }
        session = in.number();
        words = in.text();
        count = in.integer();
        instrument = in.integer();
        severalInstruments = in.flag();
        refusing = in.flag();
        triedNanos = in.number();
    }
}
