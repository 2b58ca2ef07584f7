package dev.holdfast.broker;

import dev.holdfast.protocol.SendOutcome;

/**
 * What became of one order call.
 *
 * @param brokerOrderId set only when accepted
 * @param rateLimited the broker asked us to slow down
 */
public record SendAnswer(
        SendOutcome outcome, String brokerOrderId, String errorType, String message, boolean rateLimited) {

    public static SendAnswer accepted(String brokerOrderId) {
        return new SendAnswer(SendOutcome.ACCEPTED, brokerOrderId, "", "", false);
    }

    public static SendAnswer refused(String errorType, String message, boolean rateLimited) {
        return new SendAnswer(SendOutcome.REFUSED, "", errorType, message, rateLimited);
    }

    public static SendAnswer uncertain(String errorType, String message) {
        return new SendAnswer(SendOutcome.UNCERTAIN, "", errorType, message, false);
    }

    public static SendAnswer notSent(String reason) {
        return new SendAnswer(SendOutcome.NOT_SENT, "", "", reason, false);
    }
}
