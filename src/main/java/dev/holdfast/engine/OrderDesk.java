package dev.holdfast.engine;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Resolution;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;

/** Wishes become intents here, and intents become send requests when grant, budget and certainty allow. */
final class OrderDesk {

    /** A send must begin within this of its publication. */
    static final long NOT_AFTER_NANOS = 2_000_000_000L;

    /** A send the holder of the grant has not answered for this long may have been written. */
    static final long ANSWER_NANOS = 15_000_000_000L;

    /** What no evidence ended for this long waits for a person. */
    static final long HOLD_NANOS = 300_000_000_000L;

    static final int MAX_IN_FLIGHT = 4;
    static final int MAX_CANCEL_ATTEMPTS = 10;

    /** Between two attempts: an order that the broker would not cancel has often just ended, and the book soon says so. */
    static final long CANCEL_PAUSE_NANOS = 1_000_000_000L;

    /** Orders whose time is over that end in one decision; the next timer ends more. */
    static final int MAX_TIME_OUTS = 4_000;

    private final State state;
    private final Risk risk;

    OrderDesk(State state) {
        this.state = state;
        this.risk = new Risk(state);
    }

    /** Numbers a wish and commits or refuses it. The answer's value is the order's number in both cases. */
    Answer wish(Risk.Proposal asked, String clientKey, String user, String reason, Decision decision) {
        long known = state.orders.clientKeys().number(clientKey);
        if (known != 0) {
            String difference = state.orders.clientKeys().difference(known, asked, state.market);
            return difference.isEmpty()
                    ? Answer.ok(known)
                    : new Answer(
                            dev.holdfast.protocol.ReplyCode.REFUSED,
                            known,
                            "key '" + clientKey + "' belongs to order " + known + ", placed with " + difference
                                    + "; another order needs another key");
        }
        if (state.market.instrument(asked.instrument()) == null || asked.quantity() <= 0 || asked.pricePaise() < 0) {
            // No order at all: a row of it could stand in no table.
            return Answer.refused("instrument " + asked.instrument() + ", quantity " + asked.quantity() + ", price "
                    + asked.pricePaise()
                    + " paise: there is no such order; the instrument must be known, the quantity positive");
        }
        Exits.Cut cut = state.exits.reducesShare(asked.strategy(), asked.instrument(), asked.product(), asked.side())
                ? state.exits.cut(asked)
                : new Exits.Cut(asked.quantity(), "");
        Risk.Proposal p = cut.quantity() == 0 ? asked : asked.of(cut.quantity());
        String refusal = cut.quantity() == 0 ? cut.reason() : risk.refusal(p);
        long number = state.orders.nextNumber();
        Event.EngineConfigured settings = state.configuration;
        String tag = settings == null ? "" : Orders.tag(settings.incarnation(), number);
        OrderState answer = refusal.isEmpty() ? OrderState.COMMITTED : OrderState.REFUSED;
        OrderLifecycle.require(OrderState.WISHED, answer, number, "risk's answer");
        decision.emit(new OrderChanged(
                number,
                Origin.INTENT,
                p.instrument(),
                p.side(),
                p.product(),
                p.orderType(),
                p.quantity(),
                p.pricePaise(),
                answer,
                OrderState.WISHED,
                0,
                0,
                AmendmentState.NONE,
                0,
                0,
                false,
                state.day.day(),
                state.now,
                0,
                0,
                tag,
                "",
                p.strategy(),
                user,
                refusal.isEmpty() ? (cut.reason().isEmpty() ? reason : reason + "; " + cut.reason()) : refusal));
        decision.change(() -> state.orders.clientKeys().remember(clientKey, number, asked));
        return refusal.isEmpty()
                ? Answer.ok(number)
                : new Answer(dev.holdfast.protocol.ReplyCode.REFUSED, number, refusal);
    }

