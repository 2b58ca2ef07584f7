package dev.holdfast.engine;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.Origin;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the broker's answers, book and trades prove about our orders, and what is adopted because we did not place it. */
final class Evidence {

    static final int ABSENCE_READS = 3;
    static final long ABSENCE_NANOS = 15_000_000_000L;

    /** A cancel the broker accepted and the book does not show by then is asked for again. */
    static final long CANCEL_AGAIN_NANOS = 3_000_000_000L;

    private final State state;
    private final OrderDesk desk;
    private final Ownership ownership;
    private final Reassignment reassignment;

    Evidence(State state, OrderDesk desk) {
        this.state = state;
        this.desk = desk;
        this.ownership = state.guards.ownership().apply(state);
        this.reassignment = new Reassignment(state);
    }

    Answer sendReported(Command.ReportSend report, Decision decision) {
        OrderEntry entry = state.orders.find(report.orderNumber());
        state.refusals.answered(state, report, entry == null ? 0 : entry.order.instrument(), decision);
        if (entry == null
                || entry.sendNumber != report.sendNumber()
                || entry.order.state().isTerminal()) {
            return Answer.OK; // settled by better evidence meanwhile
        }
        switch (entry.sendAction) {
            case PLACE -> placeReported(entry, report, decision);
            case MODIFY, CANCEL -> amendmentReported(entry, report, decision);
        }
        return Answer.OK;
    }

    private void placeReported(OrderEntry entry, Command.ReportSend report, Decision decision) {
        OrderState now = entry.order.state();
        boolean open = now == OrderState.SENDING || now == OrderState.UNCERTAIN;
        switch (report.outcome()) {
            case ACCEPTED -> {
                String taken = entry.order.brokerOrderId();
                if (!taken.isEmpty() && !taken.equals(report.brokerOrderId())) {
                    ownership.mistaken(entry, report.brokerOrderId(), decision);
                    answered(entry, decision);
                    return;
                }
                OrderDraft draft = new OrderDraft(entry.order).brokerOrderId(report.brokerOrderId());
                decision.change(() -> entry.acceptedNanos = entry.acceptedNanos == 0 ? state.now : entry.acceptedNanos);
                if (open || now == OrderState.HELD) {
                    settle(draft, entry.brokerState, entry.brokerFilled, "accepted by the broker");
                }
                decision.emit(draft.build());
                answered(entry, decision);
            }
            case REFUSED -> {
                if (open) {
                    decision.emit(new OrderDraft(entry.order)
                            .to(OrderState.REJECTED, report.errorType() + ": " + report.message())
                            .build());
                }
                answered(entry, decision);
            }
            case NOT_SENT -> {
                if (open) {
                    decision.emit(new OrderDraft(entry.order)
                            .to(OrderState.NOT_SENT, report.message())
                            .build());
                }
                answered(entry, decision);
            }
            case UNCERTAIN -> desk.doubt(entry, report.message(), decision);
        }
    }

    private void amendmentReported(OrderEntry entry, Command.ReportSend report, Decision decision) {
        if (entry.order.amendment() == AmendmentState.NONE) {
            return;
        }
        boolean cancel = entry.sendAction == SendAction.CANCEL;
        switch (report.outcome()) {
            // The book is the evidence that it was done; the answer only says when to expect it there.
            case ACCEPTED -> answered(entry, decision);
            case REFUSED, NOT_SENT -> {
                OrderDraft draft = new OrderDraft(entry.order)
                        .amended((cancel ? "cancel" : "modification") + " " + report.outcome() + ": "
                                + report.errorType() + " " + report.message());
                decision.emit(draft.build());
                answered(entry, decision);
                decision.change(() -> entry.sendNumber = 0);
            }
            case UNCERTAIN -> desk.doubt(entry, report.message(), decision);
        }
    }

    private void answered(OrderEntry entry, Decision decision) {
        long now = state.now;
        decision.change(() -> entry.sendAnsweredNanos = now);
    }

