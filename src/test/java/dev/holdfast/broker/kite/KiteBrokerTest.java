package dev.holdfast.broker.kite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.broker.BrokerFailure;
import dev.holdfast.broker.OrderCall;
import dev.holdfast.broker.SendAnswer;
import dev.holdfast.broker.SendRight;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.SendAction;
import dev.holdfast.protocol.SendOutcome;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.SealedSecrets;
import dev.holdfast.runtime.Secrets;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KiteBrokerTest {

    private static final OrderCall PLACE = new OrderCall(
            SendAction.PLACE, "NSE", "M&M", Side.BUY, Product.MIS, OrderType.LIMIT, 10, 123_405, "HF1x1", "");
    private static final OrderCall CANCEL = new OrderCall(
            SendAction.CANCEL, "NSE", "M&M", Side.BUY, Product.MIS, OrderType.LIMIT, 10, 123_405, "HF1x1", "15");

    private final FakeKite kite = new FakeKite();
    private final List<BrokerSessionState> states = new CopyOnWriteArrayList<>();
    private final Secrets secrets;

    KiteBrokerTest(@TempDir Path home) {
        secrets = new Secrets(home);
        secrets.write("broker-api-key", "key");
        secrets.write("broker-api-secret", "secret");
        secrets.readOrCreate("seal-key");
        kite.redirect("/login", "http://127.0.0.1/back?status=success&request_token=Req_1");
        kite.on("POST", "/session/token", 200, FakeKite.success("{\"user_id\":\"AB1234\",\"access_token\":\"tok1\"}"));
        kite.on("GET", "/user/profile", 200, FakeKite.success("{\"user_id\":\"AB1234\"}"));
    }

    @AfterEach
    void stop() {
        kite.close();
    }

    @Test
    void it_logs_in_by_itself_and_shares_the_token_sealed() {
        KiteBroker broker = loggedIn(true);

        assertThat(states).containsExactly(BrokerSessionState.VALID);
        assertThat(secrets.read("broker-access-token")).doesNotContain("tok1");
        assertThat(new SealedSecrets(secrets).read("broker-access-token")).contains("tok1");
        FakeKite.Request exchange = kite.requests.stream()
                .filter(request -> request.pathAndQuery().equals("/session/token"))
                .findFirst()
                .orElseThrow();
        assertThat(exchange.body()).contains("checksum=" + Checksum.sha256Hex("keyReq_1secret"));
        broker.close();
    }

    @Test
    void a_token_another_gateway_shared_is_used_before_logging_in() {
        new SealedSecrets(secrets).write("broker-access-token", "shared");
        KiteBroker broker = loggedIn(true);

        assertThat(kite.requests).extracting(FakeKite.Request::pathAndQuery).containsExactly("/user/profile");
        assertThat(kite.requests.getFirst().authorization()).isEqualTo("token key:shared");
        assertThat(kite.requests.getFirst().version()).isEqualTo("3");
        broker.close();
    }

    @Test
    void a_refused_token_is_replaced_by_logging_in_anew() {
        KiteBroker broker = loggedIn(true);
        kite.on("GET", "/orders", 403, FakeKite.error("TokenException"));

        assertThatThrownBy(broker::orders)
                .isInstanceOfSatisfying(
                        BrokerFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(BrokerFailure.Kind.TOKEN));
        assertThat(broker.session().state()).isEqualTo(BrokerSessionState.DEAD);
        kite.on("POST", "/session/token", 200, FakeKite.success("{\"user_id\":\"AB1234\",\"access_token\":\"tok2\"}"));

        assertThat(broker.session().ensure()).isTrue();
        assertThat(new SealedSecrets(secrets).read("broker-access-token")).contains("tok2");
        assertThat(states).containsExactly(BrokerSessionState.VALID, BrokerSessionState.DEAD, BrokerSessionState.VALID);
        broker.close();
    }

    @Test
    void a_page_with_403_or_another_error_tells_nothing_about_the_token() {
        KiteBroker broker = loggedIn(true);
        kite.on("GET", "/orders", 403, "<html>Access denied</html>");
        kite.on("POST", "/orders/regular", 403, FakeKite.error("PermissionException"));

        assertThatThrownBy(broker::orders)
                .isInstanceOfSatisfying(
                        BrokerFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(BrokerFailure.Kind.UNAVAILABLE));
        broker.send(PLACE, right(true));

        assertThat(broker.session().state()).isEqualTo(BrokerSessionState.VALID);
        broker.close();
    }

    @Test
    void a_page_with_403_does_not_burn_a_token_that_is_about_to_be_proved() {
        new SealedSecrets(secrets).write("broker-access-token", "shared");
        kite.on("GET", "/user/profile", 403, "<html>Access denied</html>");
        KiteBroker broker = new KiteBroker(configuration(true, kite.root()), "a", secrets, this::heard);
        assertThat(broker.session().ensure()).isFalse();
        kite.on("GET", "/user/profile", 200, FakeKite.success("{\"user_id\":\"AB1234\"}"));

        dev.holdfast.broker.Await.until(
                "the shared token is proved", () -> broker.session().ensure());

        assertThat(kite.requests).extracting(FakeKite.Request::pathAndQuery).containsOnly("/user/profile");
        assertThat(kite.requests.getLast().authorization()).isEqualTo("token key:shared");
        broker.close();
    }

    @Test
    void a_real_account_waits_for_a_person() throws IOException {
        KiteBroker broker = new KiteBroker(configuration(false, kite.root()), "a", secrets, this::heard);
        assertThat(broker.session().ensure()).isFalse();
        assertThat(states).containsExactly(BrokerSessionState.DEAD);

        try (KiteLogin login = new KiteLogin(configuration(false, kite.root()), secrets)) {
            assertThat(login.url()).isEqualTo(kite.root() + "/login?v=3&api_key=key");
            assertThat(login.complete("https://app.example/back?action=login&request_token=Req_1&status=success\n"))
                    .isEqualTo("AB1234");
            assertThatThrownBy(() -> login.complete("what is this?")).isInstanceOf(IOException.class);
        }
        dev.holdfast.broker.Await.until(
                "the shared token is found", () -> broker.session().ensure());

        assertThat(states).containsExactly(BrokerSessionState.DEAD, BrokerSessionState.VALID);
        broker.close();
    }

    @Test
    void an_order_is_form_encoded_with_exact_rupees() {
        KiteBroker broker = loggedIn(true);
        kite.on("POST", "/orders/regular", 200, FakeKite.success("{\"order_id\":\"15\"}"));

        assertThat(broker.send(PLACE, right(true))).isEqualTo(SendAnswer.accepted("15"));
        broker.send(
                new OrderCall(
                        SendAction.PLACE, "NSE", "INFY", Side.SELL, Product.CNC, OrderType.MARKET, 1, 0, "HF1x2", ""),
                right(true));

        assertThat(kite.requests)
                .extracting(FakeKite.Request::body)
                .contains(
                        "exchange=NSE&tradingsymbol=M%26M&transaction_type=BUY&product=MIS&order_type=LIMIT&quantity=10"
                                + "&price=1234.05&validity=DAY&tag=HF1x1",
                        "exchange=NSE&tradingsymbol=INFY&transaction_type=SELL&product=CNC&order_type=MARKET&quantity=1"
                                + "&market_protection=-1&validity=DAY&tag=HF1x2");
        broker.close();
    }

    @Test
    void modifying_and_cancelling_name_the_order_in_the_path() {
        KiteBroker broker = loggedIn(true);
        kite.on("PUT", "/orders/regular/15", 200, FakeKite.success("{\"order_id\":\"15\"}"));
        kite.on("DELETE", "/orders/regular/15", 400, FakeKite.error("OrderException"));

        SendAnswer modified = broker.send(
                new OrderCall(
                        SendAction.MODIFY, "NSE", "M&M", Side.BUY, Product.MIS, OrderType.LIMIT, 20, 100, "x", "15"),
                right(true));

        assertThat(modified.outcome()).isEqualTo(SendOutcome.ACCEPTED);
        assertThat(broker.send(CANCEL, right(true)).outcome()).isEqualTo(SendOutcome.REFUSED);
        assertThat(kite.requests)
                .extracting(FakeKite.Request::body)
                .contains("order_type=LIMIT&quantity=20&price=1.00&validity=DAY");
        broker.close();
    }

    @Test
    void a_connection_lost_after_the_request_was_read_is_uncertain() {
        KiteBroker broker = loggedIn(true);
        kite.on("POST", "/orders/regular", -1, "");
        kite.on("DELETE", "/orders/regular/15", -1, "");

        assertThat(broker.send(PLACE, right(true)).outcome()).isEqualTo(SendOutcome.UNCERTAIN);
        assertThat(broker.send(CANCEL, right(true)).outcome()).isEqualTo(SendOutcome.UNCERTAIN);
        assertThat(kite.requests.stream()
                        .filter(request -> request.method().equals("POST")
                                && request.pathAndQuery().equals("/orders/regular")))
                .as("the HTTP client did not try again")
                .hasSize(1);
        broker.close();
    }

    @Test
    void nothing_was_sent_when_nobody_listens() throws IOException {
        int freePort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(FakeKite.ADDRESS))) {
            freePort = socket.getLocalPort();
        }
        KiteBroker broker = new KiteBroker(
                configuration(true, "http://" + FakeKite.ADDRESS + ":" + freePort), "a", secrets, this::heard);

        assertThat(broker.send(PLACE, right(true)).outcome()).isEqualTo(SendOutcome.NOT_SENT);
        assertThat(broker.send(CANCEL, right(true)).outcome()).isEqualTo(SendOutcome.NOT_SENT);
        broker.close();
    }

    @Test
    void when_the_right_to_send_ends_while_connecting_no_byte_of_the_order_leaves() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(FakeKite.ADDRESS))) {
            CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> readAll(server));
            KiteBroker broker = new KiteBroker(
                    configuration(true, "http://" + FakeKite.ADDRESS + ":" + server.getLocalPort()),
                    "a",
                    secrets,
                    this::heard);

            SendAnswer answer = broker.send(PLACE, right(false));

            assertThat(answer.outcome()).isEqualTo(SendOutcome.NOT_SENT);
            assertThat(received.get(90, TimeUnit.SECONDS)).doesNotContain("tradingsymbol");
            broker.close();
        }
    }

    @Test
    void a_call_whose_right_ends_on_its_way_resets_its_connection_so_that_nothing_arrives_later() throws Exception {
        for (OrderCall call : List.of(PLACE, CANCEL)) {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(FakeKite.ADDRESS))) {
                CountDownLatch ended = new CountDownLatch(1);
                CompletableFuture<Boolean> reset = CompletableFuture.supplyAsync(() -> isReset(server, ended));
                KiteBroker broker = new KiteBroker(
                        configuration(true, "http://" + FakeKite.ADDRESS + ":" + server.getLocalPort()),
                        "a",
                        secrets,
                        this::heard);

                SendAnswer answer = broker.send(call, right(true, false));
                ended.countDown();

                assertThat(answer.outcome()).isEqualTo(SendOutcome.UNCERTAIN);
                assertThat(answer.message()).contains("the right to send ended");
                assertThat(reset.get(90, TimeUnit.SECONDS))
                        .as("%s: the connection was reset, not closed in order", call.action())
                        .isTrue();
                broker.close();
            }
        }
    }

    /** A connection that is closed in order is delivered to its end, however late. */
    private static boolean isReset(ServerSocket server, CountDownLatch ended) {
        try (var socket = server.accept()) {
            ended.await();
            socket.getInputStream().readAllBytes();
            return false;
        } catch (SocketException reset) {
            return true;
        } catch (IOException | InterruptedException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static String readAll(ServerSocket server) {
        try (var socket = server.accept()) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            return "";
        }
    }

    @Test
    void a_read_that_is_not_whole_is_a_failure() {
        KiteBroker broker = loggedIn(true);
        kite.on("GET", "/orders", 200, "<html>maintenance</html>");
        kite.on("GET", "/trades", 429, FakeKite.error("NetworkException"));
        kite.on("GET", "/portfolio/positions", 502, "");

        assertThatThrownBy(broker::orders).isInstanceOf(BrokerFailure.class);
        assertThatThrownBy(broker::trades)
                .isInstanceOfSatisfying(
                        BrokerFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(BrokerFailure.Kind.RATE_LIMITED));
        assertThatThrownBy(broker::positions).isInstanceOf(BrokerFailure.class);
        broker.close();
    }

    private KiteBroker loggedIn(boolean simulated) {
        KiteBroker broker = new KiteBroker(configuration(simulated, kite.root()), "a", secrets, this::heard);
        assertThat(broker.session().ensure()).isTrue();
        return broker;
    }

    private static SendRight right(boolean mayWrite) {
        return right(mayWrite, true);
    }

    private static SendRight right(boolean mayWrite, boolean held) {
        return new SendRight() {
            @Override
            public boolean mayWrite() {
                return mayWrite;
            }

            @Override
            public boolean isHeld() {
                return held;
            }
        };
    }

    private void heard(BrokerSessionState state, String detail) {
        states.add(state);
    }

    private static Configuration configuration(boolean simulated, String root) {
        return new Configuration(
                "home",
                List.of(),
                new Configuration.Broker(
                        simulated, "", BrokerProfile.DRILL, null, null, root, "ws://unused", root + "/login"),
                new Configuration.Risk(1, 1, 1, 1, 1, 1, 1),
                List.of(),
                List.of());
    }
}
