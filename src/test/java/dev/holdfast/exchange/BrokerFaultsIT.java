package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.types.BrokerProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Refusals, lines, feeds and odd rows over real HTTP and WebSocket. */
class BrokerFaultsIT {

    @TempDir
    Path folder;

    private Exchange exchange;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        exchange = new Exchange(new ExchangeOptions(
                Client.ADDRESS,
                0,
                folder,
                "random:11",
                1,
                BrokerProfile.DRILL,
                Client.API_KEY,
                Client.API_SECRET,
                Client.CONTROL_SECRET,
                "",
                List.of()));
        exchange.start();
        client = new Client(exchange.port()).login();
    }

    @AfterEach
    void stop() {
        client.close();
        exchange.close();
    }

    private void lift() throws Exception {
        client.control("DELETE", "/faults", "");
    }

    private String instruments() throws Exception {
        return client.http
                .send(
                        HttpRequest.newBuilder(URI.create(client.root + "/instruments/NSE"))
                                .header("Authorization", "token " + Client.API_KEY + ":" + client.accessToken)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void an_unregistered_address_may_read_and_not_order() throws Exception {
        client.fault("{\"kind\":\"REFUSE_ADDRESS\",\"source\":\"127.9.9.9\"}");
        assertThat(client.place(Map.of()).status()).isEqualTo(200);

        client.fault("{\"kind\":\"REFUSE_ADDRESS\"}");
        Client.Answer refused = client.place(Map.of());

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.errorType()).isEqualTo("PermissionException");
        assertThat(client.get("/orders").data()).hasSize(1);
        lift();
        assertThat(client.place(Map.of()).status()).isEqualTo(200);
    }

    @Test
    void a_proxys_page_stands_in_for_the_broker_on_one_path_and_method() throws Exception {
        client.fault("{\"kind\":\"PROXY_PAGE\",\"path\":\"/portfolio\",\"count\":1}");
        assertThat(client.get("/orders").status()).isEqualTo(200);

        Client.Answer page = client.get("/portfolio/positions");

        assertThat(page.status()).isEqualTo(403);
        assertThat(page.body()).isEmpty();
        assertThat(client.get("/portfolio/positions").status()).isEqualTo(200);
        client.fault("{\"kind\":\"PROXY_PAGE\",\"path\":\"/orders\",\"method\":\"POST\",\"status\":503}");
        assertThat(client.get("/orders").status()).isEqualTo(200);
        assertThat(client.place(Map.of()).status()).isEqualTo(503);
        assertThat(client.get("/orders").data()).isEmpty();
    }

    @Test
    void a_lost_line_answers_nothing_and_reaches_nobody() throws Exception {
        client.fault("{\"kind\":\"UPLINK_LOST\",\"millis\":0}");

        assertThatThrownBy(() -> client.place(Map.of())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ticker(new Listener())).hasRootCauseInstanceOf(IOException.class);

        assertThat(client.control("GET", "/clock", "").status()).isEqualTo(200);
        lift();
        assertThat(client.get("/orders").data()).isEmpty();
    }

    @Test
    void a_mute_connection_has_heartbeats_and_no_ticks_while_another_has_ticks() throws Exception {
        Listener muted = new Listener();
        ticker(muted).sendText("{\"a\":\"subscribe\",\"v\":[408065]}", true).join();
        Await.until("ticks", () -> muted.ticks.get() > 0);
        JsonNode connections = client.control("GET", "/ticker", "").body().path("connections");
        assertThat(connections.get(0).path("source").stringValue()).isEqualTo("127.0.0.1");
        int number = connections.get(0).path("connection").intValue();
        client.fault("{\"kind\":\"MUTE_TICKER\",\"connection\":" + number + ",\"durationMillis\":60000}");
        Listener other = new Listener();
        ticker(other).sendText("{\"a\":\"subscribe\",\"v\":[408065]}", true).join();
        Await.until("a tick of the other", () -> other.ticks.get() > 0);
        int before = muted.ticks.get();
        int heartbeats = muted.heartbeats.get();

        Await.until("heartbeats", () -> muted.heartbeats.get() > heartbeats + 1 && other.ticks.get() > 3);

        assertThat(muted.ticks.get()).isEqualTo(before);
        assertThat(muted.ended).isFalse();
        client.fault("{\"kind\":\"UPLINK_LOST\"}");
        Await.until("the lost line ends connections", () -> muted.ended.get() && other.ended.get());
    }

    @Test
    void the_instruments_list_can_be_edited_and_its_tokens_given_to_others() throws Exception {
        client.fault(
                "{\"kind\":\"EDIT_INSTRUMENT\",\"symbol\":\"INFY\",\"row\":{\"tick_size\":\"0\",\"lot_size\":25}}");
        client.fault("{\"kind\":\"EDIT_INSTRUMENT\",\"symbol\":\"TCS\"}");
        client.fault("{\"kind\":\"TOKEN_REUSED\",\"symbol\":\"ITC\",\"otherSymbol\":\"SBIN\"}");

        String list = instruments();

        assertThat(list)
                .containsPattern("408065,1594,INFY,\"INFOSYS\",[0-9.]+,,0,0,25,EQ")
                .doesNotContain(",TCS,")
                .contains("779521,3045,ITC,")
                .contains("424961,1660,SBIN,");
        lift();
        assertThat(instruments()).contains(",TCS,").contains("424961,1660,ITC,");
    }

    @Test
    void odd_rows_stand_in_every_list_beside_the_real_ones() throws Exception {
        client.place(Map.of());
        client.fault("{\"kind\":\"ODD_ROW\",\"list\":\"orders\",\"row\":{\"order_id\":\"99\",\"product\":\"CO\"}}");
        client.fault("{\"kind\":\"ODD_ROW\",\"list\":\"trades\",\"row\":{\"order_id\":\"99\",\"product\":\"CO\"}}");
        client.fault("{\"kind\":\"ODD_ROW\",\"list\":\"positions\",\"row\":{\"tradingsymbol\":\"GONE\"}}");
        client.fault("{\"kind\":\"ODD_ROW\",\"list\":\"holdings\",\"row\":{\"tradingsymbol\":\"SUSPENDED\"}}");
        client.fault("{\"kind\":\"ODD_ROW\",\"list\":\"positions\",\"match\":{\"tradingsymbol\":\"INFY\"},"
                + "\"row\":{\"product\":\"BO\"}}");

        assertThat(client.get("/orders").data()).hasSize(2);
        assertThat(client.get("/trades").data()).hasSize(2);
        assertThat(client.order("99").path("product").stringValue()).isEqualTo("CO");
        assertThat(client.get("/orders/99/trades").data()).hasSize(1);
        assertThat(client.get("/portfolio/positions")
                        .data()
                        .path("net")
                        .valueStream()
                        .map(row -> row.path("tradingsymbol").stringValue() + " "
                                + row.path("product").stringValue()))
                .containsExactly("INFY BO", "GONE CNC");
        assertThat(client.get("/portfolio/holdings").data()).hasSize(1);
        lift();
        assertThat(client.get("/orders").data()).hasSize(1);
        assertThat(client.get("/portfolio/holdings").data()).isEmpty();
    }

    @Test
    void the_api_converts_positions() throws Exception {
        client.place(Map.of("quantity", "3"));
        Map<String, String> conversion = Map.of(
                "exchange", "NSE",
                "tradingsymbol", "INFY",
                "transaction_type", "BUY",
                "position_type", "day",
                "quantity", "2",
                "old_product", "MIS",
                "new_product", "CNC");

        Client.Answer answer = client.call("PUT", "/portfolio/positions", conversion);

        assertThat(answer.data().booleanValue()).isTrue();
        assertThat(client.get("/portfolio/positions")
                        .data()
                        .path("net")
                        .valueStream()
                        .map(row -> row.path("product").stringValue() + row.path("quantity")))
                .containsExactlyInAnyOrder("MIS1", "CNC2");
        assertThat(client.call("PUT", "/portfolio/positions", conversion).errorType())
                .isEqualTo("OrderException");
    }

    private WebSocket ticker(Listener heard) {
        return client.http
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create(client.root.replace("http", "ws") + "/ws?api_key=" + Client.API_KEY
                                + "&access_token=" + client.accessToken),
                        heard)
                .join();
    }

    /** Counts what a ticker connection hears. */
    private static final class Listener implements WebSocket.Listener {
        private final AtomicInteger ticks = new AtomicInteger();
        private final AtomicInteger heartbeats = new AtomicInteger();
        private final AtomicBoolean ended = new AtomicBoolean();

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            (data.remaining() == 1 ? heartbeats : ticks).incrementAndGet();
            socket.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            ended.set(true);
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            ended.set(true);
            return null;
        }
    }
}
