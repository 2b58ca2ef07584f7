package dev.holdfast.exchange;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operator's side of the simulation: faults, the ledger, the clock. All need {@code Authorization: Bearer SECRET}. */
final class ControlRoutes {

    private static final int DEFAULT_PAGE = 1_000;
    private static final String SCHEME = "Bearer ";

    private final Floor floor;
    private final Faults faults;
    private final Ledger ledger;
    private final Sessions sessions;
    private final Ticker ticker;
    private final Witness witness;
    private final OddRows oddRows;
    private final String secret;

    ControlRoutes(
            Floor floor,
            Faults faults,
            Ledger ledger,
            Sessions sessions,
            Ticker ticker,
            Witness witness,
            OddRows oddRows,
            String secret) {
        this.floor = floor;
        this.faults = faults;
        this.ledger = ledger;
        this.sessions = sessions;
        this.ticker = ticker;
        this.witness = witness;
        this.oddRows = oddRows;
        this.secret = secret;
    }

    void add(RoutesConfig routes) {
        routes.get("/control/faults", guarded(context -> json(context, Map.of("active", faults.active()))));
        routes.post("/control/faults", guarded(this::set));
        routes.delete("/control/faults", guarded(context -> json(context, Map.of("lifted", faults.liftAll()))));
        routes.delete("/control/faults/{number}", guarded(this::lift));
        routes.get("/control/ledger", guarded(this::ledger));
        routes.get("/control/ticker", guarded(context -> json(context, Map.of("connections", ticker.views()))));
        routes.get("/control/clock", guarded(this::clock));
    }

    private Handler guarded(Handler handler) {
        return context -> {
            String header = context.header("Authorization");
            if (header == null
                    || !header.startsWith(SCHEME)
                    || !Digest.same(secret, header.substring(SCHEME.length()))) {
                context.header("WWW-Authenticate", "Bearer");
                throw KiteError.general(401, "the control endpoint needs `Authorization: Bearer` and its secret");
            }
            handler.handle(context);
        };
    }

    private void set(Context context) {
        Fault fault = fault(context.body());
        long number = faults.set(fault);
        String orderId = act(fault, number);
        witness.sync();
        json(
                context,
                orderId == null
                        ? Map.of("number", number, "fault", fault)
                        : Map.of("number", number, "fault", fault, "orderId", orderId));
    }

    private static Fault fault(String body) {
        try {
            return Fault.parse(body);
        } catch (IllegalArgumentException impossible) {
            throw KiteError.input(String.valueOf(impossible.getMessage()));
        }
    }

    /**
     * Does what a fault does at once.
     *
     * @return the order it was about, or null
     */
    private @Nullable String act(Fault fault, long number) {
        Map<String, String> order = fault.content().order();
        return switch (fault.kind()) {
            case TOKEN_DEATH -> {
                sessions.endAll("fault " + number);
                ticker.closeAll("session ended");
                yield null;
            }
            case DROP_TICKER -> {
                ticker.dropAll();
                yield null;
            }
            case FOREIGN_ORDER -> floor.placeByHand(order);
            case FOREIGN_CANCEL -> floor.cancelByHand(order);
            case FOREIGN_MODIFY -> floor.amendByHand(order);
            case CONVERT_POSITION -> {
                floor.convertByHand(order);
                yield null;
            }
            case SQUARE_OFF -> {
                floor.squareOff();
                yield null;
            }
            case PRICE_GAP -> {
                floor.reprice();
                yield null;
            }
            case ODD_ROW -> {
                witness.write(floor.read(() -> oddRows.entry(fault)));
                yield null;
            }
            case UPLINK_LOST -> {
                ticker.drop(fault.target());
                yield null;
            }
            case LATENCY,
                    TIMEOUT_BEFORE_ACCEPT,
                    TIMEOUT_AFTER_ACCEPT,
                    ERROR_BEFORE_ACCEPT,
                    ERROR_AFTER_ACCEPT,
                    TOO_MANY_REQUESTS,
                    REJECT_ORDERS,
                    PARTIAL_FILLS,
                    POSTBACK_DUPLICATE,
                    POSTBACK_LATE,
                    POSTBACK_MISSING,
                    BOOK_DELAY,
                    STOP_TICKS,
                    TAG_IN_TAGS_ONLY,
                    REFUSE_ADDRESS,
                    PROXY_PAGE,
                    MUTE_TICKER,
                    WRONG_CLOCK,
                    TOKEN_REUSED,
                    EDIT_INSTRUMENT,
                    NOT_TRADED_TODAY,
                    PRE_OPEN,
                    HUGE_VOLUME,
                    GAP_BEFORE_ORDER -> null;
        };
    }

    private void lift(Context context) {
        long number = number(context.pathParam("number"), 0);
        if (!faults.lift(number)) {
            throw KiteError.notFound("no active fault has the number " + number);
        }
        json(context, Map.of("lifted", 1));
    }

    private void ledger(Context context) {
        witness.sync();
        long last = ledger.lastNumber();
        long after = number(Access.query(context, "after"), 0);
        List<String> page = ledger.page(after, (int) number(Access.query(context, "limit"), DEFAULT_PAGE));
        // Lines go out as they stand in the file.
        String body = "{\"entries\":[" + String.join(",", page) + "],\"last\":" + last + "}";
        context.contentType("application/json").result(body.getBytes(StandardCharsets.UTF_8));
    }

    private static long number(String text, long ifAbsent) {
        try {
            return text.isEmpty() ? ifAbsent : Math.clamp(Long.parseLong(text), 0, Integer.MAX_VALUE);
        } catch (NumberFormatException malformed) {
            throw KiteError.input("'" + text + "' is not a whole number");
        }
    }

    private void clock(Context context) {
        MarketTime now = floor.followTime();
        json(
                context,
                Map.of(
                        "day", now.day().toString(),
                        "marketTime", Ist.text(now.nanos()),
                        "marketNanos", now.nanos(),
                        "phase", now.phase().name()));
    }

    private static void json(Context context, Object body) {
        context.contentType("application/json").result(Rows.JSON.writeValueAsBytes(body));
    }
}
