package dev.holdfast.engine;

import dev.holdfast.protocol.Command;
import dev.holdfast.types.PlainText;

/**
 * Checks the texts that people write into commands. Other people see them in logs and on terminals, so they must not mislead.
 */
final class OperatorText {

    private OperatorText() {}

    /** Why a command's texts are refused; empty when they are not, or when no person wrote them. */
    static String fault(Command command) {
        return switch (command) {
            case Command.PlaceOrder c ->
                first(user(c.user()), reason(c.reason()), fault("the client key", c.clientKey()));
            case Command.ModifyOrder c -> first(user(c.user()), reason(c.reason()));
            case Command.CancelOrder c -> first(user(c.user()), reason(c.reason()));
            case Command.ResolveOrder c -> first(user(c.user()), reason(c.reason()));
            case Command.Configure c -> first(user(c.user()), reason(c.reason()));
            case Command.DefineStrategy c ->
                first(user(c.user()), fault("the strategy's name", c.name()), fault("its parameters", c.parameters()));
            case Command.ControlStrategy c ->
                first(user(c.user()), reason(c.reason()), fault("the strategy's name", c.name()));
            case Command.AssignPosition c ->
                first(user(c.user()), reason(c.reason()), fault("the strategy's name", c.strategy()));
            case Command.RecordAct c ->
                first(
                        user(c.user()),
                        reason(c.reason()),
                        fault("the action", c.action()),
                        fault("the target", c.target()),
                        fault("the result", c.result()));
            case Command.SetSwitch c -> first(user(c.user()), reason(c.reason()), fault("the target", c.target()));
            case Command.DefineInstrument _,
                    Command.RenewGrant _,
                    Command.ReportSend _,
                    Command.BeginRead _,
                    Command.ReportOrder _,
                    Command.ReportTrade _,
                    Command.ReportPosition _,
                    Command.ReportOddRow _,
                    Command.ReportFitness _,
                    Command.EndRead _,
                    Command.ReportOpening _,
                    Command.OpenDay _,
                    Command.CloseDay _,
                    Command.ReportTick _,
                    Command.ReportBar _,
                    Command.ReportFeed _,
                    Command.ReportBrokerSession _,
                    Command.ReportStateHash _,
                    Command.ReportRenewal _,
                    Command.Probe _ -> "";
        };
    }

    private static String user(String user) {
        return fault("the user's name", user);
    }

    private static String reason(String reason) {
        return fault("the reason", reason);
    }

    private static String fault(String what, String text) {
        return PlainText.fault(what, text);
    }

    private static String first(String... faults) {
        for (String fault : faults) {
            if (!fault.isEmpty()) {
                return fault;
            }
        }
        return "";
    }
}
