package dev.holdfast.broker.kite;

import dev.holdfast.broker.Broker;
import dev.holdfast.broker.BrokerFailure;
import dev.holdfast.broker.BrokerHolding;
import dev.holdfast.broker.BrokerInstrument;
import dev.holdfast.broker.BrokerOrder;
import dev.holdfast.broker.BrokerPosition;
import dev.holdfast.broker.BrokerSession;
import dev.holdfast.broker.BrokerTrade;
import dev.holdfast.broker.OrderCall;
import dev.holdfast.broker.SendAnswer;
import dev.holdfast.broker.SendRight;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.LocalAddress;
import dev.holdfast.runtime.SealedSecrets;
import dev.holdfast.runtime.Secrets;
import dev.holdfast.types.OrderType;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/** Zerodha's Kite Connect v3, or the simulated exchange that speaks it. */
public final class KiteBroker implements Broker, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KiteBroker.class);

    /** Since April 2026 a MARKET order without protection is refused; -1 lets the broker choose. */
    private static final String AUTOMATIC_PROTECTION = "-1";

    private final KiteRest rest;
    private final KiteSession session;

    /**
     * @param host that this is on
     * @param listener hears when the broker begins or ceases to accept our token
     */
    public KiteBroker(Configuration configuration, String host, Secrets secrets, BrokerSession.Listener listener) {
        Configuration.Broker broker = configuration.broker();
        this.rest = new KiteRest(
                broker.restUrl(),
                secrets.read("broker-api-key"),
                LocalAddress.of(configuration, host, broker.restUrl()));
        this.session = new KiteSession(
                rest,
                new KiteLogin(rest, secrets, broker.loginUrl()),
                new SealedSecrets(secrets),
                broker.simulated(),
                listener);
    }

    public BrokerSession session() {
        return session;
    }

    @Override
    public SendAnswer send(OrderCall call, SendRight right) {
        String token = session.token();
        WriteGate gate = new WriteGate(right::mayWrite);
        try {
            KiteRest.Answer answer = switch (call.action()) {
                case PLACE -> rest.sendOrder("POST", "/orders/regular", token, placing(call), gate, right::isHeld);
                case MODIFY -> rest.sendOrder("PUT", path(call), token, modifying(call), gate, right::isHeld);
                case CANCEL -> rest.sendOrder("DELETE", path(call), token, Map.of(), gate, right::isHeld);
            };
            SendAnswer judged = KiteAnswer.of(answer.status(), answer.body());
            if (KiteAnswer.refusesToken(answer)) {
                session.refused(token);
            }
            return judged;
        } catch (IOException failure) {
            return KiteAnswer.ofFailure(failure, gate.shut());
        }
    }

    private static String path(OrderCall call) {
        return "/orders/regular/" + encode(call.brokerOrderId());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> placing(OrderCall call) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("exchange", call.exchange());
        form.put("tradingsymbol", call.symbol());
        form.put("transaction_type", call.side().name());
        form.put("product", call.product().name());
        form.putAll(modifying(call));
        form.put("tag", call.tag());
        return form;
    }

    private static Map<String, String> modifying(OrderCall call) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("order_type", call.orderType().name().replace('_', '-'));
        form.put("quantity", Long.toString(call.quantity()));
        if (call.orderType() == OrderType.LIMIT || call.orderType() == OrderType.SL) {
            form.put("price", Paise.rupees(call.pricePaise()));
        } else {
            form.put("market_protection", AUTOMATIC_PROTECTION);
        }
        form.put("validity", "DAY");
        return form;
    }

    @Override
    public Rows<BrokerOrder> orders() throws BrokerFailure {
        return KiteRows.orders(data("/orders"), session.userId());
    }

    @Override
    public Rows<BrokerTrade> trades() throws BrokerFailure {
        return KiteRows.trades(data("/trades"));
    }

    /** Kite answers with every state the order went through, the newest last. */
    @Override
    public Rows<BrokerOrder> order(String brokerOrderId) throws BrokerFailure {
        JsonNode states = data("/orders/" + encode(brokerOrderId));
        if (!states.isArray() || states.isEmpty()) {
            throw new BrokerFailure(BrokerFailure.Kind.UNAVAILABLE, "the broker does not show order " + brokerOrderId);
        }
        return KiteRows.orders(
                JsonNodeFactory.instance.arrayNode().add(states.get(states.size() - 1)), session.userId());
    }

    @Override
    public Rows<BrokerTrade> trades(String brokerOrderId) throws BrokerFailure {
        return KiteRows.trades(data("/orders/" + encode(brokerOrderId) + "/trades"));
    }

    @Override
    public Rows<BrokerPosition> positions() throws BrokerFailure {
        return KiteRows.positions(data("/portfolio/positions"));
    }

    @Override
    public Rows<BrokerHolding> holdings() throws BrokerFailure {
        return KiteRows.holdings(data("/portfolio/holdings"));
    }

    @Override
    public Rows<BrokerInstrument> instruments(List<String> wanted) throws BrokerFailure {
        Set<String> exchanges = wanted.stream()
                .map(key -> key.substring(0, Math.max(0, key.indexOf(':'))))
                .collect(Collectors.toCollection(TreeSet::new));
        JsonNode quotes = quotes(wanted);
        List<BrokerInstrument> rows = new ArrayList<>();
        for (String exchange : exchanges) {
            KiteRest.Answer answer = get("/instruments/" + exchange);
            KiteInstruments.Listed listed = KiteInstruments.parse(answer.body(), Set.copyOf(wanted), quotes);
            rows.addAll(listed.rows());
            if (!listed.odd().isEmpty()) {
                LOG.warn("instruments not understood, so not declared keys={}", listed.odd());
            }
        }
        return new Rows<>(rows);
    }

    /** Bands are worth having, not worth waiting for: without them the engine uses its own. */
    private JsonNode quotes(List<String> wanted) {
        String query = wanted.stream().map(key -> "i=" + encode(key)).collect(Collectors.joining("&"));
        try {
            return data("/quote?" + query);
        } catch (BrokerFailure failure) {
            LOG.warn("no price bands from the broker reason=\"{}\"", failure.getMessage());
            return MissingNode.getInstance();
        }
    }

    private JsonNode data(String pathAndQuery) throws BrokerFailure {
        KiteRest.Answer answer = get(pathAndQuery);
        JsonNode envelope = Json.parse(answer.body()).orElse(null);
        if (envelope == null || !Json.text(envelope, "status").equals("success") || !envelope.has("data")) {
            throw new BrokerFailure(
                    BrokerFailure.Kind.UNAVAILABLE, "GET " + pathAndQuery + " answered 200 without Kite's envelope");
        }
        return envelope.path("data");
    }

    private KiteRest.Answer get(String pathAndQuery) throws BrokerFailure {
        String token = session.token();
        KiteRest.Answer answer;
        try {
            answer = rest.get(pathAndQuery, token);
        } catch (IOException failure) {
            throw new BrokerFailure(
                    BrokerFailure.Kind.UNAVAILABLE, "GET " + pathAndQuery + " failed: " + failure.getMessage());
        }
        if (answer.status() == 200) {
            return answer;
        }
        String errorType = Json.parse(answer.body())
                .map(envelope -> Json.text(envelope, "error_type"))
                .orElse("");
        if (KiteAnswer.refusesToken(answer)) {
            session.refused(token);
            throw new BrokerFailure(BrokerFailure.Kind.TOKEN, "GET " + pathAndQuery + ": token refused");
        }
        throw new BrokerFailure(
                answer.status() == 429 ? BrokerFailure.Kind.RATE_LIMITED : BrokerFailure.Kind.UNAVAILABLE,
                "GET " + pathAndQuery + " answered HTTP " + answer.status() + " " + errorType);
    }

    @Override
    public void close() {
        rest.close();
    }
}
