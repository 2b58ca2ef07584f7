package dev.holdfast.marketdata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.broker.Await;
import dev.holdfast.broker.FakeLog;
import dev.holdfast.marketdata.kite.KitePackets;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.FeedState;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.SealedSecrets;
import dev.holdfast.runtime.Secrets;
import dev.holdfast.types.BrokerProfile;
import io.javalin.Javalin;
import io.javalin.websocket.WsContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The feed handler against a real WebSocket. */
class FeedHandlerTest {

    private static final long INFY = 408_065;
    private static final long SECOND = 1_000_000_000L;
    private static final long TIME = 1_546_573_500L * SECOND;

    @TempDir
    Path home;

    private final FakeLog log = new FakeLog();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<WsContext> clients = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final FakeGateway gateway = new FakeGateway();
    private Javalin server;
    private FeedHandler feed;

    @BeforeEach
    void start() {
        server = Javalin.create(config -> config.routes.ws("/ticker", ws -> {
                    ws.onConnect(clients::add);
                    ws.onMessage(message -> asked.add(message.message()));
                    ws.onClose(clients::remove);
                }))
                .start("127.0.33.2", 0);
        Secrets secrets = new Secrets(home);
        secrets.write("broker-api-key", "key");
        secrets.readOrCreate("seal-key");
        new SealedSecrets(secrets).write("broker-access-token", "token");
        Configuration configuration = new Configuration(
                "home",
                List.of(),
                new Configuration.Broker(
                        true,
                        "",
                        BrokerProfile.DRILL,
                        null,
                        null,
                        "",
                        "ws://127.0.33.2:" + server.port() + "/ticker",
                        ""),
                new Configuration.Risk(1, 1, 1, 1, 1, 1, 60_000),
                List.of(),
                List.of());
        feed = new FeedHandler(configuration, "a", home, secrets, log, metrics, gateway);
        feed.start();
        Await.until("subscribed", () -> asked.size() == 2);
    }

    @AfterEach
    void stop() {
        feed.close();
        server.stop();
    }

    @Test
    void it_subscribes_every_instrument_in_full_mode_and_reports_ticks() {
        assertThat(asked)
                .containsExactly("{\"a\":\"subscribe\",\"v\":[408065]}", "{\"a\":\"mode\",\"v\":[\"full\",[408065]]}");

        send(tick(100, 10, TIME));

        Await.until("a tick", () -> !log.offered.isEmpty());
        Command.ReportTick report = (Command.ReportTick) log.offered.getFirst();
        assertThat(report.instrument()).isEqualTo(4);
        assertThat(report.epoch()).isEqualTo(6);
        assertThat(report.session()).isEqualTo(5);
        assertThat(feed.clock().nanos()).isEqualTo(TIME);
    }

    @Test
    void without_the_grant_nothing_is_reported_and_with_it_the_newest_state_is() {
        gateway.epoch = 0;
        send(tick(100, 10, TIME));
        Await.until("ticks taken in", () -> feed.clock().nanos() == TIME);
        assertThat(log.offered).isEmpty();

        gateway.epoch = 9;

        Await.until("a tick", () -> !log.offered.isEmpty());
        assertThat(((Command.ReportTick) log.offered.getFirst()).epoch()).isEqualTo(9);
    }

    @Test
    void minutes_are_made_of_every_tick() {
        send(tick(100, 10, TIME));
        send(tick(150, 20, TIME + SECOND));
        send(tick(120, 30, TIME + 2 * SECOND));
        send(tick(130, 40, TIME + 60 * SECOND));

        Await.until("a bar", () -> !log.submitted(Command.ReportBar.class).isEmpty());
        Command.ReportBar bar = log.submitted(Command.ReportBar.class).getFirst();
        assertThat(bar.highPaise()).isEqualTo(150);
        assertThat(bar.ticks()).isEqualTo(3);
        assertThat(bar.startNanos()).isEqualTo(TIME);
    }

    @Test
    void after_a_drop_it_reconnects_subscribes_again_and_tells_of_the_gap() {
        clients.getFirst().session.disconnect();

        Await.until("subscribed again", () -> asked.size() == 4);
        Await.until("a gap", () -> states().contains(FeedState.GAP));
        assertThat(states()).contains(FeedState.DISCONNECTED, FeedState.CONNECTED);
        assertThat(gateway.ready).isTrue();
    }

    @Test
    void garbage_is_counted_and_changes_nothing() {
        clients.getFirst().send(ByteBuffer.wrap(new byte[] {0, 9, 1, 1, 1}));
        clients.getFirst().send("{\"type\":");
        clients.getFirst().send("[]");
        send(new Tick(999, 100, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, TIME));
        send(tick(100, 10, TIME));

        Await.until("the good tick", () -> !log.offered.isEmpty());
        assertThat(log.offered).hasSize(1);
        assertThat(dropped("TRUNCATED")).isEqualTo(1);
        assertThat(dropped("TEXT")).isEqualTo(1);
        assertThat(dropped("UNKNOWN_INSTRUMENT")).isEqualTo(1);
    }

    @Test
    void a_connection_without_ticks_is_no_feed_and_is_made_anew_when_the_market_has_some() {
        Await.until("told unfit", () -> gateway.unfitBecause.contains("no tick"));
        send(tick(100, 10, TIME));
        Await.until("fit", () -> gateway.unfitBecause.isEmpty());

        gateway.marketAgeMillis = 100; // another gateway has ticks; only heartbeats come here

        Await.until("unfit", () -> {
            clients.forEach(client -> client.send(ByteBuffer.wrap(new byte[] {0})));
            return gateway.unfitBecause.contains("no tick");
        });
        Await.until("subscribed on a new connection", Duration.ofSeconds(20), () -> {
            clients.forEach(client -> client.send(ByteBuffer.wrap(new byte[] {0})));
            return asked.size() == 4;
        });
    }

