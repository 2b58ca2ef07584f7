package dev.holdfast.engine;

import dev.holdfast.protocol.BookList;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Severity;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The day's rows at the broker that are not understood. Each bans its own instrument and nothing else, for as long as it stands;
 * each is alarmed once a day. While one may be an order of ours, that order is not proved absent.
 */
final class OddRows {

    /** The most rows kept of a day. Further ones cause one alarm and are not told apart. */
    static final int MAX_ROWS = 200;

    /** Who engages and releases the bans. */
    static final String USER = "engine";

    private final Map<String, Row> rows = new TreeMap<>();
    private int overflowDay;

    /**
     * @param standing whether the broker's lists still show it as odd
     * @param mayHide whether it may still be an order of ours that the book does not show otherwise
     */
    private record Row(Event.OddRowSeen seen, boolean standing, boolean mayHide) {}

    Answer reported(State state, Command.ReportOddRow row, Decision decision) {
        if (state.reads.began(row.session(), row.readId()) < 0) {
            return Answer.refused("read " + row.readId() + " is not the session's present one");
        }
        if (row.instrument() != 0 && state.market.instrument(row.instrument()) == null) {
            return Answer.refused("unknown instrument " + row.instrument());
        }
        if (row.key().isEmpty()) {
            return Answer.refused("an odd row needs a key");
        }
        return row.wrong().isEmpty() ? ended(state, row, decision) : seen(state, row, decision);
    }

    private Answer seen(State state, Command.ReportOddRow row, Decision decision) {
        Row known = rows.get(row.key());
        boolean ofToday = known != null && known.seen.day() == row.day();
        if (known != null && ofToday && known.standing) {
            return Answer.OK;
        }
        if (known == null && rows.size() >= MAX_ROWS) {
            return tooMany(state, row, decision);
        }
        decision.emit(new Event.OddRowSeen(
                row.day(),
                row.list(),
                row.instrument(),
                row.perhapsOurs(),
                row.key(),
                row.brokerOrderId(),
                row.tag(),
                row.wrong(),
                row.raw(),
                row.rawRest()));
        boolean banned = ban(state, row.instrument(), row.key() + ": " + row.wrong(), decision);
        if (!ofToday) {
            boolean perhapsOurs = row.list() == BookList.ORDERS && (row.perhapsOurs() || Orders.isOurTag(row.tag()));
            decision.emit(new Event.Alarm(
                    perhapsOurs ? Severity.CRITICAL : Severity.WARNING,
                    "row not understood",
                    row.key() + ": " + row.wrong()
                            + (banned ? "; " + state.market.name(row.instrument()) + " is banned for entries" : "")
                            + (perhapsOurs ? "; it may be an order of ours" : "")
                            + "; './holdfast status' shows the row"));
        }
        return Answer.OK;
    }

    private Answer tooMany(State state, Command.ReportOddRow row, Decision decision) {
        ban(state, row.instrument(), row.key() + ": " + row.wrong(), decision);
        if (overflowDay != row.day()) {
            decision.change(() -> overflowDay = row.day());
            decision.emit(new Event.Alarm(
                    Severity.CRITICAL,
                    "row not understood",
                    "more than " + MAX_ROWS
                            + " rows of the broker's lists are not understood today; the others are in the "
                            + "gateway's log; no order is proved absent today"));
        }
        return Answer.OK;
    }

    private Answer ended(State state, Command.ReportOddRow row, Decision decision) {
        Row known = rows.get(row.key());
        if (known != null && known.standing && known.seen.day() == row.day()) {
            Event.OddRowSeen seen = known.seen;
            decision.emit(new Event.OddRowSeen(
                    seen.day(), seen.list(), seen.instrument(), false, seen.key(), "", "", "", "", ""));
            release(state, List.of(seen), decision);
        }
        return Answer.OK;
    }

