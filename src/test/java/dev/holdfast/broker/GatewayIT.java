package dev.holdfast.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.TradingEngine;
import dev.holdfast.exchange.Exchange;
import dev.holdfast.exchange.ExchangeOptions;
import dev.holdfast.log.EventReader;
import dev.holdfast.log.InMemoryLog;
import dev.holdfast.marketdata.FeedHandler;
import dev.holdfast.marketdata.GatewayLink;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Reply;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Secrets;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gateway and feed handler between the real engine and the real simulated exchange. */
class GatewayIT {

    private static final String ADDRESS = "127.0.33.3";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path home;

    private final Map<Long, Event.OrderChanged> orders = new ConcurrentHashMap<>();
    private final Map<String, Long> differences = new ConcurrentHashMap<>();
    private final List<Event> seen = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService time = Executors.newSingleThreadScheduledExecutor();
    private InMemoryLog log;
    private Exchange exchange;
    private Configuration configuration;
    private Secrets secrets;
    private @Nullable Gateway gateway;
    private @Nullable FeedHandler feed;
    private int clientKey;
    private long sessions;

    @BeforeEach
    void start() throws Exception {
        exchange = new Exchange(new ExchangeOptions(
                ADDRESS,
                0,
                home.resolve("exchange"),
                "random:42",
                1,
                BrokerProfile.DRILL,
                "key",
                "secret",
                "control",
                "",
                List.of()));
        exchange.start();
        String root = ADDRESS + ":" + exchange.port();
        configuration = new Configuration(
                "home",
                List.of(),
                new Configuration.Broker(
                        true,
                        ADDRESS,
                        BrokerProfile.DRILL,
                        null,
                        null,
                        "http://" + root,
                        "ws://" + root + "/ws",
                        "http://" + root + "/connect/login"),
                new Configuration.Risk(50_000_000, 1_000, 5_000, 1_000_000_000, 500, 10_000_000, 5_000),
                List.of(),
                List.of("NSE:INFY", "NSE:SBIN", "NSE:NIFTY 50"));
        secrets = new Secrets(home);
        secrets.write("broker-api-key", "key");
        secrets.write("broker-api-secret", "secret");
        secrets.readOrCreate("seal-key");
        secrets.readOrCreate("agent");
        log = new InMemoryLog(TradingEngine::new, GatewayIT::wallNanos);
        var _ = time.scheduleWithFixedDelay(() -> log.advanceTo(wallNanos()), 0, 20, TimeUnit.MILLISECONDS);
        Configuration.Risk risk = configuration.risk();
        log.submit(new Command.Configure(
                        BrokerProfile.DRILL,
                        false,
                        true,
                        0,
                        86_399,
                        7,
                        risk.maxOrderValuePaise(),
                        risk.maxOrderQuantity(),
                        risk.maxPositionQuantity(),
                        risk.maxExposurePaise(),
                        risk.priceBandBasisPoints(),
                        risk.maxDailyLossPaise(),
                        risk.staleFeedMillis(),
                        "test",
                        "test"))
                .get();
        Thread.ofPlatform().daemon().start(this::watch);
        startGateway();
        untilCanTrade();
    }

    @AfterEach
    void stop() {
        stopGateway();
        time.shutdownNow();
        log.close();
        exchange.close();
    }

    private void startGateway() {
        Gateway fresh =
                new Gateway(configuration, "a", ++sessions, home, secrets, log.connect(), new SimpleMeterRegistry());
        gateway = fresh;
        feed = new FeedHandler(
                configuration, "a", home, secrets, log.connect(), new SimpleMeterRegistry(), link(fresh));
        fresh.start();
        feed.start();
    }

    private void stopGateway() {
        if (gateway != null && feed != null) {
            gateway.close();
            feed.close();
        }
    }

    @Test
    void an_order_fills_and_the_positions_agree() throws Exception {
        long bought = place(Side.BUY, OrderType.MARKET, 3, 0);

        await("filled", () -> state(bought) == OrderState.FILLED);
        await(
                "the broker's position is ours",
                () -> differences.values().stream().allMatch(d -> d == 0));
        assertThat(seen).anyMatch(event -> event instanceof Event.BarApplied || event instanceof Event.TickApplied);
        assertThat(posts()).isEqualTo(1);
    }

    @Test
    void a_working_order_is_modified_and_cancelled() throws Exception {
        long price = lastPrice() * 97 / 100 / 5 * 5;
        long order = place(Side.BUY, OrderType.LIMIT, 3, price);
        await("working", () -> state(order) == OrderState.WORKING);

        accepted(new Command.ModifyOrder(order, 5, price - 100, "test", "test"));
        await("modified", () -> quantity(order) == 5);
        accepted(new Command.CancelOrder(order, "test", "test"));

        await("cancelled", () -> state(order) == OrderState.CANCELLED);
    }

