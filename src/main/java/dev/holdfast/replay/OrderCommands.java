package dev.holdfast.replay;

import static dev.holdfast.types.Amounts.rupees;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.replay.OrderStory.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What commands say about an order. */
final class OrderCommands {

    private OrderCommands() {}

    record Step(Kind kind, String text) {}

    /** The step this command is in the order's story; empty when it concerns another, or none. */
    static Optional<Step> step(Command command, OrderChanged order) {
        return Optional.ofNullable(
                switch (command) {
                    case Command.ReportSend c
                    when c.orderNumber() == order.orderNumber() ->
                        new Step(
                                Kind.ANSWER,
                                c.outcome() + " to send " + c.sendNumber() + " of epoch " + c.epoch()
                                        + named(", broker id ", c.brokerOrderId()) + named(", ", c.errorType())
                                        + named(": ", c.message()));
                    case Command.ReportOrder c
                    when same(c.brokerOrderId(), order.brokerOrderId()) || same(c.tag(), order.tag()) ->
                        new Step(
                                Kind.BOOK,
                                "the book shows " + c.brokerOrderId() + " " + c.status() + ", filled "
                                        + c.filledQuantity() + " of " + c.quantity() + named(": ", c.message()));
                    case Command.ReportTrade c
                    when same(c.brokerOrderId(), order.brokerOrderId()) ->
                        new Step(
                                Kind.FILL,
                                "the trade list shows " + c.tradeId() + ": " + c.quantity() + " at "
                                        + rupees(c.pricePaise()));
                    case Command.ModifyOrder c
                    when c.orderNumber() == order.orderNumber() ->
                        new Step(
                                Kind.PERSON,
                                c.user() + " asks for quantity " + c.quantity() + " at " + rupees(c.pricePaise()) + ": "
                                        + c.reason());
                    case Command.CancelOrder c
                    when c.orderNumber() == order.orderNumber() ->
                        new Step(Kind.PERSON, c.user() + " asks to cancel: " + c.reason());
                    case Command.ResolveOrder c
                    when c.orderNumber() == order.orderNumber() ->
                        new Step(Kind.PERSON, c.user() + " resolves as " + c.resolution() + ": " + c.reason());
                    default -> null; // most commands concern other things
                });
    }

    /** @param command at hand when the order appeared; null for the timer */
    static String cause(@Nullable Command command, OrderChanged first) {
        return switch (command) {
            case Command.PlaceOrder c -> "by " + c.user() + named(", key ", c.clientKey()) + ": " + c.reason();
            case Command.ReportTick _ -> first.strategy() + ", at a tick: " + first.reason();
            case Command.ReportBar _ -> first.strategy() + ", at the end of a bar: " + first.reason();
            case Command.ReportOrder c ->
                "found in the broker's book as " + c.brokerOrderId() + named(", tag ", c.tag());
            case null -> first.strategy() + ", at its timer: " + first.reason();
            default -> first.strategy() + ", at " + command.getClass().getSimpleName() + ": " + first.reason();
        };
    }

    private static boolean same(String told, String known) {
        return !told.isEmpty() && told.equals(known);
    }

    private static String named(String before, String text) {
        return text.isEmpty() ? "" : before + text;
    }
}
