package dev.holdfast.exchange;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A floor with one stock at 1,500 rupees, whose market, clock and faults a test moves. */
abstract class OnTheFloor {

    @TempDir
    Path folder;

    final ManualMarket market = new ManualMarket();
    final List<OrderNotice> notices = new ArrayList<>();
    long wallNanos = 1;
    Ledger ledger;
    Faults faults;
    Floor floor;

    @BeforeEach
    void open() {
        ledger = new Ledger(folder);
        Book book = new Book();
        ledger.replayLastDay(book::apply);
        Witness witness = new Witness(ledger, market, () -> wallNanos);
        faults = new Faults(() -> wallNanos, witness::write);
        floor = new Floor(market, "manual", book, witness, faults, () -> wallNanos, notices::add);
        floor.followTime();
        price(150_000, 1_000);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    /** The last price, bid below and ask at it, and how much waits at each. */
    void price(long lastPaise, long quantity) {
        Quote quote = quote();
        floor.tick(new Tick.Traded(ManualMarket.INFY, 1, lastPaise, 10));
        levels(quote, lastPaise, quantity);
        floor.tick(new Tick.Quoted(ManualMarket.INFY, 1, lastPaise - 5, quantity, lastPaise, quantity));
        levels(quote, lastPaise, quantity);
    }

    static void levels(Quote quote, long lastPaise, long quantity) {
        for (int i = 0; i < Quote.LEVELS; i++) {
            quote.bids[i] = new Quote.Level(lastPaise - 5 - 5L * i, quantity, 1);
            quote.asks[i] = new Quote.Level(lastPaise + 5L * i, quantity, 1);
        }
    }

    Quote quote() {
        return java.util.Objects.requireNonNull(floor.quotes().get("INFY"));
    }

    Order place(String... changes) {
        Map<String, String> order = new TreeMap<>(Client.order(Map.of()));
        for (int i = 0; i < changes.length; i += 2) {
            order.put(changes[i], changes[i + 1]);
        }
        long request = floor.record(new LedgerEntry.Request("POST", "/orders/regular", "test", null, null, order))
                .number();
        return floor.book().order(floor.place(request, Rows.USER_ID, order));
    }
}
