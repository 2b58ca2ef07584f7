package dev.holdfast.dashboard;

import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.PlainText;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;

/** What the page may ask for; each request checks itself. Nothing is guessed: a missing field is an error. */
final class Requests {

    private static final int MAX_REASON_LENGTH = 120;

    private static final String NO_REASON = "none given";
    private static final int MIN_REASON_LENGTH = 3;
    private static final int MAX_NAME_LENGTH = 60;

    private Requests() {}

    record Login(String name, String password) {
        Login {
            require(name != null && password != null, "name and password are needed");
            requireName("name", name);
        }
    }

    record Reason(String reason) {
        Reason {
            requireReason(reason);
        }
    }

    /** @param clientKey drawn by the page for one ticket: sent twice it is one order */
    record Place(
            int instrument,
            Side side,
            Product product,
            OrderType orderType,
            long quantity,
            long pricePaise,
            String clientKey,
            String reason) {
        Place {
            require(side != null && product != null && orderType != null, "side, product and orderType are needed");
            require(instrument > 0, "instrument is " + instrument + ", expected its number");
            require(quantity > 0, "quantity is " + quantity + ", expected at least 1");
            require(
                    orderType == OrderType.MARKET ? pricePaise == 0 : pricePaise > 0,
                    "pricePaise is " + pricePaise + ", expected 0 for MARKET and more than 0 for others");
            require(clientKey != null && !clientKey.isEmpty(), "clientKey is needed");
            requireName("clientKey", clientKey);
            requireReason(reason);
        }
    }

    /**
     * @param target a strategy's name or EXCHANGE:SYMBOL; empty exactly when the scope is ALL
     * @param reason may be left out where a switch is engaged: who has to stop trading now does not think of words
     */
    record Toggle(SwitchKind kind, SwitchScope scope, Boolean engaged, String target, String reason) {
        Toggle {
            require(
                    kind != null && scope != null && engaged != null && target != null,
                    "kind, scope, engaged and target are needed");
            if (engaged && (reason == null || reason.isBlank())) {
                reason = NO_REASON;
            }
            require(
                    (scope == SwitchScope.ALL) == target.isEmpty(),
                    "target is '" + target + "', expected a name unless the scope is ALL");
            requireName("target", target);
            requireReason(reason);
        }
    }

    /** @param to a host, or empty for the eligible standby */
    record Switchover(String to, String reason) {
        Switchover {
            requireHost(to);
            requireReason(reason);
        }
    }

    /**
     * @param to a host, or empty for the eligible standby
     * @param acceptLoss also where acknowledged rows may be missing
     */
    record Failover(String to, boolean acceptLoss, String reason) {
        Failover {
            requireHost(to);
            requireReason(reason);
        }
    }

    record Automation(boolean paused, String reason) {
        Automation {
            requireReason(reason);
        }
    }

    private static void requireHost(String to) {
        require(to != null, "to is needed: a host, or empty for the eligible standby");
        requireName("to", to);
    }

    private static void requireReason(String reason) {
        int length = reason == null ? 0 : reason.strip().length();
        require(
                length >= MIN_REASON_LENGTH && length <= MAX_REASON_LENGTH,
                "a reason of " + MIN_REASON_LENGTH + " to " + MAX_REASON_LENGTH + " characters is needed, got "
                        + length);
        requirePlain("reason", reason.strip());
    }

    private static void requireName(String what, String name) {
        require(name.length() <= MAX_NAME_LENGTH, what + " is longer than " + MAX_NAME_LENGTH + " characters");
        requirePlain(what, name);
    }

    private static void requirePlain(String what, String text) {
        String fault = PlainText.fault(what, text);
        require(fault.isEmpty(), fault);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
