package dev.holdfast.simulation.recovery;

import dev.holdfast.agent.postgres.Outbox;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.Reply;
import dev.holdfast.protocol.ReplyCode;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An agent's numbered commands: one under way, sent again until it is answered. */
final class ModelOutbox implements Outbox {

    private static final long AGAIN_NANOS = 200_000_000L;
    private static final int MAX_WAITING = 100;

    private final String host;
    private final long clientId;
    private final RecoveryLog log;
    private final ModelProcess process;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long correlationId;
    private long sent;

    private record Entry(RecoveryCommand command, Consumer<Reply> answered) {}

    ModelOutbox(String host, RecoveryLog log, ModelProcess process) {
        this.host = host;
        this.log = log;
        this.process = process;
        this.clientId = log.nextClientId();
    }

    @Override
    public boolean holds(Class<? extends RecoveryCommand> kind) {
        return entries.stream().anyMatch(entry -> kind.isInstance(entry.command));
    }

    @Override
    public void send(RecoveryCommand command, Consumer<Reply> answered) {
        if (entries.size() == MAX_WAITING) {
            throw new IllegalStateException("the agent of " + host + " has " + MAX_WAITING + " commands unanswered");
        }
        entries.addLast(new Entry(command, answered));
        if (entries.size() == 1) {
            correlationId++;
            transmit();
        }
    }

    @Override
    public void tell(RecoveryCommand command) {
        log.send(host, 0, 0, command, null);
    }

    private void transmit() {
        Entry first = entries.peekFirst();
        if (first == null) {
            return;
        }
        long attempt = ++sent;
        long number = correlationId;
        log.send(host, clientId, number, first.command, reply -> process.after(0, () -> answered(number, reply)));
        process.after(AGAIN_NANOS, () -> {
            if (attempt == sent) {
                transmit();
            }
        });
    }

    private void answered(long number, @Nullable Reply reply) {
        Entry first = entries.peekFirst();
        if (first == null || reply == null || number != correlationId || reply.code() == ReplyCode.GAP) {
            return;
        }
        entries.removeFirst();
        sent++;
        if (!entries.isEmpty()) {
            correlationId++;
            transmit();
        }
        first.answered.accept(reply);
    }
}