    Answer modify(Command.ModifyOrder ask, Decision decision) {
        OrderEntry entry = state.orders.find(ask.orderNumber());
        if (entry == null) {
            return Answer.refused("there is no open order " + ask.orderNumber());
        }
        OrderChanged order = entry.order;
        Event.EngineConfigured settings = state.configuration;
        if (settings == null || !order.state().isWorking() || entry.shownType() != OrderType.LIMIT) {
            return Answer.refused("order " + order.orderNumber() + " is " + entry.shownType() + " and " + order.state()
                    + "; only a working LIMIT order can be modified");
        }
        if (order.amendment() != AmendmentState.NONE || order.cancelWanted()) {
            return Answer.refused("order " + order.orderNumber() + " has an amendment under way");
        }
        Budgets.Limits limits = state.budgets.limits(settings.profile());
        if (entry.modifications >= limits.modificationsPerOrder()) {
            return Answer.refused("modifications: limit " + limits.modificationsPerOrder() + " an order");
        }
        if (ask.quantity() <= order.filledQuantity()) {
            return Answer.refused("quantity " + ask.quantity() + " is not above the " + order.filledQuantity()
                    + " already filled; cancel it instead");
        }
        if (!state.cannotSendBecause().isEmpty()) {
            return Answer.refused("cannot send now: " + state.cannotSendBecause());
        }
        if (inFlight() >= MAX_IN_FLIGHT || state.budgets.left(limits, state.now, false) == 0) {
            return Answer.refused("the order budget is used up at the moment; try again in a second");
        }
        long more = ask.quantity() - order.quantity();
        if (entry.exit && more > state.exits.closable(order.instrument(), order.product(), order.side())) {
            return Answer.refused(
                    "order " + order.orderNumber() + " is an exit; " + more + " more would open a position");
        }
        // Risk looks at the whole new order; its own present open quantity makes that the careful side.
        Risk.Proposal amended = new Risk.Proposal(
                order.strategy(),
                order.instrument(),
                order.side(),
                order.product(),
                OrderType.LIMIT,
                ask.quantity(),
                ask.pricePaise());
        // A quantity that does not grow needs no further risk check; its price must still be possible.
        String refusal = more <= 0 ? risk.impossible(amended) : risk.refusal(amended);
        if (!refusal.isEmpty()) {
            return Answer.refused(refusal);
        }
        send(entry, SendAction.MODIFY, ask.quantity(), ask.pricePaise(), decision);
        decision.change(() -> entry.modifications++);
        return Answer.ok(order.orderNumber());
    }

    Answer cancel(Command.CancelOrder ask, Decision decision) {
        OrderEntry entry = state.orders.find(ask.orderNumber());
        if (entry == null || entry.order.state().isTerminal()) {
            return Answer.refused("there is no open order " + ask.orderNumber());
        }
        wantCancel(entry, "cancelled by " + ask.user() + ": " + ask.reason(), decision);
        return Answer.ok(ask.orderNumber());
    }

    /** Ends an unsent intent at once; remembers the wish for one that is out. */
    void wantCancel(OrderEntry entry, String why, Decision decision) {
        OrderChanged order = entry.order;
        if (order.state() == OrderState.COMMITTED) {
            decision.emit(new OrderDraft(order).to(OrderState.CANCELLED, why).build());
        } else if (!order.state().isTerminal() && !order.cancelWanted()) {
            decision.emit(new OrderDraft(order).cancelWanted(true, why).build());
            decision.change(() -> entry.cancelAttempts = 0);
        }
    }

    Answer resolve(Command.ResolveOrder ask, Decision decision) {
        OrderEntry entry = state.orders.find(ask.orderNumber());
        if (entry == null || entry.order.state() != OrderState.HELD) {
            return Answer.refused("order " + ask.orderNumber() + " is not held");
        }
        if (entry.seenInBook && ask.resolution() == Resolution.ABSENT) {
            return Answer.refused("order " + ask.orderNumber() + " was seen in the broker's book as "
                    + entry.order.brokerOrderId() + "; it cannot be absent");
        }
        OrderState end = ask.resolution() == Resolution.ABSENT ? OrderState.ABSENT : OrderState.EXPIRED;
        decision.emit(new OrderDraft(entry.order)
                .to(end, "resolved by " + ask.user() + ": " + ask.reason())
                .build());
        return Answer.ok(ask.orderNumber());
    }

