package dev.holdfast.exchange;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A trade with its time and its row, which never changes and so is rendered once. Guarded by the floor's lock. */
final class TradeRow {

    private final LedgerEntry.Trade trade;
    private final Order order;
    private final long marketNanos;
    private byte @Nullable [] rendered;

    TradeRow(LedgerEntry.Trade trade, Order order, long marketNanos) {
        this.trade = trade;
        this.order = order;
        this.marketNanos = marketNanos;
    }

    LedgerEntry.Trade trade() {
        return trade;
    }

    Order order() {
        return order;
    }

    long marketNanos() {
        return marketNanos;
    }

    byte[] rendered(Supplier<byte[]> renderer) {
        byte[] row = rendered;
        if (row == null) {
            row = renderer.get();
            rendered = row;
        }
        return row;
    }
}
