package dev.holdfast.dashboard;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.TooManyRequestsResponse;
import io.javalin.http.UnauthorizedResponse;
import java.util.Map;
import java.util.Objects;

/** The calls of the page. What changes something becomes a command with the user and the reason; the answer is the engine's. */
final class Api {

    private final Log log;
    private final LiveModel model;
    private final LiveStream stream;
    private final Authentication authentication;
    private final Calls calls;

    Api(Log log, LiveModel model, LiveStream stream, Authentication authentication, Calls calls) {
        this.log = log;
        this.model = model;
        this.stream = stream;
        this.authentication = authentication;
        this.calls = calls;
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
        Requests.Login request = calls.body(context, Requests.Login.class);
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
        Requests.Place request = calls.body(context, Requests.Place.class);
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
                        Calls.user(context),
                        request.reason().strip()));
    }

    private void cancelOrder(Context context) {
        long number = number(context.pathParam("number"), "the order's number");
        submit(context, new Command.CancelOrder(number, Calls.user(context), reason(context)));
    }

    private void controlStrategy(Context context, boolean start) {
        submit(
                context,
                new Command.ControlStrategy(start, context.pathParam("name"), Calls.user(context), reason(context)));
    }

    private void setSwitch(Context context) {
        Requests.Toggle request = calls.body(context, Requests.Toggle.class);
        submit(
                context,
                new Command.SetSwitch(
                        request.kind(),
                        request.scope(),
                        request.engaged(),
                        request.target(),
                        Calls.user(context),
                        request.reason().strip()));
    }

    private void submit(Context context, Command command) {
        calls.submit(context, log, command, "engine");
    }

    private String reason(Context context) {
        return calls.body(context, Requests.Reason.class).reason().strip();
    }

    private static long number(@org.jspecify.annotations.Nullable String text, String what) {
        try {
            return Long.parseLong(Objects.requireNonNullElse(text, ""));
        } catch (NumberFormatException malformed) {
            throw new BadRequestResponse(what + " is '" + text + "', expected a number");
        }
    }
}
