package dev.holdfast.exchange;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/**
 * The line and the proxy between a client and the broker: faults cut the line, or let the proxy answer by itself. The control
 * endpoint is reached without them.
 */
final class Uplink {

    private final Faults faults;

    Uplink(Faults faults) {
        this.faults = faults;
    }

    void add(RoutesConfig routes) {
        routes.before(this::pass);
    }

    private void pass(Context context) {
        String path = context.path();
        if (path.startsWith("/control") || path.equals("/health")) {
            return;
        }
        if (isLost(context)) {
            context.skipRemainingHandlers();
            return;
        }
        faults.take(
                        FaultKind.PROXY_PAGE,
                        target -> target.hasRequest(context.method().name(), path, context.ip()))
                .ifPresent(fault -> {
                    context.status(fault.status())
                            .html("<html><head><title>Access denied</title></head><body><h1>" + fault.status()
                                    + "</h1><p>The gateway refused this request.</p></body></html>");
                    context.skipRemainingHandlers();
                });
    }

    /** Lets a client of a lost address wait, then closes the connection. */
    boolean isLost(Context context) {
        Optional<Fault> lost = faults.all(FaultKind.UPLINK_LOST).stream()
                .filter(fault -> fault.target().hasSource(context.ip()))
                .findFirst();
        lost.ifPresent(fault -> {
            Pause.millis(fault.millis());
            hangUp(context);
        });
        return lost.isPresent();
    }

    /** Closes the connection as a network does that loses the answer. */
    static void hangUp(Context context) {
        ServletContextRequest.getServletContextRequest(context.req())
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
    }
}
