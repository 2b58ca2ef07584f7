package dev.holdfast.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.types.BrokerProfile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The exchange over real HTTP and WebSocket. */
class ExchangeIT {

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<JsonNode> postbacks = new ConcurrentLinkedQueue<>();
    private HttpServer listener;
    private Exchange exchange;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        listener = HttpServer.create(new InetSocketAddress(Client.ADDRESS, 0), 0);
        listener.createContext("/postback", call -> {
            postbacks.add(Rows.JSON.readTree(call.getRequestBody().readAllBytes()));
            call.sendResponseHeaders(200, -1);
            call.close();
        });
        listener.start();
        exchange = open(0);
        client = new Client(exchange.port()).login();
    }

    private Exchange open(int port) {
        return open(port, folder);
    }

    private Exchange open(int port, Path ledgerFolder) {
        Exchange opened = new Exchange(new ExchangeOptions(
                Client.ADDRESS,
                port,
                ledgerFolder,
                "random:11",
                1,
                BrokerProfile.KITE,
                Client.API_KEY,
                Client.API_SECRET,
                Client.CONTROL_SECRET,
                "",
                List.of("http://" + Client.ADDRESS + ":" + listener.getAddress().getPort() + "/postback")));
        opened.start();
        return opened;
    }

    @AfterEach
    void stop() {
        client.close();
        exchange.close();
        listener.stop(0);
    }

    /** A ticker connection that keeps what it hears. */
    private static final class Listener implements WebSocket.Listener {
        private final ConcurrentLinkedQueue<byte[]> frames = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean ended = new AtomicBoolean();

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] frame = new byte[data.remaining()];
            data.get(frame);
            frames.add(frame);
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            texts.add(data.toString());
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

        private boolean has(int packetBytes) {
            return frames.stream()
                    .anyMatch(
                            frame -> frame.length > 4 && ByteBuffer.wrap(frame).getShort(2) == packetBytes);
        }
    }

    private WebSocket ticker(Listener heard) {
        String url = client.root.replace("http", "ws") + "/ws?api_key=" + Client.API_KEY + "&access_token="
                + client.accessToken;
        return client.http
                .newWebSocketBuilder()
                .buildAsync(URI.create(url), heard)
                .join();
    }

    private JsonNode ledger() throws Exception {
        return client.control("GET", "/ledger?after=0&limit=5000", "").body().path("entries");
    }

    private List<String> kinds() throws Exception {
        return ledger().valueStream()
                .map(line -> line.path("kind").stringValue())
                .toList();
    }

    private String placed() throws Exception {
        return client.place(Map.of()).data().path("order_id").stringValue();
    }

    @Test
    void the_witness_has_an_order_from_request_to_answer() throws Exception {
        Client.Answer answer = client.place(Map.of("tag", "tag7"));

        String orderId = answer.data().path("order_id").stringValue();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(kinds()).containsSubsequence("DAY", "SESSION_OPENED", "REQUEST", "ACCEPTED", "TRADE", "ANSWER");
        JsonNode accepted = ledger().valueStream()
                .filter(line -> line.path("kind").stringValue().equals("ACCEPTED"))
                .findFirst()
                .orElseThrow();
        assertThat(accepted.path("orderId").stringValue()).isEqualTo(orderId);
        assertThat(accepted.path("tag").stringValue()).isEqualTo("tag7");
        assertThat(client.order(orderId).path("status").stringValue()).isEqualTo("COMPLETE");
        Await.until("a postback", () -> !postbacks.isEmpty());
        JsonNode postback = postbacks.element();
        assertThat(postback.path("checksum").stringValue())
                .isEqualTo(
                        Digest.sha256(orderId, postback.path("order_timestamp").stringValue(), Client.API_SECRET));
    }

    @Test
    void a_call_without_a_session_is_refused_with_a_token_exception() throws Exception {
        client.accessToken = "wrong";

        assertThat(client.get("/orders").status()).isEqualTo(403);
        assertThat(client.place(Map.of()).errorType()).isEqualTo("TokenException");
        assertThatThrownBy(() -> ticker(new Listener())).hasMessageContaining("WebSocketHandshakeException");
        assertThat(client.http
                        .send(
                                HttpRequest.newBuilder(URI.create(client.root + "/control/faults"))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void a_request_token_serves_once_and_needs_its_checksum() throws Exception {
        Map<String, String> form = Map.of("api_key", Client.API_KEY, "request_token", "x", "checksum", "y");

        assertThat(client.call("POST", "/session/token", form).errorType()).isEqualTo("TokenException");
        client.call(
                "DELETE", "/session/token?api_key=" + Client.API_KEY + "&access_token=" + client.accessToken, Map.of());
        assertThat(client.get("/orders").status()).isEqualTo(403);
    }

    @Test
    void the_eleventh_order_of_a_second_is_one_too_many() throws Exception {
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            refused += client.place(Map.of()).status() == 429 ? 1 : 0;
        }

        assertThat(refused).isPositive();
        assertThat(kinds().stream().filter("REQUEST"::equals)).hasSize(40);
        assertThat(kinds().stream().filter("ANSWER"::equals)).hasSize(40);
    }

    @Test
    void the_ticker_sends_each_mode_heartbeats_and_order_updates() throws Exception {
        Listener heard = new Listener();
        WebSocket socket = ticker(heard);
        socket.sendText("{\"a\":\"subscribe\",\"v\":[408065,256265]}", true).join();
        Await.until("quotes", () -> heard.has(44) || heard.has(28));
        socket.sendText("{\"a\":\"mode\",\"v\":[\"full\",[408065]]}", true).join();
        Await.until("a full packet", () -> heard.has(184));
        socket.sendText("{\"a\":\"mode\",\"v\":[\"ltp\",[408065]]}", true).join();
        Await.until("an ltp packet", () -> heard.has(8));
        placed();
        Await.until("an order update", () -> heard.texts.stream().anyMatch(text -> text.contains("COMPLETE")));
        socket.sendText("{\"a\":\"unsubscribe\",\"v\":[408065,256265]}", true).join();
        Await.until("a heartbeat", () -> heard.frames.stream().anyMatch(frame -> frame.length == 1));
        socket.sendText("no json", true).join();
        Await.until("a complaint", () -> heard.texts.stream().anyMatch(text -> text.contains("error")));
        socket.abort();
    }

    @Test
    void an_order_accepted_in_a_time_out_is_in_the_book_and_the_ledger_says_the_answer_was_withheld() throws Exception {
        client.fault("{\"kind\":\"TIMEOUT_AFTER_ACCEPT\",\"count\":1,\"millis\":50}");

        assertThatThrownBy(() -> client.place(Map.of("tag", "lost"))).isInstanceOf(IOException.class);

        assertThat(client.get("/orders")
                        .data()
                        .valueStream()
                        .map(row -> row.path("tag").stringValue()))
                .containsExactly("lost");
        assertThat(ledger().valueStream().map(line -> line.path("withheldBy").asString("")))
                .contains("TIMEOUT_AFTER_ACCEPT");
    }

    @Test
    void an_order_lost_before_acceptance_is_not_in_the_book() throws Exception {
        client.fault("{\"kind\":\"TIMEOUT_BEFORE_ACCEPT\",\"count\":1,\"millis\":50}");
        assertThatThrownBy(() -> client.place(Map.of())).isInstanceOf(IOException.class);
        client.fault("{\"kind\":\"ERROR_BEFORE_ACCEPT\",\"count\":1,\"status\":503}");
        assertThat(client.place(Map.of()).status()).isEqualTo(503);
        client.fault("{\"kind\":\"TOO_MANY_REQUESTS\"}");
        assertThat(client.place(Map.of()).status()).isEqualTo(429);

        assertThat(client.get("/orders").data()).isEmpty();
        client.fault("{\"kind\":\"ERROR_AFTER_ACCEPT\",\"count\":1}");
        Client.Answer answer = client.place(Map.of());
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.body()).isEmpty();
        assertThat(client.get("/orders").data()).hasSize(1);
    }

    @Test
    void a_held_request_does_not_hold_others() throws Exception {
        client.fault("{\"kind\":\"LATENCY\",\"count\":1,\"millis\":60000}");
        Thread held = Thread.ofVirtual().start(() -> {
            try {
                client.place(Map.of());
            } catch (Exception aborted) {
                // The test ends before the minute does.
            }
        });
        Await.until("the fault is spent", () -> {
            try {
                return client.control("GET", "/faults", "")
                        .body()
                        .path("active")
                        .isEmpty();
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        });

        assertThat(client.place(Map.of()).status()).isEqualTo(200);
        assertThat(held.isAlive()).isTrue();
        held.interrupt();
    }

    @Test
    void a_delayed_book_hides_young_orders_until_the_fault_is_lifted() throws Exception {
        Client.Answer fault = client.fault("{\"kind\":\"BOOK_DELAY\",\"durationMillis\":60000,\"millis\":60000}");
        String orderId = placed();
        assertThat(client.get("/orders").data()).isEmpty();
        assertThat(client.get("/trades").data()).isEmpty();
        assertThat(client.get("/orders/" + orderId).errorType()).isEqualTo("OrderException");

        client.control("DELETE", "/faults/" + fault.body().path("number").asInt(), "");

        assertThat(client.get("/orders").data()).hasSize(1);
    }

    @Test
    void a_dropped_ticker_ends_and_a_dead_token_must_log_in_again() throws Exception {
        Listener dropped = new Listener();
        ticker(dropped);
        client.fault("{\"kind\":\"DROP_TICKER\"}");
        Await.until("the connection ended", dropped.ended::get);

        client.fault("{\"kind\":\"TOKEN_DEATH\"}");
        assertThat(client.get("/orders").errorType()).isEqualTo("TokenException");
        client.login();
        assertThat(client.get("/orders").status()).isEqualTo(200);
    }

    @Test
    void hands_and_the_broker_trade_too() throws Exception {
        Client.Answer foreign = client.fault(
                "{\"kind\":\"FOREIGN_ORDER\",\"order\":{\"exchange\":\"NSE\",\"tradingsymbol\":\"ITC\",\"quantity\":\"3\","
                        + "\"transaction_type\":\"BUY\",\"product\":\"MIS\",\"order_type\":\"MARKET\"}}");
        String orderId = foreign.body().path("orderId").stringValue();
        assertThat(client.order(orderId).path("filled_quantity").asInt()).isEqualTo(3);

        client.fault("{\"kind\":\"SQUARE_OFF\"}");

        assertThat(client.get("/portfolio/positions")
                        .data()
                        .path("net")
                        .get(0)
                        .path("quantity")
                        .asInt())
                .isZero();
        assertThat(client.fault("{\"kind\":\"NONSENSE\"}").status()).isEqualTo(400);
        assertThat(client.fault("{\"kind\":\"LATENCY\",\"count\":-1}").status()).isEqualTo(400);
    }

    @Test
    void postbacks_come_twice_or_never_as_asked() throws Exception {
        client.fault("{\"kind\":\"POSTBACK_MISSING\"}");
        placed();
        client.fault("{\"kind\":\"POSTBACK_DUPLICATE\"}");
        String second = placed();

        Await.until("two postbacks", () -> postbacks.size() == 2);
        assertThat(postbacks).allMatch(row -> row.path("order_id").stringValue().equals(second));
    }

    @Test
    void a_restart_keeps_session_book_positions_and_never_repeats_an_id() throws Exception {
        String first = placed();
        JsonNode orders = client.get("/orders").data();
        JsonNode net = client.get("/portfolio/positions").data().path("net").get(0);
        int port = exchange.port();

        exchange.close();
        exchange = open(port);

        assertThat(client.get("/orders").data()).isEqualTo(orders);
        assertThat(client.get("/portfolio/positions").data().path("net").get(0).path("quantity"))
                .isEqualTo(net.path("quantity"));
        assertThat(Long.parseLong(placed())).isGreaterThan(Long.parseLong(first));
    }

    @Test
    void a_taken_port_is_said_with_its_address() {
        assertThatThrownBy(() -> open(exchange.port(), folder.resolve("other")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot listen on " + Client.ADDRESS + ":" + exchange.port());
    }

    @Test
    void a_second_exchange_on_the_same_ledger_is_refused() {
        assertThatThrownBy(() -> open(0)).hasMessageContaining("in use by another exchange");
    }

    @Test
    void instruments_come_zipped_if_wanted_and_quotes_leave_unknown_keys_out() throws Exception {
        HttpResponse<byte[]> csv = client.http.send(
                HttpRequest.newBuilder(URI.create(client.root + "/instruments/NSE"))
                        .header("Authorization", "token " + Client.API_KEY + ":" + client.accessToken)
                        .header("Accept-Encoding", "gzip")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        String text = new String(
                new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(csv.body())).readAllBytes(),
                StandardCharsets.UTF_8);

        assertThat(text).contains("408065,1594,INFY,\"INFOSYS\",").contains(",0,0,0,EQ,INDICES,NSE");
        assertThat(client.get("/quote/ltp?i=NSE:INFY&i=NSE:NOSUCH").data().propertyNames())
                .containsExactly("NSE:INFY");
        assertThat(client.get("/nowhere").body().path("status").stringValue()).isEqualTo("error");
        assertThat(client.control("GET", "/clock", "").body().path("phase").stringValue())
                .isIn("OPEN", "ENDING");
    }
}
