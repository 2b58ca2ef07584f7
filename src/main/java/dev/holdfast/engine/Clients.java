package dev.holdfast.engine;

import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What each client was answered last. A client numbers its commands from 1 and has them answered in order; so the last
 * answer is enough to make a resend harmless.
 */
final class Clients {

    /** Beyond this the client silent for longest is forgotten; short-lived ones (the command line) come and go. */
    static final int MAX_CLIENTS = 256;

    private final Map<Long, Client> clients = new TreeMap<>();

    private record Client(
            long lastCorrelationId, long lastSeenNanos, ReplyCode code, long value, long sequence, String text) {}

    /** @return the reply that ends this command here, or null if it is the next one and must be applied */
    @Nullable
    Reply precheck(long clientId, long correlationId) {
        Client client = clients.get(clientId);
        long last = client == null ? 0 : client.lastCorrelationId;
        if (correlationId == last + 1) {
            return null;
        }
        if (correlationId > last) {
            return new Reply(clientId, correlationId, ReplyCode.GAP, last, 0, "expected correlation id " + (last + 1));
        }
        if (correlationId == last && client != null) {
            return new Reply(clientId, correlationId, client.code, client.value, client.sequence, client.text);
        }
        return new Reply(clientId, correlationId, ReplyCode.DUPLICATE, 0, 0, "answered before");
    }

    void answered(Reply reply, long logTimeNanos) {
        clients.put(
                reply.clientId(),
                new Client(
                        reply.correlationId(),
                        logTimeNanos,
                        reply.code(),
                        reply.value(),
                        reply.sequence(),
                        reply.text()));
        if (clients.size() > MAX_CLIENTS) {
            long oldest = 0;
            long oldestSeen = Long.MAX_VALUE;
            for (Map.Entry<Long, Client> entry : clients.entrySet()) {
                if (entry.getValue().lastSeenNanos < oldestSeen) {
                    oldest = entry.getKey();
                    oldestSeen = entry.getValue().lastSeenNanos;
                }
            }
            clients.remove(oldest);
        }
    }

    void save(StateWriter out) {
        out.number(clients.size());
        clients.forEach((id, client) -> {
            out.number(id);
            out.number(client.lastCorrelationId);
            out.number(client.lastSeenNanos);
            out.text(client.code.name());
            out.number(client.value);
            out.number(client.sequence);
            out.text(client.text);
        });
    }

    void load(StateReader in) {
        for (int n = in.integer(); n > 0; n--) {
            clients.put(
                    in.number(),
                    new Client(
                            in.number(),
                            in.number(),
                            ReplyCode.valueOf(in.text()),
                            in.number(),
                            in.number(),
                            in.text()));
        }
    }
}