    @Test
    void an_answer_lost_after_acceptance_is_found_in_the_book_and_never_sent_again() throws Exception {
        fault("{\"kind\":\"ERROR_AFTER_ACCEPT\",\"count\":1}");
        long lost = place(Side.BUY, OrderType.MARKET, 1, 0);
        await("filled in spite of it", () -> state(lost) == OrderState.FILLED);
        fault("{\"kind\":\"TIMEOUT_AFTER_ACCEPT\",\"count\":1,\"millis\":5000}");
        long silent = place(Side.SELL, OrderType.MARKET, 1, 0);

        await("filled in spite of it", () -> state(silent) == OrderState.FILLED);
        assertThat(posts()).isEqualTo(2);
    }

    @Test
    void an_order_that_never_arrived_is_proved_absent() throws Exception {
        fault("{\"kind\":\"ERROR_BEFORE_ACCEPT\",\"count\":1}");
        long order = place(Side.BUY, OrderType.MARKET, 1, 0);

        await("absent", () -> state(order) == OrderState.ABSENT);
        assertThat(posts()).isEqualTo(1);
    }

    @Test
    void a_dead_token_a_dropped_ticker_and_a_foreign_order_are_taken_in_stride() throws Exception {
        fault("{\"kind\":\"TOKEN_DEATH\"}");
        fault("{\"kind\":\"FOREIGN_ORDER\",\"order\":{\"exchange\":\"NSE\",\"tradingsymbol\":\"SBIN\","
                + "\"transaction_type\":\"BUY\",\"quantity\":\"7\",\"product\":\"CNC\",\"order_type\":\"MARKET\","
                + "\"market_protection\":\"-1\"}}");
        await(
                "the foreign order is adopted",
                () -> orders.values().stream()
                        .anyMatch(order -> order.origin() == Origin.PERSON && order.state() == OrderState.FILLED));
        fault("{\"kind\":\"DROP_TICKER\"}");

        untilCanTrade();
        long order = place(Side.BUY, OrderType.MARKET, 1, 0);
        await("filled", () -> state(order) == OrderState.FILLED);
        await("positions agree", () -> differences.values().stream().allMatch(d -> d == 0));
    }

    @Test
    void a_restarted_gateway_takes_over_under_a_new_epoch_and_sends_nothing_twice() throws Exception {
        long before = place(Side.BUY, OrderType.MARKET, 1, 0);
        await("filled", () -> state(before) == OrderState.FILLED);

        stopGateway();
        long between = accepted(order(Side.SELL, OrderType.MARKET, 1, 0));
        startGateway();

        await(
                "the order asked for meanwhile is settled",
                () -> state(between) == OrderState.FILLED
                        || state(between) == OrderState.NOT_SENT
                        || state(between) == OrderState.REFUSED);
        untilCanTrade();
        long after = place(Side.BUY, OrderType.MARKET, 1, 0);
        await("filled", () -> state(after) == OrderState.FILLED);
        assertThat(seen.stream()
                        .filter(event -> event instanceof Event.GrantChanged)
                        .map(event -> ((Event.GrantChanged) event).epoch())
                        .max(Long::compare))
                .hasValue(2L);
        assertThat(posts()).isLessThanOrEqualTo(3);
    }

    @Test
    void an_order_held_up_on_its_way_while_the_sender_changes_arrives_once_and_stops_only_its_instrument()
            throws Exception {
        try (Gateway other = gateway("b")) {
            other.start();
            await("the other gateway is ready", () -> other.health().ready());
            fault("{\"kind\":\"LATENCY\",\"count\":1,\"millis\":4000}");
            long held = place(Side.BUY, OrderType.MARKET, 1, 0);
            await("the order is on its way", () -> requireGateway().health().inFlight() == 1);

            // The engine must know it as ready by then, or the first one, which lives here, is granted again.
            accepted(new Command.RenewGrant(other.session(), GrantKind.SENDER, true, false, "b"));
            accepted(new Command.RenewGrant(requireGateway().session(), GrantKind.SENDER, false, true, "a"));
            await("the other gateway sends", () -> other.health().epoch() == 2);
            long meanwhile = accepted(new Command.PlaceOrder(
                    instrument("SBIN"), Side.BUY, Product.MIS, OrderType.MARKET, 1, 0, "other", "test", "test"));
            await("another instrument trades", () -> state(meanwhile) == OrderState.FILLED);
            OrderState heldMeanwhile = state(held);

            await("the order is found", () -> state(held) == OrderState.FILLED);
            assertThat(heldMeanwhile).isEqualTo(OrderState.UNCERTAIN);
            assertThat(orders.values()).anyMatch(order -> order.orderNumber() == meanwhile && order.epoch() == 2);
            assertThat(posts()).isEqualTo(2);
        }
    }

