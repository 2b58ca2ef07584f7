package dev.holdfast.dashboard;

import dev.holdfast.log.RecoveryLog;
import dev.holdfast.protocol.RecoveryCommand;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ConflictResponse;
import io.javalin.http.Context;
import io.javalin.http.ServiceUnavailableResponse;

/** What an operator orders of the recovery machine: the same commands as the command line's, the same refusals. */
final class RecoveryApi {

    private final RecoveryWatch watch;

    RecoveryApi(RecoveryWatch watch) {
        this.watch = watch;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/recovery/switchover", this::switchOver, Role.OPERATOR);
        routes.post("/api/recovery/failover", this::failOver, Role.OPERATOR);
        routes.post("/api/recovery/automation", this::automate, Role.OPERATOR);
    }

    private void switchOver(Context context) {
        Requests.Switchover request = Calls.body(context, Requests.Switchover.class);
        String reason = request.reason().strip();
        order(context, new RecoveryCommand.OrderSwitchover(request.to(), Calls.user(context), reason));
    }

    private void failOver(Context context) {
        Requests.Failover request = Calls.body(context, Requests.Failover.class);
        String reason = request.reason().strip();
        order(
                context,
                new RecoveryCommand.OrderFailover(request.to(), request.acceptLoss(), Calls.user(context), reason));
    }

    private void automate(Context context) {
        Requests.Automation request = Calls.body(context, Requests.Automation.class);
        String reason = request.reason().strip();
        order(context, new RecoveryCommand.PauseAutomation(request.paused(), Calls.user(context), reason));
    }

    /** An order is not left with voters who are away: they would carry it out when they are back, whenever that is. */
    private void order(Context context, RecoveryCommand command) {
        RecoveryLog log = watch.log()
                .orElseThrow(() -> new ConflictResponse(
                        "no host in holdfast.yaml has the role voter, so nothing decides about PostgreSQL"));
        if (!watch.heard()) {
            throw new ServiceUnavailableResponse("nothing is heard from the voters, so the order was not sent;"
                    + " a majority of the agents that vote must run: './holdfast status'");
        }
        Calls.submit(context, log, command, "recovery machine");
    }
}
