package dev.holdfast.cli;

import dev.holdfast.exchange.Exchange;
import dev.holdfast.exchange.ExchangeOptions;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import java.util.List;

/** The simulated exchange's process. It logs in whoever knows the key, and posts order updates to the gateways. */
final class ExchangeService implements AutoCloseable {

    private final Exchange exchange;

    ExchangeService(Home home, String market, double speed) {
        List<String> gateways = home.configuration().hostsWith(Role.GATEWAY).stream()
                .map(host -> "http://" + host.address() + ":" + Configuration.GATEWAY_HEALTH_PORT)
                .toList();
        this.exchange = new Exchange(new ExchangeOptions(
                home.configuration().broker().address(),
                Configuration.EXCHANGE_PORT,
                home.path().resolve("exchange"),
                market,
                speed,
                home.configuration().broker().profile(),
                home.secrets().read("broker-api-key"),
                home.secrets().read("broker-api-secret"),
                home.secrets().read("exchange-control"),
                gateways.getFirst() + "/login",
                gateways.stream().map(gateway -> gateway + "/postback").toList()));
    }

    void start() {
        exchange.start();
    }

    @Override
    public void close() {
        exchange.close();
    }
}
