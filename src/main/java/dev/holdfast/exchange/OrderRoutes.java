package dev.holdfast.exchange;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
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
            handle(context, parameters, request -> floor.place(request, Rows.USER_ID, parameters));
        });
        routes.put("/orders/{variety}/{order_id}", context -> {
            Map<String, String> parameters = parameters(context.formParamMap());
            String orderId = context.pathParam("order_id");
            handle(context, parameters, request -> floor.amend(request, orderId, parameters));
        });
        routes.delete("/orders/{variety}/{order_id}", context -> {
            Map<String, String> parameters = parameters(context.queryParamMap());
            String orderId = context.pathParam("order_id");
            handle(context, parameters, _ -> floor.cancel(orderId));
        });
    }

    /** What a request asks of the floor; gives the order id. */
    private interface Act {
        String run(long request);
    }

    private void handle(Context context, Map<String, String> parameters, Act act) {
        String method = context.method().name();
        long request = floor.record(new LedgerEntry.Request(
                        method, bounded(context.path()), context.ip(), parameters.get("tag"), parameters))
                .number();
        try {
            faults.take(FaultKind.LATENCY).ifPresent(fault -> Pause.millis(fault.millis()));
            access.require(context);
            if (faults.take(FaultKind.TOO_MANY_REQUESTS).isPresent()) {
                throw KiteError.tooMany("Too many requests");
            }
            limits.order(method.equals("POST"), floor.read(() -> floor.book().placedToday()));
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
            witness.write(new LedgerEntry.Answer(
                    request, refusal.status, null, refusal.errorType, refusal.getMessage(), null));
            witness.sync();
            Envelope.error(context, refusal);
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
            hangUp(context);
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

    /** Closes the connection as a network does that loses the answer. */
    private static void hangUp(Context context) {
        ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
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
