package dev.holdfast.dashboard;

import dev.holdfast.drill.Scenario;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ConflictResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An operator starts a drill: the command line's command, with the user's name before the reason. */
final class DrillApi {

    private static final Logger LOG = LoggerFactory.getLogger(DrillApi.class);

    private final DrillStart start;

    DrillApi(DrillStart start) {
        this.start = start;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/drills/{name}", this::start, Role.OPERATOR);
    }

    private void start(Context context) throws IOException, InterruptedException {
        Scenario scenario = scenario(context.pathParam("name"));
        String user = Calls.user(context);
        String reason = Calls.body(context, Requests.Reason.class).reason().strip();
        DrillStart.Outcome outcome = start.start(scenario, user + " on the page: " + reason);
        LOG.info("drill={} user={} reason={} {}", scenario.word(), user, reason, outcome);
        switch (outcome) {
            case DrillStart.Outcome.AtWork() -> context.json(Map.of("drill", scenario.word()));
            case DrillStart.Outcome.Refused(String why) -> throw new ConflictResponse(why);
            case DrillStart.Outcome.Unknown(String text) -> throw new ServiceUnavailableResponse(text);
        }
    }

    private static Scenario scenario(String name) {
        try {
            return Scenario.named(name);
        } catch (IllegalArgumentException unknown) {
            throw new NotFoundResponse(String.valueOf(unknown.getMessage()));
        }
    }
}
