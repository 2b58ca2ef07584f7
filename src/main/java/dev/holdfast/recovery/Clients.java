package dev.holdfast.recovery;

import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What each client was answered lately. A client numbers its commands from 1 and has them applied in order; a command sent
 * again, because its answer was lost with a leader, gets the answer it was given the first time.
 */
final class Clients {

    /** Beyond this the client silent for longest is forgotten; short-lived ones (the command line) come and go. */
    static final int MAX_CLIENTS = 256;

    /** Answers kept for each client. Whoever has more commands outstanding is told DUPLICATE for the older ones. */
    static final int MAX_ANSWERS = 32;

    private final Map<Long, Client> clients = new TreeMap<>();

    private static final class Client {
        long lastCorrelationId;
        long lastSeenNanos;
        final ArrayDeque<Reply> answers = new ArrayDeque<>();
    }

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
        if (client != null) {
            for (Reply answer : client.answers) {
                if (answer.correlationId() == correlationId) {
                    return answer;
                }
            }
        }
        return new Reply(clientId, correlationId, ReplyCode.DUPLICATE, 0, 0, "answered before");
    }

    void answered(Reply reply, long logTimeNanos) {
        Client client = clients.computeIfAbsent(reply.clientId(), none -> new Client());
        client.lastCorrelationId = reply.correlationId();
        client.lastSeenNanos = logTimeNanos;
        client.answers.addLast(reply);
        if (client.answers.size() > MAX_ANSWERS) {
            client.answers.removeFirst();
        }
        if (clients.size() > MAX_CLIENTS) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
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

    void save(StateWriter out) {
        out.number(clients.size());
        clients.forEach((id, client) -> {
            out.number(id);
            out.number(client.lastCorrelationId);
            out.number(client.lastSeenNanos);
            out.number(client.answers.size());
            client.answers.forEach(answer -> {
                out.number(answer.correlationId());
                out.text(answer.code().name());
                out.number(answer.value());
                out.number(answer.sequence());
                out.text(answer.text());
            });
        });
    }

    void load(StateReader in) {
        for (int n = in.integer(); n > 0; n--) {
            long id = in.number();
            Client client = new Client();
            client.lastCorrelationId = in.number();
            client.lastSeenNanos = in.number();
            for (int m = in.integer(); m > 0; m--) {
                client.answers.addLast(
                        new Reply(id, in.number(), ReplyCode.valueOf(in.text()), in.number(), in.number(), in.text()));
            }
            clients.put(id, client);
        }
    }
}
