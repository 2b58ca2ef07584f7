package dev.holdfast.exchange;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The instrument list and snapshots of the market. */
final class QuoteRoutes {

    private static final int MAX_FULL = 500;
    private static final int MAX_SHORT = 1_000;

    private static final List<String> COLUMNS = List.of(
            "instrument_token",
            "exchange_token",
            "tradingsymbol",
            "name",
            "last_price",
            "expiry",
            "strike",
            "tick_size",
            "lot_size",
            "instrument_type",
            "segment",
            "exchange");

    private final Floor floor;
    private final Tokens tokens;
    private final Faults faults;
    private final Access access;
    private final RateLimits limits;

    QuoteRoutes(Floor floor, Tokens tokens, Faults faults, Access access, RateLimits limits) {
        this.floor = floor;
        this.tokens = tokens;
        this.faults = faults;
        this.access = access;
        this.limits = limits;
    }

    void add(RoutesConfig routes) {
        routes.get("/instruments", instruments());
        routes.get("/instruments/{exchange}", instruments());
        routes.get("/quote", quotes(MAX_FULL, QuoteRoutes::full));
        routes.get("/quote/ohlc", quotes(MAX_SHORT, QuoteRoutes::ohlc));
        routes.get("/quote/ltp", quotes(MAX_SHORT, QuoteRoutes::ltp));
    }

    private Handler instruments() {
        return context -> {
            access.require(context);
            limits.other();
            byte[] csv = csv(Optional.ofNullable(context.pathParamMap().get("exchange"))
                            .orElse(Instrument.EXCHANGE))
                    .getBytes(StandardCharsets.UTF_8);
            String accepted = context.header("Accept-Encoding");
            boolean zip = accepted != null && accepted.contains("gzip");
            if (zip) {
                context.header("Content-Encoding", "gzip");
            }
            // The official client compares the type exactly: no charset behind it.
            context.res().setContentType("text/csv");
            context.result(zip ? gzip(csv) : csv);
        };
    }

    private String csv(String exchange) {
        StringBuilder csv = new StringBuilder(String.join(",", COLUMNS)).append('\n');
        if (exchange.equals(Instrument.EXCHANGE)) {
            floor.read(() -> {
                floor.quotes()
                        .values()
                        .forEach(quote ->
                                line(quote).ifPresent(line -> csv.append(line).append('\n')));
                return csv;
            });
        }
        return csv.toString();
    }

    /** An instrument's line; empty when a fault leaves it out. */
    private Optional<String> line(Quote quote) {
        Instrument instrument = quote.instrument;
        int token = tokens.token(quote);
        Map<String, String> cells = new HashMap<>();
        cells.put("instrument_token", Integer.toString(token));
        cells.put("exchange_token", Integer.toString(token >> 8));
        cells.put("tradingsymbol", instrument.symbol());
        cells.put("name", '"' + instrument.name() + '"');
        cells.put("last_price", Rupees.of(quote.lastPaise).toPlainString());
        cells.put("strike", "0");
        // An index cannot be traded, so the broker's list gives it neither.
        cells.put(
                "tick_size",
                instrument.isIndex() ? "0" : Rupees.of(instrument.tickPaise()).toPlainString());
        cells.put("lot_size", instrument.isIndex() ? "0" : "1");
        cells.put("instrument_type", "EQ");
        cells.put("segment", instrument.isIndex() ? "INDICES" : "NSE");
        cells.put("exchange", Instrument.EXCHANGE);
        for (Fault fault : faults.all(FaultKind.EDIT_INSTRUMENT)) {
            if (instrument.symbol().equals(fault.target().symbol())) {
                Map<String, Object> edited = fault.content().row();
                if (edited == null) {
                    return Optional.empty();
                }
                edited.forEach((column, cell) -> cells.put(column, cell == null ? "" : cell.toString()));
            }
        }
        return Optional.of(
                COLUMNS.stream().map(column -> cells.getOrDefault(column, "")).collect(Collectors.joining(",")));
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(plain);
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does not fail", impossible);
        }
        return bytes.toByteArray();
    }

    /** Unknown keys are silently absent, as the broker does it. */
    private Handler quotes(int most, Function<Quote, ObjectNode> form) {
        return context -> {
            access.require(context);
            limits.quote();
            List<String> keys = context.queryParams("i");
            if (keys.isEmpty() || keys.size() > most) {
                throw KiteError.input("`i` names " + keys.size() + " instruments; expected 1 to " + most);
            }
            ObjectNode found = Rows.JSON.createObjectNode();
            floor.read(() -> {
                floor.quotes().values().stream()
                        .filter(quote -> keys.contains(quote.instrument.key())
                                || keys.contains(Integer.toString(quote.instrument.token())))
                        .forEach(quote -> found.set(quote.instrument.key(), form.apply(quote)));
                return found;
            });
            Envelope.success(context, found);
        };
    }

    private static ObjectNode ltp(Quote quote) {
        ObjectNode row = Rows.JSON.createObjectNode();
        row.put("instrument_token", quote.instrument.token());
        row.put("last_price", Rupees.of(quote.lastPaise));
        return row;
    }

    private static ObjectNode ohlc(Quote quote) {
        ObjectNode row = ltp(quote);
        ObjectNode ohlc = row.putObject("ohlc");
        ohlc.put("open", Rupees.of(quote.openPaise));
        ohlc.put("high", Rupees.of(quote.highPaise));
        ohlc.put("low", Rupees.of(quote.lowPaise));
        ohlc.put("close", Rupees.of(quote.closePaise));
        return row;
    }

    private static ObjectNode full(Quote quote) {
        ObjectNode row = ohlc(quote);
        row.put("timestamp", Ist.text(quote.exchangeNanos));
        row.put("net_change", Rupees.of(quote.lastPaise - quote.closePaise));
        if (quote.instrument.isIndex()) {
            return row;
        }
        row.put("last_trade_time", Ist.text(quote.lastTradeNanos));
        row.put("last_quantity", quote.lastQuantity);
        row.put("average_price", Rupees.average(quote.valuePaise, quote.volume));
        row.put("volume", quote.volume);
        row.put("buy_quantity", Packets.total(quote.bids));
        row.put("sell_quantity", Packets.total(quote.asks));
        row.put("oi", 0);
        row.put("oi_day_high", 0);
        row.put("oi_day_low", 0);
        long band = quote.closePaise * Floor.BAND_PERCENT / 100;
        row.put("lower_circuit_limit", Rupees.of(quote.closePaise - band));
        row.put("upper_circuit_limit", Rupees.of(quote.closePaise + band));
        ObjectNode depth = row.putObject("depth");
        levels(depth.putArray("buy"), quote.bids);
        levels(depth.putArray("sell"), quote.asks);
        return row;
    }

    private static void levels(ArrayNode rows, Quote.Level[] levels) {
        for (Quote.Level level : levels) {
            rows.addObject()
                    .put("price", Rupees.of(level.pricePaise()))
                    .put("quantity", level.quantity())
                    .put("orders", level.orders());
        }
    }
}