    /** Publishes what may be sent now: cancels first, then exits, then entries, each in the order of their numbers. */
    void dispatch(Decision decision) {
        Event.EngineConfigured settings = state.configuration;
        if (settings == null
                || !state.grants.held(GrantKind.SENDER)
                || state.agreement.disagreed()
                || state.day.phase() != DayPhase.OPEN
                || state.brokerSession.state() != BrokerSessionState.VALID) {
            return;
        }
        Budgets.Limits limits = state.budgets.limits(settings.profile());
        boolean refusals = state.refusals.areAState(state);
        int room = !refusals ? MAX_IN_FLIGHT - inFlight() : state.refusals.admit(state) && inFlight() == 0 ? 1 : 0;
        int budget = state.budgets.left(limits, state.now, false);
        int spent = 0;
        for (OrderEntry entry : state.orders.cancelWanted()) {
            if (spent < Math.min(room, budget) && cancelIsDue(entry)) {
                send(entry, SendAction.CANCEL, 0, 0, decision);
                spent++;
            }
        }
        if (state.awaitsCleanRead()) {
            return;
        }
        int entryBudget = state.budgets.left(limits, state.now, true);
        for (int pass = 0; pass < 2; pass++) {
            boolean exits = pass == 0;
            int most = Math.min(room, exits ? budget : entryBudget);
            for (OrderEntry entry : state.orders.committed()) {
                OrderChanged order = entry.order;
                if (spent >= most) {
                    break;
                }
                if (state.instrumentUncertain(order.instrument()) || exits != state.exits.closes(entry)) {
                    continue;
                }
                if (entry.exit && !state.exits.fits(order)) {
                    decision.emit(new OrderDraft(order)
                            .to(OrderState.NOT_SENT, state.exits.whyUnfit(order))
                            .build());
                    continue;
                }
                send(entry, SendAction.PLACE, 0, 0, decision);
                spent++;
            }
        }
    }

    /** Cancels strategies' exits that close more than is there, because other hands traded or placed orders meanwhile. */
    void cancelExcess(int instrument, Product product, Decision decision) {
        for (OrderEntry entry : state.exits.excess(instrument, product)) {
            wantCancel(entry, state.exits.whyExcess(entry.order), decision);
        }
    }

    /** Gives the rest of an exit another price; only when budgets and the order's modifications allow. */
    boolean reprice(OrderEntry entry, long pricePaise, Decision decision) {
        Event.EngineConfigured settings = state.configuration;
        OrderChanged order = entry.order;
        if (settings == null
                || order.amendment() != AmendmentState.NONE
                || order.cancelWanted()
                || !state.cannotSendBecause().isEmpty()) {
            return false;
        }
        Budgets.Limits limits = state.budgets.limits(settings.profile());
        if (entry.modifications >= limits.modificationsPerOrder()
                || inFlight() + decision.sendRequests() >= MAX_IN_FLIGHT
                || state.budgets.left(limits, state.now, false) <= decision.sendRequests()) {
            return false;
        }
        send(entry, SendAction.MODIFY, order.quantity(), pricePaise, decision);
        decision.change(() -> entry.modifications++);
        return true;
    }

    private boolean cancelIsDue(OrderEntry entry) {
        OrderChanged order = entry.order;
        return order.cancelWanted()
                && order.state().isWorking()
                && !order.brokerOrderId().isEmpty()
                && order.amendment() != AmendmentState.SENDING
                && (entry.cancelAttempts == 0 || state.now - entry.sentNanos >= CANCEL_PAUSE_NANOS);
    }

    private int inFlight() {
        int count = 0;
        for (OrderEntry entry : state.orders.sending()) {
            if (entry.sendNumber != 0 && entry.sendAnsweredNanos == 0) {
                count++;
            }
        }
        return count;
    }

    private void send(OrderEntry entry, SendAction action, long quantity, long pricePaise, Decision decision) {
        OrderChanged order = entry.order;
        long epoch = state.grants.grant(GrantKind.SENDER).epoch();
        long sendNumber = state.orders.nextSendNumber() + decision.sendRequests();
        OrderDraft draft = new OrderDraft(order).sentUnder(epoch);
        switch (action) {
            case PLACE -> draft.to(OrderState.SENDING, "sent under epoch " + epoch);
            case MODIFY -> draft.amending(AmendmentState.SENDING, quantity, pricePaise);
            case CANCEL -> draft.amending(AmendmentState.SENDING, 0, 0);
        }
        decision.emit(draft.build());
        decision.emit(new Event.SendRequested(
                sendNumber,
                action,
                order.orderNumber(),
                epoch,
                state.now + NOT_AFTER_NANOS,
                order.instrument(),
                order.side(),
                order.product(),
                action == SendAction.PLACE ? order.orderType() : entry.shownType(),
                action == SendAction.MODIFY ? quantity : order.quantity(),
                action == SendAction.MODIFY ? pricePaise : order.pricePaise(),
                order.tag(),
                order.brokerOrderId()));
        long now = state.now;
        decision.change(() -> {
            entry.sendNumber = sendNumber;
            entry.sendAction = action;
            entry.sentNanos = now;
            entry.sendAnsweredNanos = 0;
            entry.uncertainSinceNanos = 0;
            entry.cleanReads = 0;
            if (action == SendAction.CANCEL) {
                entry.cancelAttempts++;
            }
            state.budgets.spend(now);
            state.refusals.tried(now);
        });
    }

