package dev.holdfast.engine;

import dev.holdfast.protocol.BrokerOrderState;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Resolution;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.List;
import java.util.Random;

/** A hundred and fifty random but possible inputs, repeatable by seed. The broker here is as unkind as it can be. */
@SuppressWarnings("EnumOrdinal") // a random constant is drawn by its place
final class SeededWorld {

    private static final int STEPS = 150;

    private final Random random;
    private final Harness h = Harness.trading();
    private boolean restartOften;
    private int nextTrade = 1;
    private int day = Harness.DAY;

    SeededWorld(long seed) {
        this.random = new Random(seed);
        h.send(new Command.DefineStrategy(2, Product.MIS, 1, "canary", "canary", "perSecond=1", "seed"));
        h.send(new Command.ControlStrategy(true, "canary", "seed", "go"));
    }

    SeededWorld restartingOften() {
        restartOften = true;
        return this;
    }

    Harness run() {
        for (int step = 0; step < STEPS; step++) {
            step();
            if (restartOften) {
                h.restart();
            }
        }
        return h;
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> wish();
            case 4, 5, 6 -> answer();
            case 7, 8, 9, 10 -> row();
            case 11, 12 -> trade();
            case 13 -> h.live(1 + random.nextInt(3));
            case 14 -> {
                h.live(8);
                h.cleanRead();
                h.live(8);
                h.cleanRead();
                h.live(1);
                h.cleanRead();
            }
            case 15 -> amend();
            case 16 -> h.pass(random.nextInt(4) * Harness.SECOND);
            case 17 -> rare();
            case 18 ->
                h.send(new Command.ReportBrokerSession(
                        Harness.GATEWAY,
                        random.nextInt(4) == 0 ? BrokerSessionState.DEAD : BrokerSessionState.VALID,
                        "as drawn"));
            default -> resolve();
        }
    }

    private void wish() {
        Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
        long quantity = random.nextInt(10) == 0 ? 50_000 : 1 + random.nextInt(5);
        if (random.nextBoolean()) {
            h.place(1, side, OrderType.MARKET, quantity, 0, "");
        } else {
            h.limit(side, quantity, 1_500_00 - 5L * random.nextInt(100));
        }
    }

    private void answer() {
        List<Event.SendRequested> sends = h.all(Event.SendRequested.class);
        if (sends.isEmpty()) {
            return;
        }
        Event.SendRequested send = sends.get(Math.max(0, sends.size() - 1 - random.nextInt(3)));
        SendOutcome outcome = SendOutcome.values()[random.nextInt(4)];
        h.send(new Command.ReportSend(
                send.epoch(),
                send.sendNumber(),
                send.orderNumber(),
                outcome,
                outcome == SendOutcome.ACCEPTED ? "B" + send.orderNumber() : "",
                outcome == SendOutcome.REFUSED ? "InputException" : "",
                "as drawn"));
    }

    private Event.OrderChanged anyOrder() {
        List<Event.OrderChanged> orders = h.all(Event.OrderChanged.class);
        if (orders.isEmpty()) {
            h.buy(1);
            orders = h.all(Event.OrderChanged.class);
        }
        return h.order(
                orders.get(Math.max(0, orders.size() - 1 - random.nextInt(8))).orderNumber());
    }

    private void row() {
        Event.OrderChanged order = anyOrder();
        if (order.state() == OrderState.REFUSED || order.state() == OrderState.COMMITTED) {
            return;
        }
        BrokerOrderState state = BrokerOrderState.values()[random.nextInt(4)];
        long filled = switch (state) {
            case COMPLETE -> order.quantity();
            case LIVE, CANCELLED -> random.nextInt((int) Math.min(4, order.quantity()));
            case REJECTED -> 0;
        };
        h.send(new Command.ReportOrder(
                Harness.GATEWAY,
                h.readId(),
                day,
                order.instrument(),
                order.side(),
                order.product(),
                order.orderType(),
                order.quantity(),
                order.pricePaise(),
                filled,
                state,
                dev.holdfast.types.Origin.PERSON,
                h.now,
                "B" + order.orderNumber(),
                order.tag(),
                state.name(),
                ""));
    }

    private void trade() {
        Event.OrderChanged order = anyOrder();
        long open = order.quantity() - order.filledQuantity();
        if (open <= 0 || order.brokerOrderId().isEmpty()) {
            return;
        }
        long quantity = random.nextBoolean() ? open : 1;
        h.send(new Command.ReportTrade(
                Harness.GATEWAY,
                h.readId(),
                day,
                order.instrument(),
                order.side(),
                order.product(),
                quantity,
                1_500_00 + random.nextInt(100),
                h.now,
                "T" + nextTrade++,
                order.brokerOrderId()));
    }

    private void amend() {
        Event.OrderChanged order = anyOrder();
        if (random.nextBoolean()) {
            h.send(new Command.CancelOrder(order.orderNumber(), "seed", "as drawn"));
        } else {
            h.send(new Command.ModifyOrder(order.orderNumber(), order.quantity() + 1, 1_495_00, "seed", "as drawn"));
        }
    }

    private void rare() {
        switch (random.nextInt(6)) {
            case 0 -> h.send(new Command.RenewGrant(Harness.GATEWAY, GrantKind.SENDER, true, true, "a"));
            case 1 -> h.live(302);
            case 2 -> {
                h.send(new Command.SetSwitch(SwitchKind.KILL, SwitchScope.ALL, true, "", "seed", "as drawn"));
                h.send(new Command.SetSwitch(SwitchKind.KILL, SwitchScope.ALL, false, "", "seed", "as drawn"));
            }
            case 3 -> {
                h.beginRead();
                h.send(new Command.EndRead(Harness.GATEWAY, h.readId(), day, true, 0, 0, 0));
                h.send(new Command.CloseDay(Harness.GATEWAY, h.readId(), day));
                nextDay();
            }
            case 4 -> nextDay();
            default -> h.restart();
        }
    }

    private void nextDay() {
        h.beginRead();
        day++;
        h.send(new Command.OpenDay(Harness.GATEWAY, h.readId(), day));
    }

    private void resolve() {
        Event.OrderChanged order = anyOrder();
        h.send(new Command.ResolveOrder(
                order.orderNumber(),
                random.nextBoolean() ? Resolution.ABSENT : Resolution.EXPIRED,
                "seed",
                "as drawn"));
    }
}
