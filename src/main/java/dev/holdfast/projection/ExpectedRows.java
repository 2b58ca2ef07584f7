package dev.holdfast.projection;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventHeader;
import java.util.Collection;
import java.util.Map;

/** The rows a database must hold after some events: these events folded once, in order, without batches or transactions. */
public final class ExpectedRows {

    private final Batch batch = new Batch(new EventHeader(0, 0, 0), Map.of());

    /** Events in sequence from the first ever. */
    public void add(EventHeader header, Event event) {
        batch.add(header, event);
    }

    public long sequence() {
        return batch.last().sequence();
    }

    Collection<Object[]> rows(Table<?> table) {
        return batch.rows(table);
    }
}