    /** Where the book and the trades booked so far put an order. It ends only when both tell the same quantity. */
    static void settle(OrderDraft draft, BrokerOrderState broker, long brokerFilled, String why) {
        boolean tradesComplete = draft.filledQuantity() >= brokerFilled;
        OrderState open = draft.filledQuantity() > 0 ? OrderState.PARTLY_FILLED : OrderState.WORKING;
        OrderState next = draft.filledQuantity() >= draft.quantity()
                ? OrderState.FILLED
                : switch (broker) {
                    case LIVE -> open;
                    case COMPLETE -> tradesComplete ? OrderState.FILLED : open;
                    case CANCELLED -> tradesComplete ? OrderState.CANCELLED : open;
                    case REJECTED -> tradesComplete ? OrderState.REJECTED : open;
                };
        if (next != draft.state()) {
            draft.to(next, why);
        }
    }

    Answer orderReported(Command.ReportOrder row, Decision decision) {
        String wrongDay = wrongDay(row.day());
        if (!wrongDay.isEmpty()) {
            return Answer.refused(wrongDay);
        }
        if (state.market.instrument(row.instrument()) == null
                || row.quantity() <= 0
                || row.pricePaise() < 0
                || row.filledQuantity() < 0
                || row.brokerOrderId().isEmpty()) {
            return Answer.refused("order row " + row.brokerOrderId() + " is impossible: instrument " + row.instrument()
                    + ", quantity " + row.quantity() + ", price " + row.pricePaise() + " paise");
        }
        decision.change(() -> state.oddRows.understood(row.brokerOrderId()));
        OrderEntry entry = state.orders.findByBrokerId(row.brokerOrderId());
        if (entry != null) {
            return known(entry, row, decision);
        }
        if (state.orders.retired(row.brokerOrderId()) || mayHaveRetired(row)) {
            return Answer.OK; // one of our own that ended; its trades are known by key
        }
        Ownership.Finding found = ownership.find(row);
        OrderEntry intent = found.intent();
        if (intent == null) {
            return ownership.adopt(row, found.whyForeign(), decision);
        }
        return intent.order.state().isTerminal() ? ownership.late(intent, row, decision) : known(intent, row, decision);
    }

    private boolean mayHaveRetired(Command.ReportOrder row) {
        Event.EngineConfigured settings = state.configuration;
        return settings != null && state.orders.mayHaveRetired(row, settings.incarnation());
    }

    private Answer known(OrderEntry entry, Command.ReportOrder row, Decision decision) {
        long brokerFilled = Math.max(entry.brokerFilled, row.filledQuantity()); // filled quantity never falls
        boolean ended = entry.brokerState != BrokerOrderState.LIVE;
        BrokerOrderState broker = ended ? entry.brokerState : row.state(); // nor does a book's end go back
        decision.change(() -> {
            entry.brokerState = broker;
            entry.brokerFilled = brokerFilled;
            entry.seenInBook = true;
            entry.acceptedNanos = entry.acceptedNanos == 0 ? state.now : entry.acceptedNanos;
        });
        OrderChanged order = entry.order;
        noteTerms(entry, row, decision);
        if (order.state().isTerminal()) {
            return Answer.OK;
        }
        OrderDraft draft = new OrderDraft(order).brokerOrderId(row.brokerOrderId());
        boolean modified = order.amendment() != AmendmentState.NONE
                && entry.sendAction == SendAction.MODIFY
                && row.quantity() == order.pendingQuantity()
                && row.pricePaise() == order.pendingPricePaise();
        if (modified) {
            draft.amended("modified");
            decision.change(() -> entry.sendNumber = 0);
        }
        boolean asAsked = row.orderType() == order.orderType();
        draft.terms(row.quantity(), asAsked && order.pricePaise() != 0 ? row.pricePaise() : order.pricePaise());
        String why = row.message().isEmpty() ? "the broker's book: " + row.status() : row.message();
        settle(draft, broker, brokerFilled, why);
        if (order.state() == OrderState.HELD && draft.state().isWorking() && broker == BrokerOrderState.LIVE) {
            draft.cancelWanted(true, "it was held, appeared in the broker's book, and is being cancelled");
        }
        emitIfDifferent(order, draft, decision);
        return Answer.OK;
    }