    private static boolean ban(State state, int instrument, String why, Decision decision) {
        String name = state.market.name(instrument);
        if (instrument == 0) {
            return false;
        }
        if (!state.switches.isEngaged(SwitchKind.BAN, SwitchScope.INSTRUMENT, name)) {
            decision.emit(new Event.SwitchChanged(
                    SwitchKind.BAN, SwitchScope.INSTRUMENT, true, name, USER, "row not understood: " + why));
        }
        return true;
    }

    /** Lifts our bans of instruments in which nothing else is odd. A person's ban stays. */
    private void release(State state, List<Event.OddRowSeen> over, Decision decision) {
        List<Integer> released = new ArrayList<>();
        for (Event.OddRowSeen row : over) {
            String name = state.market.name(row.instrument());
            boolean another = rows.values().stream()
                    .anyMatch(other -> other.standing
                            && other.seen.instrument() == row.instrument()
                            && !over.contains(other.seen));
            if (row.instrument() != 0
                    && !another
                    && !released.contains(row.instrument())
                    && state.switches.isEngagedBy(SwitchKind.BAN, SwitchScope.INSTRUMENT, name, USER)) {
                released.add(row.instrument());
                decision.emit(new Event.SwitchChanged(
                        SwitchKind.BAN,
                        SwitchScope.INSTRUMENT,
                        false,
                        name,
                        USER,
                        "nothing in the broker's lists is odd in it any more"));
            }
        }
    }

    /** Forgets the rows of earlier days and lifts their bans. */
    void dayOpens(State state, int day, Decision decision) {
        List<Event.OddRowSeen> over = rows.values().stream()
                .filter(row -> row.seen.day() < day)
                .map(Row::seen)
                .toList();
        release(state, over, decision);
        decision.change(() -> rows.values().removeIf(row -> row.seen.day() < day));
    }

    /** Notes that the book now shows this order in a row that is understood: no odd row can hide it any more. */
    void understood(String brokerOrderId) {
        rows.replaceAll((key, row) -> row.seen.list() == BookList.ORDERS
                        && !brokerOrderId.isEmpty()
                        && row.seen.brokerOrderId().equals(brokerOrderId)
                ? new Row(row.seen, row.standing, false)
                : row);
    }

    /** Whether a row that is not understood may be this order, so that a clean read does not prove anything about it. */
    boolean mayHide(Event.OrderChanged order) {
        if (overflowDay != 0 && overflowDay == order.day()) {
            return true;
        }
        for (Row row : rows.values()) {
            Event.OddRowSeen seen = row.seen;
            boolean sameId =
                    !seen.brokerOrderId().isEmpty() && seen.brokerOrderId().equals(order.brokerOrderId());
            boolean sameTag = seen.tag().isEmpty()
                    ? seen.perhapsOurs() && (seen.instrument() == 0 || seen.instrument() == order.instrument())
                    : seen.tag().equals(order.tag());
            if (row.mayHide && (sameId || sameTag)) {
                return true;
            }
        }
        return false;
    }

    void apply(Event.OddRowSeen event) {
        Row known = rows.get(event.key());
        if (event.wrong().isEmpty()) {
            if (known != null) {
                rows.put(event.key(), new Row(known.seen, false, known.mayHide));
            }
            return;
        }
        rows.put(event.key(), new Row(event, true, event.list() == BookList.ORDERS));
    }

    /** Rows that the broker's lists show as odd at present; checkpoints repeat them for readers that start there. */
    List<Event.OddRowSeen> standing() {
        return rows.values().stream().filter(Row::standing).map(Row::seen).toList();
    }

    void save(StateWriter out) {
        out.number(overflowDay);
        out.number(rows.size());
        rows.values().forEach(row -> {
            out.event(row.seen);
            out.flag(row.standing);
            out.flag(row.mayHide);
        });
    }

    void load(StateReader in) {
        if (in.version() < 4) {
            return; // the layout before knew none
        }
        overflowDay = in.integer();
        for (int n = in.integer(); n > 0; n--) {
            Event.OddRowSeen seen = in.event(Event.OddRowSeen.class);
            rows.put(seen.key(), new Row(seen, in.flag(), in.flag()));
        }
    }
}
