package dev.holdfast.bench;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Reply;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.time.Duration;

/** Makes a fresh engine trade: limits that are checked and never reached, instruments with a price, an open day. */
final class EnginePreparation {

    private static final int INSTRUMENTS = 10;
    private static final long PRICE_PAISE = 150_000;
    private static final int PRICES = 20;
    private static final long TICK_PAISE = 5;
    private static final long NEVER_REACHED = 1_000_000_000_000_000L;
    private static final int DAY = 20_800;
    private static final long SESSION = 1;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Log log;

    EnginePreparation(Log log) {
        this.log = log;
    }

    void run() {
        ask(new Command.Configure(
                BrokerProfile.DRILL,
                false,
                true,
                0,
                0,
                1,
                NEVER_REACHED,
                NEVER_REACHED,
                NEVER_REACHED,
                NEVER_REACHED,
                1_000,
                NEVER_REACHED,
                Integer.MAX_VALUE,
                "bench",
                "bench"));
        for (int instrument = 1; instrument <= INSTRUMENTS; instrument++) {
            long number = ask(new Command.DefineInstrument(
                            instrument, InstrumentKind.EQUITY, TICK_PAISE, 1, 0, 0, 0, "NSE", "BENCH" + instrument))
                    .value();
            // Renewed each time: on a starved machine all of this takes longer than a grant lasts.
            long epoch = ask(new Command.RenewGrant(SESSION, GrantKind.FEED, true, false, "bench"))
                    .value();
            ask(tick(epoch, (int) number));
        }
        ask(new Command.BeginRead(SESSION, 1));
        ask(new Command.OpenDay(SESSION, 1, DAY));
    }

    /** A person's order: what every order needs, and no client key, which the engine would remember until the day's end. */
    static Command order(long index) {
        return new Command.PlaceOrder(
                1 + (int) (index % INSTRUMENTS),
                index % 2 == 0 ? Side.BUY : Side.SELL,
                Product.MIS,
                OrderType.LIMIT,
                1,
                PRICE_PAISE + TICK_PAISE * (index % PRICES),
                "",
                "bench",
                "bench");
    }

    private static Command tick(long epoch, int instrument) {
        return new Command.ReportTick(
                SESSION,
                epoch,
                instrument,
                PRICE_PAISE,
                1,
                1,
                PRICE_PAISE,
                PRICE_PAISE,
                PRICE_PAISE,
                PRICE_PAISE,
                PRICE_PAISE,
                PRICE_PAISE,
                PRICE_PAISE,
                1,
                PRICE_PAISE,
                1,
                Duration.ofDays(DAY).toNanos(),
                1);
    }

    private Reply ask(Command command) {
        Reply reply = log.submitAndWait(command, LIMIT);
        if (!reply.accepted()) {
            throw new BenchFailure("the engine cannot be prepared: "
                    + command.getClass().getSimpleName() + " was answered " + reply.code() + " " + reply.text());
        }
        return reply;
    }
}
