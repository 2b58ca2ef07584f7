package dev.holdfast.broker.kite;

import dev.holdfast.broker.SendAnswer;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/**
 * What each possible answer to an order call proves. Only Kite's own envelope proves anything: what a proxy in between says
 * does not tell whether the order passed it.
 *
 * <pre>
 * status     body                                          verdict
 * 2xx        success envelope with data.order_id           accepted
 * 2xx        anything else                                 uncertain
 * 4xx        error envelope of a type that refuses         refused (see {@link #refuses})
 * 4xx        error envelope of any other type              uncertain
 * 4xx        no envelope                                   uncertain
 * 1xx, 3xx   anything                                      uncertain
 * 5xx        anything, envelope or not                     uncertain
 * none       the gate never opened                         not sent
 * none       time-out, broken connection                   uncertain
 * </pre>
 */
final class KiteAnswer {

    private KiteAnswer() {}

    static SendAnswer of(int status, String body) {
        JsonNode envelope = Json.parse(body).orElse(null);
        String message = envelope == null ? "" : Json.text(envelope, "message");
        String errorType = envelope == null ? "" : Json.text(envelope, "error_type");
        if (envelope == null || !envelope.isObject()) {
            return SendAnswer.uncertain("", "HTTP " + status + " without Kite's envelope");
        }
        String kind = Json.text(envelope, "status");
        if (status >= 200 && status < 300) {
            String orderId = Json.text(envelope.path("data"), "order_id");
            return kind.equals("success") && !orderId.isEmpty()
                    ? SendAnswer.accepted(orderId)
                    : SendAnswer.uncertain(errorType, "HTTP " + status + " without an order id");
        }
        if (status >= 400 && status < 500 && kind.equals("error") && (status == 429 || refuses(errorType))) {
            return SendAnswer.refused(errorType, message, status == 429);
        }
        return SendAnswer.uncertain(errorType, "HTTP " + status + " " + message);
    }

    /** Whether the broker itself says that the token is dead: a page with 403 or another error type does not. */
    static boolean refusesToken(KiteRest.Answer answer) {
        return answer.status() == 403
                && Json.parse(answer.body())
                        .filter(envelope -> Json.text(envelope, "status").equals("error"))
                        .map(envelope -> Json.text(envelope, "error_type").equals("TokenException"))
                        .orElse(false);
    }

    /**
     * There was no answer.
     *
     * @param nothingWritten proved: the gate stayed shut
     */
    static SendAnswer ofFailure(IOException failure, boolean nothingWritten) {
        String reason = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return nothingWritten ? SendAnswer.notSent(reason) : SendAnswer.uncertain("", reason);
    }

    /** Types that Kite answers before an order exists. An unknown one counts as GeneralException, which proves nothing. */
    private static boolean refuses(String errorType) {
        return switch (errorType) {
            case "InputException",
                    "OrderException",
                    "MarginException",
                    "HoldingException",
                    "UserException",
                    "PermissionException",
                    "TokenException" -> true;
            default -> false;
        };
    }
}
