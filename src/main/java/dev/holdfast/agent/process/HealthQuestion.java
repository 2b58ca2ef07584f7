package dev.holdfast.agent.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks a process how it is: 200 is well, anything else is not, with its reason. The connection is kept for the next question, which comes
 * each second.
 */
final class HealthQuestion {

    private static final int SHOWN = 300;
    private static final int MOST = 100_000;

    private HealthQuestion() {}

    /**
     * @return empty when it is well, else what it said
     * @throws IOException if it does not answer within the limit
     */
    static String problem(URI address, Duration limit) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setConnectTimeout((int) limit.toMillis());
        connection.setReadTimeout((int) limit.toMillis());
        try {
            int status = connection.getResponseCode();
            boolean well = status == HttpURLConnection.HTTP_OK;
            String said = text(well ? connection.getInputStream() : connection.getErrorStream());
            return well ? "" : status + " " + said;
        } catch (IOException silent) {
            connection.disconnect();
            throw silent;
        }
    }

    /** Reads an answer to its end: only then the connection is free again. */
    private static String text(@Nullable InputStream body) throws IOException {
        if (body == null) {
            return "";
        }
        try (body) {
            String text = new String(body.readNBytes(SHOWN), StandardCharsets.UTF_8).strip();
            var _ = body.skip(MOST);
            return text;
        }
    }
}
