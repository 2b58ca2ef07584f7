package dev.holdfast.dashboard;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.TooManyRequestsResponse;
import io.javalin.http.UnauthorizedResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The calls of the page. What changes something becomes a command with the user and the reason; the answer is the engine's. */
final class Api {

    private final Log log;
    private final LiveModel model;
    private final LiveStream stream;
    private final Authentication authentication;

    Api(Log log, LiveModel model, LiveStream stream, Authentication authentication) {
        this.log = log;
        this.model = model;
        this.stream = stream;
        this.authentication = authentication;
    }

    void addTo(RoutesConfig routes) {
        routes.before("/api/*", Api::requireKnownParameters);
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

    /** Refuses unknown query parameters: their sender expects an effect that they would not have. */
    private static void requireKnownParameters(Context context) {
        Set<String> known = context.path().equals("/api/ticks") ? Set.of("instrument") : Set.of();
        if (!known.containsAll(context.queryParamMap().keySet())) {
            throw new BadRequestResponse("the query has "
                    + context.queryParamMap().size() + " parameters, expected " + (known.isEmpty() ? "none" : known));
        }
    }

    private void login(Context context) throws InterruptedException {
        Requests.Login request = Calls.body(context, Requests.Login.class);
        switch (authentication.login(
                request.name(), request.password(), context.ip(), context.cookie(Access.BROWSER_COOKIE))) {
            case Authentication.Attempt.Accepted accepted -> {
                Access.setCookie(context, accepted.cookie());
                Access.setBrowserCookie(context, accepted.browser());
                describe(context, accepted.session());
            }
            case Authentication.Attempt.Refused() -> throw new UnauthorizedResponse("name or password is wrong");
            case Authentication.Attempt.Throttled throttled -> {
                long waitSeconds = (throttled.waitMillis() + 999) / 1_000; // rounded up: earlier would fail again
                context.header("Retry-After", Long.toString(waitSeconds));
                throw new TooManyRequestsResponse("too many attempts; try again in " + waitSeconds + " s");
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
        List<String> given = context.queryParams("instrument");
        if (given.size() != 1) {
            throw new BadRequestResponse("instrument is given " + given.size() + " times, expected once");
        }
        context.json(model.history((int) number(given.getFirst(), "instrument", Integer.MAX_VALUE)));
    }

    private void placeOrder(Context context) {
        Requests.Place request = Calls.body(context, Requests.Place.class);
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
        long number = number(context.pathParam("number"), "the order's number", Long.MAX_VALUE);
        submit(context, new Command.CancelOrder(number, Calls.user(context), reason(context)));
    }

    private void controlStrategy(Context context, boolean start) {
        submit(
                context,
                new Command.ControlStrategy(
                        start,
                        Calls.name("the strategy's name", context.pathParam("name")),
                        Calls.user(context),
                        reason(context)));
    }

    private void setSwitch(Context context) {
        Requests.Toggle request = Calls.partialBody(context, Requests.Toggle.class);
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
        Calls.submit(context, log, command, "engine");
    }

    private static String reason(Context context) {
        return Calls.body(context, Requests.Reason.class).reason().strip();
    }

    /** Digits alone: what else a parser may take for a number nobody meant. */
    private static long number(String text, String what, long most) {
        if (text.matches("[0-9]{1,18}") && Long.parseLong(text) <= most) {
            return Long.parseLong(text);
        }
        throw new BadRequestResponse(Calls.name(what, what + " is '" + text + "', expected a number"));
    }
}
