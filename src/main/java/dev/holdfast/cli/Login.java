package dev.holdfast.cli;

import dev.holdfast.broker.kite.KiteLogin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "login",
        description = {
            "Logs in to a real Kite Connect account, once a day.",
            "Prints the address to open in a browser, then takes the request token it leads to; the gateways share the"
                    + " sealed access token."
        },
        mixinStandardHelpOptions = true)
final class Login implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Option(names = "--url", description = "only print the address to open")
    private boolean urlOnly;

    @Override
    public Integer call() throws IOException {
        Home home = Home.open(options.home());
        Console console = options.console();
        if (home.configuration().broker().simulated()) {
            throw Failure.usage(
                    "the simulated exchange logs in by itself; set broker.simulated to false for a real account");
        }
        try (KiteLogin login = new KiteLogin(home.configuration(), home.secrets())) {
            if (urlOnly) {
                console.result(Map.of("url", login.url()), login::url);
                return 0;
            }
            console.warn("Open this in a browser and log in:");
            console.warn("  " + login.url());
            console.warn("Then paste the address it leads to, or its request_token, here:");
            String user = login.complete(typed());
            console.result(Map.of("ok", true, "user", user), () -> "logged in as " + user);
            return 0;
        } catch (IOException refused) {
            throw Failure.negative("not logged in: " + refused.getMessage());
        }
    }

    /** From standard input, not an argument: arguments are visible to every process. */
    private static String typed() throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = input.readLine();
        if (line == null) {
            throw Failure.usage("no request token was given on standard input");
        }
        return line;
    }
}
