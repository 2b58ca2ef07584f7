package dev.holdfast.simulation;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Resolution;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.List;
import java.util.Map;

/** Operators at the command line and the page, the strategies they run, and other hands in the broker's own screens. */
final class People {

    private static final long SHORTEST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 160;

    /** None ever sells short. Four share one instrument, three of them also the product. */
    private static final List<Command.DefineStrategy> STRATEGIES = List.of(
            new Command.DefineStrategy(2, Product.MIS, 1, "canary", "canary", "perSecond=10", "simulation"),
            new Command.DefineStrategy(3, Product.MIS, 5, "cross", "sma-cross", "fast=1,slow=2", "simulation"),
            new Command.DefineStrategy(4, Product.MIS, 1, "probe", "canary", "perSecond=2", "simulation"),
            new Command.DefineStrategy(4, Product.MIS, 7, "quick", "sma-cross", "fast=1,slow=2", "simulation"),
            new Command.DefineStrategy(4, Product.MIS, 4, "slow", "sma-cross", "fast=2,slow=3", "simulation"),
            new Command.DefineStrategy(4, Product.CNC, 6, "delivery", "sma-cross", "fast=1,slow=3", "simulation"));

    private final World world;
    private final Dice dice;
    private ClusterClient log;
    private long keys;
    private boolean trading;

    /** An order whose value cannot be computed in 64 bits. */
    private static final long POISON_PAISE = Long.MAX_VALUE / 1_000 / 5 * 5;

    People(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
        this.log = connection();
    }

    private ClusterClient connection() {
        return new ClusterClient(
                world.cluster,
                new SimulatedProcess(world.scheduler, "operator", 0),
                world.scheduler,
                new Network(dice.split(), world.scheduler));
    }

    void connect() {
        log = connection();
    }

    void configure(long incarnation) {
        say(new Command.Configure(
                world.profile,
                false,
                false,
                Market.OPEN.toSecondOfDay(),
                Market.CLOSE.toSecondOfDay(),
                incarnation,
                100_000_000_00L,
                10_000,
                20_000,
                1_000_000_000_00L,
                500,
                100_000_000_00L,
                5_000,
                "simulation",
                "set-up"));
        for (int symbol = 0; symbol < Market.CONFIGURED.size(); symbol++) {
            var instrument = Market.instrument(symbol);
            say(new Command.DefineInstrument(
                    instrument.token(),
                    instrument.kind(),
                    instrument.tickSizePaise(),
                    instrument.lotSize(),
                    0,
                    0,
                    0,
                    instrument.exchange(),
                    instrument.symbol()));
        }
        STRATEGIES.forEach(this::say);
    }

    private void say(Command command) {
        var _ = log.submit(command);
    }

    void begin() {
        if (!trading) {
            trading = true;
            control(true);
            act();
        }
    }

    void stop() {
        trading = false;
        control(false);
    }

    void control(boolean start) {
        for (Command.DefineStrategy strategy : STRATEGIES) {
            say(new Command.ControlStrategy(start, strategy.name(), "simulation", start ? "begin" : "end"));
        }
    }

    private void act() {
        if (!trading) {
            return;
        }
        int what = dice.between(0, 99);
        if (what < 70) {
            place();
        } else if (what < 82) {
            cancel();
        } else if (what < 93) {
            modify();
        } else if (what < 96) {
            world.hands.trade();
        } else {
            rare();
        }
        world.scheduler.after(dice.millis(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS), this::act);
    }

    private void place() {
        int symbol = dice.between(0, Market.DRAWN - 1);
        boolean market = dice.chance(0.5);
        Command.PlaceOrder order = new Command.PlaceOrder(
                symbol + 1,
                dice.chance(0.5) ? Side.BUY : Side.SELL,
                dice.chance(0.7) ? Product.MIS : Product.CNC,
                market ? OrderType.MARKET : OrderType.LIMIT,
                dice.between(1, 9),
                market ? 0 : world.market.near(symbol),
                "key-" + ++keys,
                "simulation",
                "as drawn");
        say(order);
        if (dice.chance(0.05)) {
            say(order); // asked twice, one order
        }
    }

    private long someOrder() {
        long newest = world.invariants.orders().isEmpty()
                ? 1
                : world.invariants.orders().lastKey();
        return Math.max(1, newest - dice.between(0, 25));
    }

    private void cancel() {
        say(new Command.CancelOrder(someOrder(), "simulation", "as drawn"));
    }

    private void modify() {
        long number = someOrder();
        Event.OrderChanged order = world.invariants.orders().get(number);
        if (order != null && order.instrument() <= Market.CONFIGURED.size()) {
            say(new Command.ModifyOrder(
                    number,
                    Math.max(1, order.quantity() + dice.between(-1, 3)),
                    world.market.near(order.instrument() - 1),
                    "simulation",
                    "as drawn"));
        }
    }

    private void rare() {
        switch (dice.between(0, 4)) {
            case 0 -> poison();
            case 1 -> {
                String target = dice.any(Market.CONFIGURED);
                say(new Command.SetSwitch(
                        SwitchKind.KILL, SwitchScope.INSTRUMENT, true, target, "simulation", "as drawn"));
                say(new Command.SetSwitch(
                        SwitchKind.KILL, SwitchScope.INSTRUMENT, false, target, "simulation", "as drawn"));
            }
            case 2 -> {
                control(false);
                control(true);
            }
            case 3 -> resolve();
            default -> say(new Command.Probe());
        }
    }

    /** More at once than the broker takes in a second. */
    void burst(int wishes) {
        for (int wish = 0; wish < wishes; wish++) {
            place();
        }
    }

    /** A strategy that does at its third tick what no strategy should. */
    void failingStrategy() {
        String how = dice.any(List.of("throw", "overflow", "assert", "null", "flood", "nonsense"));
        String name = "faulty-" + ++keys;
        say(new Command.DefineStrategy(1, Product.MIS, 1, name, "faulty", "how=" + how + ",after=2", "simulation"));
        say(new Command.ControlStrategy(true, name, "simulation", "as drawn"));
    }

    /** A command on which the engine's arithmetic overflows. */
    void poison() {
        say(new Command.PlaceOrder(
                1, Side.BUY, Product.MIS, OrderType.LIMIT, 1, POISON_PAISE, "", "simulation", "poison"));
    }

    /** A person who looked at the broker's screens decides about a held order. */
    private void resolve() {
        List<Long> held = world.invariants.orders().entrySet().stream()
                .filter(entry -> entry.getValue().state() == OrderState.HELD)
                .map(Map.Entry::getKey)
                .toList();
        if (!held.isEmpty()) {
            say(new Command.ResolveOrder(dice.any(held), Resolution.EXPIRED, "simulation", "as drawn"));
        }
    }
}
