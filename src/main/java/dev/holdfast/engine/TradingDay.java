package dev.holdfast.engine;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.OrderState;

/** Opens and closes the trading day: the broker forgets yesterday, so nothing of it may stay open unnoticed. */
final class TradingDay {

    private final State state;

    TradingDay(State state) {
        this.state = state;
    }

    Answer opening(Command.ReportOpening row, Decision decision) {
        if (state.reads.began(row.session(), row.readId()) < 0) {
            return Answer.refused("read " + row.readId() + " is not the session's present one");
        }
        if (state.market.instrument(row.instrument()) == null || row.pricePaise() < 0) {
            return Answer.refused(
                    "opening of instrument " + row.instrument() + " at " + row.pricePaise() + " paise is impossible");
        }
        Positions.Holding holding =
                new Positions.Holding(row.quantity(), Math.multiplyExact(row.quantity(), row.pricePaise()), 0);
        decision.change(
                () -> state.reads.opening(row.session(), new Positions.Key(row.instrument(), row.product()), holding));
        return Answer.OK;
    }

    Answer open(Command.OpenDay ask, Decision decision) {
        if (state.day.phase() != DayPhase.NONE && ask.day() <= state.day.day()) {
            return ask.day() == state.day.day() && state.day.phase() == DayPhase.OPEN
                    ? Answer.OK
                    : Answer.refused("day " + ask.day() + " is over; the engine's trading day is " + state.day.day());
        }
        if (state.reads.began(ask.session(), ask.readId()) < 0) {
            return Answer.refused("read " + ask.readId() + " is not the session's present one");
        }
        for (OrderEntry entry : state.orders.live()) {
            OrderState now = entry.order.state();
            if (now == OrderState.COMMITTED) {
                end(entry, OrderState.EXPIRED, "its trading day is over", decision);
            } else if (now != OrderState.HELD) {
                end(entry, OrderState.HELD, "its day ended and the final read of the book was missed", decision);
            }
        }
        state.positions.open(
                ask.day(),
                state.reads.openings(ask.session()),
                decision,
                text -> decision.emit(new Event.Alarm(Severity.CRITICAL, "opening position", text)));
        state.oddRows.dayOpens(state, ask.day(), decision);
        decision.emit(new Event.DayChanged(ask.day(), DayPhase.OPEN, "opened by the gateway"));
        decision.change(() -> {
            state.orders.startDay();
            state.budgets.startDay();
            state.reads.dayOpens();
        });
        return Answer.OK;
    }

    Answer close(Command.CloseDay ask, Decision decision) {
        if (state.day.phase() != DayPhase.OPEN || ask.day() != state.day.day()) {
            return Answer.refused("day " + ask.day() + " is not the open one");
        }
        if (ask.readId() != state.reads.lastCleanReadId()) {
            return Answer.refused(
                    "read " + ask.readId() + " is not the last clean one; a day closes on a clean final read");
        }
        for (OrderEntry entry : state.orders.live()) {
            switch (entry.order.state()) {
                case COMMITTED, WORKING, PARTLY_FILLED ->
                    end(entry, OrderState.EXPIRED, "the trading day is over", decision);
                case SENDING, UNCERTAIN ->
                    end(entry, OrderState.HELD, "the day ended before its fate was proved", decision);
                case HELD -> {}
                case WISHED, REFUSED, NOT_SENT, FILLED, CANCELLED, REJECTED, EXPIRED, ABSENT ->
                    throw new IllegalStateException(
                            "order " + entry.order.orderNumber() + " is live and " + entry.order.state());
            }
        }
        decision.emit(new Event.DayChanged(ask.day(), DayPhase.CLOSED, "closed after a clean final read"));
        return Answer.OK;
    }

    private static void end(OrderEntry entry, OrderState end, String why, Decision decision) {
        decision.emit(new OrderDraft(entry.order).to(end, why).build());
        if (end == OrderState.HELD) {
            decision.emit(new Event.Alarm(
                    Severity.CRITICAL,
                    "order " + entry.order.orderNumber(),
                    "held: " + why + "; look for tag " + entry.order.tag()
                            + " at the broker, then './holdfast order resolve'"));
        }
    }
}
