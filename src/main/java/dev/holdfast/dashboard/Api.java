package dev.holdfast.dashboard;

import dev.holdfast.log.Log;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Reply;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.ConflictResponse;
import io.javalin.http.Context;
import io.javalin.http.ServiceUnavailableResponse;
import io.javalin.http.TooManyRequestsResponse;
import io.javalin.http.UnauthorizedResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The calls of the page. What changes something becomes a command with the user and the reason; the answer is the engine's. */
final class Api {

    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(3);

    private final Log log;
    private final LiveModel model;
    private final LiveStream stream;
    private final Authentication authentication;
    private final JsonMapper json;

    Api(Log log, LiveModel model, LiveStream stream, Authentication authentication, JsonMapper json) {
        this.log = log;
        this.model = model;
        this.stream = stream;
        this.authentication = authentication;
        this.json = json;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/api/login", this::login, Role.ANYONE);
        routes.post("/api/logout", this::logout, Role.VIEWER);
        routes.get("/api/session", this::session, Role.VIEWER);
        routes.get("/api/ticks", this::ticks, Role.VIEWER);
        routes.sse("/api/live", stream::serve, Role.VIEWER);
        routes.post("/api/orders", this::placeOrder, Role.OPERATOR);
        routes.post("/api/orders/{number}/cancel", this::cancelOrder, Role.OPERATOR);
        routes.post("/api/strategies/{name}/start", context -> controlStrategy(context, true), Role.OPERATOR);
        routes.post("/api/strategies/{name}/stop", context -> controlStrategy(context, false), Role.OPERATOR);
        routes.post("/api/switches", this::setSwitch, Role.OPERATOR);
    }

    private void login(Context context) throws InterruptedException {
        Requests.Login request = body(context, Requests.Login.class);
        switch (authentication.login(request.name(), request.password(), context.ip())) {
            case Authentication.Attempt.Accepted accepted -> {
                Access.setCookie(context, accepted.cookie());
                describe(context, accepted.session());
            }
            case Authentication.Attempt.Refused() -> throw new UnauthorizedResponse("name or password is wrong");
            case Authentication.Attempt.Throttled throttled -> {
                long waitSeconds = (throttled.waitMillis() + 999) / 1_000; // rounded up: earlier would fail again
                context.header("Retry-After", Long.toString(waitSeconds));
                throw new TooManyRequestsResponse("too many failed attempts; try again in " + waitSeconds + " s");
            }
        }
    }

    private void logout(Context context) {
        authentication.logout(context.cookie(Access.COOKIE));
        Access.removeCookie(context);
        context.json(Map.of());
    }

    private void session(Context context) {
        describe(context, Access.session(context));
    }

    private static void describe(Context context, Session session) {
        context.json(Map.of("user", session.user(), "role", session.role(), "csrf", session.csrf()));
    }

    private void ticks(Context context) {
        int instrument = (int) number(context.queryParam("instrument"), "instrument");
        context.json(model.history(instrument));
    }

    private void placeOrder(Context context) {
        Requests.Place request = body(context, Requests.Place.class);
        submit(
                context,
                new Command.PlaceOrder(
                        request.instrument(),
                        request.side(),
                        request.product(),
                        request.orderType(),
                        request.quantity(),
                        request.pricePaise(),
                        request.clientKey(),
                        user(context),
                        request.reason().strip()));
    }

    private void cancelOrder(Context context) {
        long number = number(context.pathParam("number"), "the order's number");
        submit(context, new Command.CancelOrder(number, user(context), reason(context)));
    }

    private void controlStrategy(Context context, boolean start) {
        submit(context, new Command.ControlStrategy(start, context.pathParam("name"), user(context), reason(context)));
    }

    private void setSwitch(Context context) {
        Requests.Toggle request = body(context, Requests.Toggle.class);
        submit(
                context,
                new Command.SetSwitch(
                        request.kind(),
                        request.scope(),
                        request.engaged(),
                        request.target(),
                        user(context),
                        request.reason().strip()));
    }

    /** Answers 200 with the engine's value, 409 with its refusal, 503 when it is unknown whether the command was applied. */
    private void submit(Context context, Command command) {
        String action = command.getClass().getSimpleName();
        try {
            Reply reply = log.submitAndWait(command, REPLY_TIMEOUT);
            LOG.info("command={} user={} reply={} {}", action, user(context), reply.code(), reply.text());
            if (!reply.accepted()) {
                throw new ConflictResponse(
                        reply.text().isEmpty() ? "the engine answered " + reply.code() : reply.text());
            }
            context.json(Map.of("value", reply.value(), "sequence", reply.sequence(), "text", reply.text()));
        } catch (LogUnavailable unavailable) {
            LOG.warn("command={} user={} was not answered: {}", action, user(context), unavailable.getMessage());
            throw new ServiceUnavailableResponse("the log gave no answer within " + REPLY_TIMEOUT.toSeconds()
                    + " s; whether it was done is unknown: look at the page before you repeat it");
        }
    }

    private static String user(Context context) {
        return Access.session(context).user();
    }

    private String reason(Context context) {
        return body(context, Requests.Reason.class).reason().strip();
    }

    private static long number(@org.jspecify.annotations.Nullable String text, String what) {
        try {
            return Long.parseLong(Objects.requireNonNullElse(text, ""));
        } catch (NumberFormatException malformed) {
            throw new BadRequestResponse(what + " is '" + text + "', expected a number");
        }
    }

    private <T> T body(Context context, Class<T> type) {
        if (!context.isJson()) {
            throw new BadRequestResponse("the body is " + context.contentType() + ", expected application/json");
        }
        try {
            return json.readValue(context.body(), type);
        } catch (JacksonException malformed) {
            Throwable cause = malformed.getCause();
            throw new BadRequestResponse(
                    cause instanceof IllegalArgumentException check
                            ? String.valueOf(check.getMessage())
                            : "the body is not the JSON expected: " + malformed.getOriginalMessage());
        }
    }
}
