package dev.holdfast.exchange;

import java.util.function.LongSupplier;

/** Writes entries to the ledger with both times of now. */
final class Witness {

    private final Ledger ledger;
    private final Market market;
    private final LongSupplier wallNanos;

    Witness(Ledger ledger, Market market, LongSupplier wallNanos) {
        this.ledger = ledger;
        this.market = market;
        this.wallNanos = wallNanos;
    }

    LedgerLine write(LedgerEntry entry) {
        long now = wallNanos.getAsLong();
        return ledger.append(now, market.at(now).nanos(), entry);
    }

    /** Returns when all that was written so far is on disk. */
    void sync() {
        ledger.sync(ledger.lastNumber());
    }
}
