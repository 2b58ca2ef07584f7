package dev.holdfast.audit;

import dev.holdfast.types.Product;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The simulated exchange's ledger, read page by page through its control endpoint. */
public final class LedgerWitness implements Witness {

    private static final String ORDERS = "/orders";
    private static final int PAGE = 5_000;
    private static final int MAX_PAGES = 10_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final String exchangeUrl;
    private final String secret;

    /** @param exchangeUrl such as http://127.0.3.1:8090 */
    public LedgerWitness(String exchangeUrl, String secret) {
        this.exchangeUrl = exchangeUrl;
        this.secret = secret;
    }

    @Override
    public List<Entry> read() {
        List<Entry> entries = new ArrayList<>();
        long after = 0;
        for (int page = 0; page < MAX_PAGES; page++) {
            Page next = after(after);
            entries.addAll(next.entries());
            if (next.through() >= next.last() || next.through() == after) {
                return entries;
            }
            after = next.through();
        }
        throw new WitnessUnavailable("the ledger at " + exchangeUrl + " has more than " + (long) PAGE * MAX_PAGES
                + " lines; audit a shorter history");
    }

    /**
     * Some lines of the ledger.
     *
     * @param through number of the last line read
     * @param last number of the ledger's last line
     */
    public record Page(List<Entry> entries, long through, long last) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * What follows this line, at most {@value #PAGE} lines.
     *
     * @throws WitnessUnavailable if it cannot be read
     */
    public Page after(long number) {
        JsonNode body = page(number);
        List<Entry> entries = new ArrayList<>();
        long through = number;
        for (JsonNode line : body.path("entries")) {
            through = line.path("number").asLong();
            translate(line, entries);
        }
        return new Page(entries, through, body.path("last").asLong());
    }

    private static void translate(JsonNode line, List<Entry> entries) {
        long number = line.path("number").asLong();
        long at = line.path("atNanos").asLong();
        switch (line.path("kind").asString("")) {
            case "DAY" -> entries.add(day(line));
            case "REQUEST" -> request(line, number, at, entries);
            case "ACCEPTED" ->
                entries.add(new Accepted(
                        at,
                        line.path("request").asLong(),
                        text(line, "orderId"),
                        text(line, "tag"),
                        hand(text(line, "placedBy")),
                        text(line, "symbol"),
                        product(line, "product"),
                        signedQuantity(line)));
            case "TRADE" ->
                entries.add(new Traded(
                        number,
                        at,
                        text(line, "tradeId"),
                        text(line, "orderId"),
                        text(line, "symbol"),
                        product(line, "product"),
                        signedQuantity(line),
                        line.path("pricePaise").asLong()));
            case "CONVERTED" ->
                entries.add(new Converted(
                        number,
                        at,
                        text(line, "symbol"),
                        signedQuantity(line),
                        product(line, "from"),
                        product(line, "to"),
                        line.path("overnight").asBoolean()));
            case "ODD_ROW" -> {
                if (!text(line, "orderId").isEmpty()) {
                    entries.add(new MadeUp(text(line, "orderId")));
                }
            }
            default -> {} // of no consequence to the audit
        }
    }

    private static DayBegan day(JsonNode line) {
        List<Carried> carried = new ArrayList<>();
        for (JsonNode position : line.path("positions")) {
            carried.add(new Carried(
                    text(position, "symbol"),
                    product(position, "product"),
                    position.path("quantity").asLong()));
        }
        return new DayBegan(carried);
    }

    private static void request(JsonNode line, long number, long at, List<Entry> entries) {
        String path = text(line, "path");
        if (!path.startsWith(ORDERS)) {
            return;
        }
        String source = text(line, "source");
        Hand by = text(line, "app").isEmpty() ? hand(source) : Hand.NEIGHBOUR;
        String method = text(line, "method");
        if (method.equals("POST")) {
            if (by == Hand.OURS) {
                entries.add(new PlaceRequested(number, at, text(line, "tag")));
            }
        } else {
            String orderId = path.substring(path.lastIndexOf('/') + 1);
            entries.add(new ChangeRequested(at, by, method.equals("DELETE"), orderId));
        }
        if (by == Hand.OURS) {
            entries.add(new Requested(at));
        }
    }

    private static Hand hand(String word) {
        return switch (word) {
            case "HAND" -> Hand.PERSON;
            case "BROKER" -> Hand.BROKER;
            case "NEIGHBOUR" -> Hand.NEIGHBOUR;
            default -> Hand.OURS;
        };
    }

    private static Product product(JsonNode line, String field) {
        return Product.valueOf(text(line, field));
    }

    private static long signedQuantity(JsonNode line) {
        long quantity = line.path("quantity").asLong();
        return text(line, "side").equals("BUY") ? quantity : -quantity;
    }

    private static String text(JsonNode line, String field) {
        JsonNode value = line.path(field);
        return value.isString() ? value.stringValue() : "";
    }

    private JsonNode page(long after) {
        URI uri = URI.create(exchangeUrl + "/control/ledger?after=" + after + "&limit=" + PAGE);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + secret)
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new WitnessUnavailable("the exchange at " + exchangeUrl + " answered " + response.statusCode()
                        + " when asked for its ledger");
            }
            return MAPPER.readTree(response.body());
        } catch (IOException | JacksonException failure) {
            throw new WitnessUnavailable("the exchange's ledger at " + exchangeUrl + " cannot be read (" + failure
                    + "); is the exchange running?");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new WitnessUnavailable("interrupted while reading the ledger");
        }
    }
}
