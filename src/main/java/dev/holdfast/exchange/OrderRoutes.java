package dev.holdfast.exchange;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Placing, modifying and cancelling orders. Each request is written to the ledger as it arrives and again with what it
 * was answered; in between it passes the faults, the session check, the limits and the floor, in this order.
 */
final class OrderRoutes {

    private static final int MAX_PARAMETERS = 40;
    private static final int MAX_PARAMETER_CHARACTERS = 200;
    private static final String REGULAR = "regular";

    private final Floor floor;
    private final Witness witness;
    private final Faults faults;
    private final Access access;
    private final RateLimits limits;

    OrderRoutes(Floor floor, Witness witness, Faults faults, Access access, RateLimits limits) {
        this.floor = floor;
        this.witness = witness;
        this.faults = faults;
        this.access = access;
        this.limits = limits;
    }

    void add(RoutesConfig routes) {
        routes.post("/orders/{variety}", context -> {
            Map<String, String> parameters = parameters(context.formParamMap());
            handle(context, parameters, request -> floor.place(request, placedBy(context), parameters));
        });
        routes.put("/orders/{variety}/{order_id}", context -> {
            Map<String, String> parameters = parameters(context.formParamMap());
            String orderId = context.pathParam("order_id");
            handle(context, parameters, request -> floor.amend(request, orderId, parameters));
        });
        routes.delete("/orders/{variety}/{order_id}", context -> {
            Map<String, String> parameters = parameters(context.queryParamMap());
            String orderId = context.pathParam("order_id");
            handle(context, parameters, request -> floor.cancel(request, orderId));
        });
        routes.put("/portfolio/positions", context -> {
            Map<String, String> parameters = parameters(context.formParamMap());
            long request = recorded(context, parameters);
            try {
                access.require(context);
                limits.other();
                floor.convert(request, Conversion.parse(parameters));
                witness.write(new LedgerEntry.Answer(request, 200, null, null, null, null));
                witness.sync();
                Envelope.success(context, true);
            } catch (KiteError refusal) {
                refused(context, request, refusal);
            }
        });
    }

    private static String placedBy(Context context) {
        String app = Access.app(context);
        return app == null ? Rows.USER_ID : app;
    }

    /** What a request asks of the floor; gives the order id. */
    private interface Act {
        String run(long request);
    }

    private void handle(Context context, Map<String, String> parameters, Act act) {
        String method = context.method().name();
        long request = recorded(context, parameters);
        try {
            faults.take(FaultKind.LATENCY).ifPresent(fault -> Pause.millis(fault.millis()));
            access.require(context);
            if (faults.take(FaultKind.TOO_MANY_REQUESTS).isPresent()) {
                throw KiteError.tooMany("Too many requests");
            }
            limits.order(method.equals("POST"), floor.read(() -> floor.book().placedToday()));
            refuseAddress(context.ip());
            if (!context.pathParam("variety").equals(REGULAR)) {
                throw KiteError.input("Invalid `variety`: this exchange takes regular orders");
            }
            if (failed(context, request, null, FaultKind.TIMEOUT_BEFORE_ACCEPT, FaultKind.ERROR_BEFORE_ACCEPT)) {
                return;
            }
            String orderId = act.run(request);
            if (!failed(context, request, orderId, FaultKind.TIMEOUT_AFTER_ACCEPT, FaultKind.ERROR_AFTER_ACCEPT)) {
                witness.write(new LedgerEntry.Answer(request, 200, orderId, null, null, null));
                witness.sync();
                Envelope.success(context, Map.of("order_id", orderId));
            }
        } catch (KiteError refusal) {
            refused(context, request, refusal);
        }
    }

    private long recorded(Context context, Map<String, String> parameters) {
        return floor.record(new LedgerEntry.Request(
                        context.method().name(),
                        bounded(context.path()),
                        context.ip(),
                        parameters.get("tag"),
                        Access.app(context),
                        parameters))
                .number();
    }

    private void refused(Context context, long request, KiteError refusal) {
        witness.write(
                new LedgerEntry.Answer(request, refusal.status, null, refusal.errorType, refusal.getMessage(), null));
        witness.sync();
        Envelope.error(context, refusal);
    }

    /** The broker knows the addresses from which an application may order; reading it allows from everywhere. */
    private void refuseAddress(String source) {
        if (faults.all(FaultKind.REFUSE_ADDRESS).stream()
                .anyMatch(fault -> fault.target().hasSource(source))) {
            throw KiteError.permission("Orders from the address " + source
                    + " are not allowed: it is not registered for this application");
        }
    }

    /**
     * Withholds the answer if a fault says so.
     *
     * @return whether it was withheld
     */
    private boolean failed(
            Context context, long request, @Nullable String orderId, FaultKind timeout, FaultKind error) {
        Optional<Fault> silence = faults.take(timeout);
        if (silence.isPresent()) {
            answerWithheld(request, 0, orderId, silence.get());
            Pause.millis(silence.get().millis());
            Uplink.hangUp(context);
            return true;
        }
        Optional<Fault> broken = faults.take(error);
        broken.ifPresent(fault -> {
            answerWithheld(request, fault.status(), orderId, fault);
            context.status(fault.status()).html("<html><body><h1>" + fault.status() + "</h1></body></html>");
        });
        return broken.isPresent();
    }

    private void answerWithheld(long request, int status, @Nullable String orderId, Fault fault) {
        witness.write(new LedgerEntry.Answer(
                request, status, orderId, null, null, fault.kind().name()));
        witness.sync();
    }

    /** First values only, bounded: the ledger is a file that strangers can fill. */
    private static Map<String, String> parameters(Map<String, List<String>> given) {
        Map<String, String> parameters = new TreeMap<>();
        given.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .limit(MAX_PARAMETERS)
                .forEach(entry -> parameters.put(
                        bounded(entry.getKey()), bounded(entry.getValue().getFirst())));
        return parameters;
    }

    private static String bounded(String text) {
        return text.length() <= MAX_PARAMETER_CHARACTERS ? text : text.substring(0, MAX_PARAMETER_CHARACTERS);
    }
}