    /** The broker may turn a MARKET order into a LIMIT, and a person may change any order in the broker's screens. */
    private static void noteTerms(OrderEntry entry, Command.ReportOrder row, Decision decision) {
        OrderChanged order = entry.order;
        Event.OrderTermsSeen seen = new Event.OrderTermsSeen(
                order.orderNumber(), row.orderType(), row.quantity(), row.pricePaise(), row.brokerOrderId());
        boolean asAsked = row.orderType() == order.orderType()
                && row.quantity() == order.quantity()
                && row.pricePaise() == order.pricePaise();
        if (entry.terms == null ? !asAsked : !seen.equals(entry.terms)) {
            decision.emit(seen);
        }
    }

    private static void emitIfDifferent(OrderChanged before, OrderDraft draft, Decision decision) {
        OrderChanged after = draft.build();
        OrderChanged asBefore = new OrderDraft(before).build();
        if (!after.equals(asBefore)) {
            decision.emit(after);
        }
    }

    private String wrongDay(int day) {
        return state.day.phase() == DayPhase.NONE || day != state.day.day()
                ? "it is of day " + day + ", the engine's trading day is "
                        + (state.day.phase() == DayPhase.NONE ? "not open yet" : state.day.day())
                : "";
    }

    Answer tradeReported(Command.ReportTrade row, Decision decision) {
        String wrongDay = wrongDay(row.day());
        if (!wrongDay.isEmpty()) {
            return Answer.refused(wrongDay);
        }
        if (state.market.instrument(row.instrument()) == null || row.quantity() <= 0 || row.pricePaise() <= 0) {
            return Answer.refused("trade " + row.tradeId() + " is impossible: instrument " + row.instrument()
                    + ", quantity " + row.quantity() + ", price " + row.pricePaise() + " paise");
        }
        String key = state.market.name(row.instrument()).split(":", 2)[0] + "/" + row.tradeId();
        if (state.orders.knowsTrade(key)) {
            return Answer.OK;
        }
        OrderEntry entry = state.orders.findByBrokerId(row.brokerOrderId());
        Event.TradeBooked trade = new Event.TradeBooked(
                row.day(),
                entry == null ? 0 : entry.order.orderNumber(),
                row.instrument(),
                row.side(),
                row.product(),
                row.quantity(),
                row.pricePaise(),
                row.fillTimeNanos(),
                row.tradeId(),
                row.brokerOrderId(),
                entry == null ? "" : entry.order.strategy());
        decision.emit(trade);
        decision.change(() -> state.orders.bookTrade(key));
        state.positions.book(trade, decision);
        Shares.book(trade, state, decision);
        fillOrder(entry, row, decision);
        return Answer.OK;
    }

    private void fillOrder(@Nullable OrderEntry entry, Command.ReportTrade row, Decision decision) {
        if (entry == null) {
            decision.emit(new Event.Alarm(
                    Severity.WARNING,
                    "trade " + row.tradeId(),
                    "of order " + row.brokerOrderId() + ", which we do not know; booked as unassigned"));
            return;
        }
        OrderDraft draft = new OrderDraft(entry.order).fill(row.quantity(), row.pricePaise());
        if (entry.order.state().isTerminal()) {
            if (entry.order.origin() == Origin.INTENT) {
                decision.emit(new Event.Alarm(
                        Severity.WARNING,
                        "order " + entry.order.orderNumber(),
                        "trade " + row.tradeId() + " arrived after it was " + entry.order.state()));
            }
        } else {
            settle(draft, entry.brokerState, entry.brokerFilled, "filled");
        }
        decision.emit(draft.build());
    }

    Answer readEnded(Command.EndRead end, Decision decision) {
        long began = state.reads.began(end.session(), end.readId());
        if (began < 0) {
            return Answer.refused("read " + end.readId() + " is not the session's present one");
        }
        decision.emit(new Event.ReadCompleted(
                end.session(),
                end.readId(),
                end.day(),
                end.clean(),
                end.orders(),
                end.trades(),
                end.positions(),
                began));
        if (!end.clean() || !wrongDay(end.day()).isEmpty()) {
            return Answer.OK;
        }
        decision.change(() -> state.reads.endedClean(end.readId(), began));
        Map<Positions.Key, Long> figures = state.reads.figures(end.session());
        if (figures != null) {
            Reads.Read read = java.util.Objects.requireNonNull(state.reads.present(end.session(), end.readId()));
            comparePositions(read, figures, decision);
        }
        for (OrderEntry entry : state.orders.live()) {
            if (entry.order.day() != end.day()) {
                continue;
            }
            if (entry.order.state() == OrderState.UNCERTAIN) {
                proveAbsent(entry, began, decision);
            } else if (entry.order.amendment() != AmendmentState.NONE) {
                settleAmendment(entry, began, decision);
            }
        }
        return Answer.OK;
    }