    @Test
    void one_tick_stamped_tomorrow_or_1970_moves_no_time_and_its_price_is_used() {
        gateway.instruments = Map.of(INFY, 4, INFY + 256, 5, INFY + 512, 6);
        for (long token : gateway.instruments.keySet()) {
            send(tick(token, 100, 10, TIME));
        }
        Await.until("market time", () -> feed.clock().nanos() == TIME);

        send(tick(INFY, 101, 11, TIME + 86_400 * SECOND));
        send(tick(INFY + 256, 102, 11, 0));
        send(tick(INFY + 512, 103, 11, SECOND));
        send(tick(INFY, 104, 12, TIME + SECOND));
        send(tick(INFY + 256, 105, 12, TIME + SECOND));

        Await.until("the next second", () -> feed.clock().nanos() == TIME + SECOND);
        assertThat(dropped("WRONG_TIME")).isEqualTo(2);
        assertThat(dropped("LATE")).isZero();
        assertThat(log.offered)
                .map(Command.ReportTick.class::cast)
                .allSatisfy(tick -> assertThat(tick.marketTimeNanos()).isBetween(TIME, TIME + SECOND))
                .anySatisfy(tick -> assertThat(tick.highPaise()).isEqualTo(103));
    }

    @Test
    void a_token_that_was_given_to_another_contract_feeds_that_one() {
        send(tick(100, 10, TIME));
        Await.until("a tick", () -> log.offered.size() == 1);

        gateway.instruments = Map.of(INFY, 9, INFY + 256, 4);
        Await.until("subscribed", () -> asked.size() == 4);
        send(tick(200, 3, TIME + SECOND));

        Await.until("another", () -> log.offered.size() == 2);
        assertThat(((Command.ReportTick) log.offered.getLast()).instrument()).isEqualTo(9);
        assertThat(((Command.ReportTick) log.offered.getLast()).lastPricePaise())
                .isEqualTo(200);
    }

    @Test
    void another_close_of_yesterday_under_a_token_is_not_fed_and_the_list_is_read_again() {
        send(withClose(tick(100, 10, TIME), 99));
        Await.until("a tick", () -> log.offered.size() == 1);

        send(withClose(tick(5_000, 10, TIME + SECOND), 4_990));

        Await.until("a doubt", () -> gateway.doubts.get() == 1);
        assertThat(dropped("ANOTHER_CONTRACT")).isEqualTo(1);
        assertThat(log.offered).hasSize(1);
    }

    @Test
    void a_contract_that_was_not_traded_today_is_counted_by_its_name() {
        byte[] packet = KitePackets.full(new Tick(INFY, 1, 0, 0, 0, 0, 0, 0, 99, 1, 101, 1, TIME));
        ByteBuffer.wrap(packet).putInt(4, 0); // the last price

        clients.getFirst().send(KitePackets.frame(packet));

        Await.until(
                "counted",
                () -> metrics.find("holdfast.feed.dropped")
                                .tags("reason", "NOT_TRADED_TODAY", "instrument", "NSE:4")
                                .counter()
                        != null);
    }

    @Test
    void an_order_update_is_a_hint_to_read_the_book() {
        int before = gateway.hints.get();

        clients.getFirst().send("{\"type\":\"order\",\"data\":{\"order_id\":\"1\"}}");

        Await.until("a hint", () -> gateway.hints.get() == before + 1);
        assertThat(gateway.lastOrder).isEqualTo("1");
    }

    private List<FeedState> states() {
        return log.submitted(Command.ReportFeed.class).stream()
                .map(Command.ReportFeed::state)
                .toList();
    }

    private double dropped(String reason) {
        return metrics.find("holdfast.feed.dropped").tag("reason", reason).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private void send(Tick tick) {
        clients.getFirst().send(KitePackets.frame(KitePackets.full(tick)));
    }

    private static Tick tick(long price, long volume, long time) {
        return tick(INFY, price, volume, time);
    }

    private static Tick withClose(Tick tick, long closePaise) {
        return new Tick(
                tick.token(),
                tick.lastPricePaise(),
                1,
                tick.volume(),
                0,
                0,
                0,
                closePaise,
                0,
                0,
                0,
                0,
                tick.exchangeTimeNanos());
    }

    private static Tick tick(long token, long price, long volume, long time) {
        return new Tick(token, price, 1, volume, 0, 0, 0, 0, 0, 0, 0, 0, time);
    }

    private static final class FakeGateway implements GatewayLink {
        private volatile long epoch = 6;
        private volatile boolean ready;
        private volatile String lastOrder = "";
        private volatile String unfitBecause = "not told";
        private volatile long marketAgeMillis = -1;
        private volatile Map<Long, Integer> instruments = Map.of(INFY, 4);
        private final AtomicInteger doubts = new AtomicInteger();
        private final AtomicInteger hints = new AtomicInteger();

        @Override
        public long session() {
            return 5;
        }

        @Override
        public long feedEpoch() {
            return epoch;
        }

        @Override
        public void feedReady(boolean now) {
            ready = now;
        }

        @Override
        public void feedFit(String because) {
            unfitBecause = because;
        }

        @Override
        public long marketAgeMillis() {
            return marketAgeMillis;
        }

        @Override
        public String name(int instrument) {
            return "NSE:" + instrument;
        }

        @Override
        public void instrumentsDoubted() {
            doubts.incrementAndGet();
        }

        @Override
        public Map<Long, Integer> instrumentsByToken() {
            return instruments;
        }

        @Override
        public void orderChanged(String brokerOrderId) {
            lastOrder = brokerOrderId;
            hints.incrementAndGet();
        }
    }
}
