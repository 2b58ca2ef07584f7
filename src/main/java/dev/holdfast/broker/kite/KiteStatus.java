package dev.holdfast.broker.kite;

import dev.holdfast.protocol.BrokerOrderState;
import tools.jackson.databind.JsonNode;

/** Where an order stands. The set of Kite's words is open: of an unknown one the quantities decide. */
final class KiteStatus {

    private KiteStatus() {}

    static BrokerOrderState state(String status, JsonNode row, long quantity, long filled) {
        return switch (status) {
            case "COMPLETE" -> BrokerOrderState.COMPLETE;
            case "CANCELLED", "LAPSED" -> BrokerOrderState.CANCELLED;
            case "REJECTED" -> BrokerOrderState.REJECTED;
            case "OPEN", "TRIGGER PENDING", "AMO REQ RECEIVED" -> BrokerOrderState.LIVE;
            default -> byQuantities(row, quantity, filled);
        };
    }

    /** Ended only if nothing is pending and the row accounts for all of it. */
    private static BrokerOrderState byQuantities(JsonNode row, long quantity, long filled) {
        String pending = Json.text(row, "pending_quantity");
        String cancelled = Json.text(row, "cancelled_quantity");
        if (!pending.equals("0")) {
            return BrokerOrderState.LIVE;
        }
        if (filled == quantity) {
            return BrokerOrderState.COMPLETE;
        }
        return cancelled.equals(Long.toString(quantity - filled)) ? BrokerOrderState.CANCELLED : BrokerOrderState.LIVE;
    }
}