    /** The sender is gone: whatever it had not answered may or may not have been written. */
    void senderLost(Decision decision) {
        for (OrderEntry entry : state.orders.sending()) {
            if (entry.sendNumber != 0 && entry.sendAnsweredNanos == 0) {
                doubt(entry, "its sender was lost before it answered", decision);
            }
        }
    }

    /** The answer is not known: an intent becomes uncertain, or its amendment does. */
    void doubt(OrderEntry entry, String why, Decision decision) {
        if (entry.sendAction == SendAction.PLACE) {
            if (entry.order.state() != OrderState.SENDING) {
                return;
            }
            decision.emit(
                    new OrderDraft(entry.order).to(OrderState.UNCERTAIN, why).build());
        } else {
            if (entry.order.amendment() != AmendmentState.SENDING) {
                return;
            }
            decision.emit(new OrderDraft(entry.order)
                    .amending(AmendmentState.UNCERTAIN, entry.order.pendingQuantity(), entry.order.pendingPricePaise())
                    .build());
        }
        long now = state.now;
        decision.change(() -> {
            entry.uncertainSinceNanos = now;
            entry.cleanReads = 0;
            entry.sendAnsweredNanos = now;
        });
    }

    /** Ends waits that have lasted too long. */
    void timeOut(Decision decision) {
        Event.EngineConfigured settings = state.configuration;
        long commitNanos = settings == null
                ? Long.MAX_VALUE
                : state.budgets.limits(settings.profile()).commitNanos();
        for (OrderEntry entry : state.orders.live()) {
            if (decision.effects().size() >= MAX_TIME_OUTS) {
                return;
            }
            OrderChanged order = entry.order;
            if (order.state() == OrderState.COMMITTED && state.now - entry.stateSinceNanos > commitNanos) {
                String reason = state.notTradingBecause();
                decision.emit(new OrderDraft(order)
                        .to(
                                OrderState.NOT_SENT,
                                "not sent within " + commitNanos / 1_000_000_000L + " s"
                                        + (reason.isEmpty() ? "" : ": " + reason))
                        .build());
            } else if (entry.sendNumber != 0
                    && entry.sendAnsweredNanos == 0
                    && state.now - entry.sentNanos > ANSWER_NANOS) {
                doubt(entry, "not answered within " + ANSWER_NANOS / 1_000_000_000L + " s", decision);
            } else if (order.state() == OrderState.UNCERTAIN && state.now - entry.stateSinceNanos > HOLD_NANOS) {
                decision.emit(new OrderDraft(order)
                        .to(OrderState.HELD, "the broker gave no evidence for " + HOLD_NANOS / 1_000_000_000L + " s")
                        .build());
                decision.emit(new Event.Alarm(
                        Severity.CRITICAL,
                        "order " + order.orderNumber(),
                        "held: its fate is unproved; look for tag " + order.tag()
                                + " at the broker, then './holdfast order resolve'"));
            } else if (order.cancelWanted()
                    && order.amendment() != AmendmentState.SENDING
                    && entry.cancelAttempts >= MAX_CANCEL_ATTEMPTS) {
                decision.emit(new OrderDraft(order)
                        .cancelWanted(false, "the broker did not cancel it in " + MAX_CANCEL_ATTEMPTS + " attempts")
                        .build());
                decision.emit(new Event.Alarm(
                        Severity.CRITICAL,
                        "order " + order.orderNumber(),
                        "could not be cancelled in " + MAX_CANCEL_ATTEMPTS + " attempts; cancel "
                                + order.brokerOrderId() + " at the broker"));
            }
        }
    }
}
