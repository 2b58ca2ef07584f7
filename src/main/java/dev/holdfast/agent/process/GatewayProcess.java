package dev.holdfast.agent.process;

import dev.holdfast.agent.Caretaker;
import dev.holdfast.runtime.JavaCommand;
import dev.holdfast.runtime.JavaCommand.Kind;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host's gateway. Each start gets a session of its own; when that process has ended, which only its parent knows for
 * certain, the other gateways are told, so that what it held moves at once and not when its lease has run out. One that was
 * taken over from an earlier agent has a session we do not know: then the lease decides.
 */
public final class GatewayProcess implements Caretaker {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayProcess.class);
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final JavaProcess process;
    private final List<URI> others;
    private final String authorization;
    private final SecureRandom random = new SecureRandom();

    private long session;

    /**
     * @param address where it answers
     * @param others base addresses of the other gateways
     * @param secret "agent", which they share with us
     */
    public GatewayProcess(
            Path folder, Path logFile, List<String> arguments, URI address, List<URI> others, String secret) {
        this.process = new JavaProcess(folder, logFile, () -> command(arguments), address);
        this.others = List.copyOf(others);
        this.authorization = "Bearer " + secret;
    }

    @Override
    public Observation observe() {
        Observation seen = process.observe();
        if (!seen.running() && session != 0) {
            tellOthers(session);
            session = 0;
        }
        return seen;
    }

    /**
     * Asks whether the gateway works. One that does not may be replaced at any time: the leases of its grants ended long
     * before.
     */
    @Override
    public String ask() throws IOException {
        return process.ask();
    }

    @Override
    public void act(Decision decision) throws IOException, InterruptedException {
        if (decision == Decision.START) {
            session = random.nextLong(1, Long.MAX_VALUE);
        }
        process.act(decision);
    }

    private JavaCommand command(List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--session", Long.toString(session)));
        return new JavaCommand(Kind.GATEWAY, all);
    }

    private void tellOthers(long ended) {
        for (URI other : others) {
            Thread.ofVirtual().name("session-ended").start(() -> tell(other, ended));
        }
    }

    private void tell(URI other, long ended) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    other.resolve("/session-ended?session=" + ended).toURL().openConnection();
            connection.setConnectTimeout((int) LIMIT.toMillis());
            connection.setReadTimeout((int) LIMIT.toMillis());
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Authorization", authorization);
            int answer = connection.getResponseCode();
            if (answer == HttpURLConnection.HTTP_ACCEPTED) {
                LOG.info("told the gateway at {} session={} ended", other, ended);
            } else {
                LOG.warn(
                        "the gateway at {} refused to hear that session={} ended answer={}; what it held moves when its lease ends",
                        other,
                        ended,
                        answer);
            }
            connection.disconnect();
        } catch (IOException away) {
            LOG.info("the gateway at {} could not be told that session={} ended: {}", other, ended, away.getMessage());
        }
    }
}
