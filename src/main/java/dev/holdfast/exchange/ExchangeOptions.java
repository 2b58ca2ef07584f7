package dev.holdfast.exchange;

import dev.holdfast.types.BrokerProfile;
import java.nio.file.Path;
import java.util.List;

/**
 * What one simulated exchange is started with.
 *
 * @param port 0 picks a free one, see {@link Exchange#port()}
 * @param folder keeps the ledger; made if absent
 * @param market {@code random:SEED}, or a folder or zip file of recorded data (see {@link Markets})
 * @param speed market seconds per wall second of a replay; the random market always runs at 1
 * @param redirectUrl where a log-in sends the browser with its request token; empty shows a page instead
 * @param postbackUrls each receives every order update as an HTTP POST
 */
public record ExchangeOptions(
        String address,
        int port,
        Path folder,
        String market,
        double speed,
        BrokerProfile profile,
        String apiKey,
        String apiSecret,
        String controlSecret,
        String redirectUrl,
        List<String> postbackUrls) {

    /** A day of NSE within some seconds. */
    public static final double MAX_SPEED = 100_000;

    public ExchangeOptions {
        postbackUrls = List.copyOf(postbackUrls);
        if (!(speed > 0 && speed <= MAX_SPEED)) {
            throw new IllegalArgumentException(
                    "market speed is " + speed + "; expected a number above 0, at most " + (long) MAX_SPEED);
        }
        if (apiKey.isBlank() || apiSecret.isBlank() || controlSecret.isBlank()) {
            throw new IllegalArgumentException("API key, API secret and control secret must not be blank");
        }
    }
}