    private Gateway requireGateway() {
        return java.util.Objects.requireNonNull(gateway);
    }

    private Gateway gateway(String host) {
        return new Gateway(configuration, host, ++sessions, home, secrets, log.connect(), new SimpleMeterRegistry());
    }

    private long place(Side side, OrderType type, long quantity, long pricePaise) {
        return accepted(order(side, type, quantity, pricePaise));
    }

    private Command.PlaceOrder order(Side side, OrderType type, long quantity, long pricePaise) {
        clientKey++;
        return new Command.PlaceOrder(
                infy(), side, Product.MIS, type, quantity, pricePaise, "key" + clientKey, "test", "test");
    }

    private long accepted(Command command) {
        Reply reply = log.submitAndWait(command, PATIENCE);
        assertThat(reply.accepted()).as("%s: %s", command, reply.text()).isTrue();
        return reply.value();
    }

    private int infy() {
        return instrument("INFY");
    }

    private int instrument(String symbol) {
        return seen.stream()
                .filter(event -> event instanceof Event.InstrumentDefined defined
                        && defined.symbol().equals(symbol))
                .map(event -> ((Event.InstrumentDefined) event).instrument())
                .findFirst()
                .orElseThrow();
    }

    private long lastPrice() {
        int infy = infy();
        return seen.reversed().stream()
                .filter(event -> event instanceof Event.TickApplied tick && tick.instrument() == infy)
                .map(event -> ((Event.TickApplied) event).lastPricePaise())
                .findFirst()
                .orElseThrow();
    }

    private @Nullable OrderState state(long order) {
        Event.OrderChanged changed = orders.get(order);
        return changed == null ? null : changed.state();
    }

    private long quantity(long order) {
        Event.OrderChanged changed = orders.get(order);
        return changed == null ? 0 : changed.quantity();
    }

    private void untilCanTrade() {
        int from = seen.size();
        await(
                "the engine can trade",
                () -> seen.stream()
                        .skip(from)
                        .anyMatch(event -> event instanceof Event.Pulse pulse && pulse.canTrade()));
    }

    private void await(String what, java.util.function.BooleanSupplier condition) {
        Await.until(what + "; orders " + orders.values(), PATIENCE, condition);
    }

    private void watch() {
        try (EventReader<Event> reader = log.readAfter(0)) {
            while (true) {
                reader.poll((header, event) -> take(event), 100, Duration.ofMillis(100));
            }
        } catch (RuntimeException closed) {
            return;
        }
    }

    private void take(Event event) {
        if (event instanceof Event.OrderChanged order) {
            orders.put(order.orderNumber(), order);
        }
        if (event instanceof Event.BrokerPositionSeen position) {
            differences.put(position.instrument() + "/" + position.product(), position.difference());
        }
        seen.add(event);
    }

    private void fault(String body) throws Exception {
        HttpResponse<String> response = control("POST", "/control/faults", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    /** Requests to place that reached the exchange, as its own ledger tells. */
    private int posts() throws Exception {
        String ledger = control("GET", "/control/ledger?limit=100000", "").body();
        return ledger.split("\"method\":\"POST\"", -1).length - 1;
    }

    private HttpResponse<String> control(String method, String path, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://" + ADDRESS + ":" + exchange.port() + path))
                            .header("Authorization", "Bearer control")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static GatewayLink link(Gateway gateway) {
        return new GatewayLink() {
            @Override
            public long session() {
                return gateway.session();
            }

            @Override
            public long feedEpoch() {
                return gateway.feedEpoch();
            }

            @Override
            public void feedReady(boolean ready) {
                gateway.feedReady(ready);
            }

            @Override
            public void feedFit(String unfitBecause) {
                gateway.feedFit(unfitBecause);
            }

            @Override
            public long marketAgeMillis() {
                return gateway.marketAgeMillis();
            }

            @Override
            public String name(int instrument) {
                return gateway.name(instrument);
            }

            @Override
            public void instrumentsDoubted() {
                gateway.instrumentsDoubted();
            }

            @Override
            public Map<Long, Integer> instrumentsByToken() {
                return gateway.instruments().stream().collect(Collectors.toMap(Listing::token, Listing::number));
            }

            @Override
            public void orderChanged(String brokerOrderId) {
                gateway.hint(brokerOrderId);
            }
        };
    }

    private static long wallNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
