package dev.holdfast.audit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The simulated exchange's ledger, read page by page through its control endpoint. */
public final class LedgerWitness implements Witness {

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
            translate(line).ifPresent(entries::add);
            if (isOrderRequest(line)) {
                entries.add(new Requested(line.path("atNanos").asLong()));
            }
        }
        return new Page(entries, through, body.path("last").asLong());
    }

    private static boolean isOrderRequest(JsonNode line) {
        String source = line.path("source").asString("");
        return line.path("kind").asString("").equals("REQUEST")
                && !source.equals("HAND")
                && !source.equals("BROKER")
                && line.path("path").asString("").startsWith("/orders");
    }

    private static Optional<Entry> translate(JsonNode line) {
        long at = line.path("atNanos").asLong();
        return switch (line.path("kind").asString("")) {
            case "REQUEST" ->
                isOrderRequest(line) && line.path("method").asString("").equals("POST")
                        ? Optional.of(new PlaceRequested(at, text(line, "tag")))
                        : Optional.empty();
            case "ACCEPTED" -> Optional.of(new Accepted(at, text(line, "orderId"), text(line, "tag")));
            case "TRADE" -> {
                long quantity = line.path("quantity").asLong();
                yield Optional.of(new Traded(
                        at,
                        text(line, "tradeId"),
                        text(line, "orderId"),
                        text(line, "symbol"),
                        text(line, "side").equals("BUY") ? quantity : -quantity,
                        line.path("pricePaise").asLong()));
            }
            default -> Optional.empty();
        };
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
