package dev.holdfast.replay;

import dev.holdfast.cluster.RecordedEvents;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventCodec;
import dev.holdfast.protocol.EventFrame;

/**
 * Where an order stands in the event stream.
 *
 * @param first the sequence of its first event
 * @param last the sequence of its last one
 */
record OrderSearch(long orderNumber, String strategy, long first, long last) {

    /**
     * Goes through all events twice: an identity may be known only from the middle of an order's life.
     *
     * @param id its number, our tag or the broker's id
     * @throws Impossible if no event is about it
     */
    static OrderSearch find(RecordedEvents events, String id) {
        long number = number(events, id);
        String strategy = "";
        long first = 0;
        long last = 0;
        EventCodec codec = new EventCodec();
        boolean repeating = false;
        RecordedEvents.Cursor cursor = events.after(0);
        while (cursor.next()) {
            Event event = decode(codec, cursor);
            repeating = repeats(event, repeating);
            if (!repeating && concerns(event, number)) {
                first = first == 0 ? cursor.sequence() : first;
                last = cursor.sequence();
                strategy = event instanceof Event.OrderChanged order ? order.strategy() : strategy;
            }
        }
        if (first == 0) {
            throw new Impossible("order " + number + " is older than this member's recording, whose first event is "
                    + events.first() + "; ask another member (--host)");
        }
        return new OrderSearch(number, strategy, first, last);
    }

    private static long number(RecordedEvents events, String id) {
        EventCodec codec = new EventCodec();
        RecordedEvents.Cursor cursor = events.after(0);
        while (cursor.next()) {
            if (decode(codec, cursor) instanceof Event.OrderChanged order
                    && (Long.toString(order.orderNumber()).equals(id)
                            || order.tag().equals(id)
                            || order.brokerOrderId().equals(id))) {
                return order.orderNumber();
            }
        }
        throw new Impossible("no order '" + id + "' is recorded: expected its number, our tag or the broker's id"
                + " ('./holdfast order list' shows the newest; --host asks another member)");
    }

    /** Whether this event is part of a checkpoint, which tells nothing new. */
    static boolean repeats(Event event, boolean repeating) {
        return event instanceof Event.CheckpointStarted || (repeating && !(event instanceof Event.CheckpointEnded));
    }

    static boolean concerns(Event event, long number) {
        return switch (event) {
            case Event.OrderChanged order -> order.orderNumber() == number;
            case Event.SendRequested send -> send.orderNumber() == number;
            case Event.OrderTermsSeen seen -> seen.orderNumber() == number;
            case Event.TradeBooked trade -> trade.orderNumber() == number;
            case Event.Alarm alarm -> alarm.subject().equals("order " + number);
            default -> false; // nothing else names an order
        };
    }

    static Event decode(EventCodec codec, RecordedEvents.Cursor cursor) {
        return codec.decode(
                cursor.buffer(),
                cursor.offset() + EventFrame.HEADER_LENGTH,
                cursor.length() - EventFrame.HEADER_LENGTH);
    }
}