    private void comparePositions(Reads.Read read, Map<Positions.Key, Long> figures, Decision decision) {
        TreeSet<Positions.Key> busy = new TreeSet<>();
        for (OrderEntry entry : state.orders.live()) {
            OrderChanged order = entry.order;
            boolean resting = order.state() == OrderState.HELD
                    || (order.state().isWorking()
                            && entry.stateSinceNanos < read.beganNanos()
                            && entry.brokerFilled <= order.filledQuantity()
                            && entry.brokerState == BrokerOrderState.LIVE);
            if (!resting && order.state() != OrderState.COMMITTED) {
                busy.add(new Positions.Key(order.instrument(), order.product()));
            }
        }
        TreeMap<Positions.Key, Long> lasting = new TreeMap<>();
        state.positions.compare(read, figures, busy::contains, decision, lasting::put);
        settleConversions(lasting, decision);
        lasting.keySet()
                .forEach(key -> decision.emit(new Event.Alarm(
                        Severity.CRITICAL,
                        "position difference",
                        state.market.name(key.instrument()) + " " + key.product() + ": two clean reads show "
                                + state.positions.reported(key) + " at the broker, our trades make "
                                + state.positions.quantity(key.instrument(), key.product())
                                + "; exits stay within the broker's figure; see './holdfast position list'")));
    }

    /** Takes in conversions: a lack under one product that equals a surplus under another product of the same instrument. */
    private void settleConversions(Map<Positions.Key, Long> lasting, Decision decision) {
        for (Positions.Key from : List.copyOf(lasting.keySet())) {
            for (Positions.Key to : List.copyOf(lasting.keySet())) {
                Long less = lasting.get(from);
                Long more = lasting.get(to);
                if (less != null
                        && more != null
                        && from.instrument() == to.instrument()
                        && less == -more
                        && reassignment.convert(from, to, more, decision)) {
                    state.positions.settled(from, decision);
                    state.positions.settled(to, decision);
                    lasting.remove(from);
                    lasting.remove(to);
                }
            }
        }
    }

    /** Only reads that began after the last moment it could have been written count. */
    private void proveAbsent(OrderEntry entry, long began, Decision decision) {
        if (began <= entry.uncertainSinceNanos || state.oddRows.mayHide(entry.order)) {
            return;
        }
        int reads = entry.cleanReads + 1;
        decision.change(() -> entry.cleanReads = reads);
        if (reads >= ABSENCE_READS && began >= entry.uncertainSinceNanos + ABSENCE_NANOS) {
            decision.emit(new OrderDraft(entry.order)
                    .to(
                            OrderState.ABSENT,
                            "not in " + reads + " clean reads of the book, the last begun "
                                    + (began - entry.uncertainSinceNanos) / 1_000_000_000L
                                    + " s after it could last have been sent")
                    .build());
        }
    }

    private void settleAmendment(OrderEntry entry, long began, Decision decision) {
        boolean uncertain = entry.order.amendment() == AmendmentState.UNCERTAIN;
        long since = uncertain ? entry.uncertainSinceNanos : entry.sendAnsweredNanos;
        if (since == 0 || began <= since || state.oddRows.mayHide(entry.order)) {
            return;
        }
        int reads = entry.cleanReads + 1;
        decision.change(() -> entry.cleanReads = reads);
        boolean cancel = entry.sendAction == SendAction.CANCEL;
        boolean settled = cancel
                ? uncertain || began > since + CANCEL_AGAIN_NANOS
                : !uncertain || (reads >= ABSENCE_READS && began >= since + ABSENCE_NANOS);
        if (settled) {
            decision.emit(new OrderDraft(entry.order)
                    .amended(
                            cancel
                                    ? "the book does not show the cancel; asked again"
                                    : "the book does not show the modification")
                    .build());
            decision.change(() -> entry.sendNumber = 0);
        }
    }
}
