package dev.holdfast.cli;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.log.RecoveryLog;
import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.function.Predicate;

/** A command's short-lived connection to the recovery machine. */
final class RecoveryOperator implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int BATCH = 1_024;

    private final RecoveryLog log;

    private RecoveryOperator(RecoveryLog log) {
        this.log = log;
    }

    static RecoveryOperator connect(Home home) {
        return new RecoveryOperator(RecoveryAccess.connectOperator(home));
    }

    /** @throws Failure if the voters do not answer in time */
    Reply submit(RecoveryCommand command) {
        return submit(command, LIMIT);
    }

    /** @throws Failure if the voters do not answer in time */
    Reply submit(RecoveryCommand command, Duration limit) {
        CommandTexts.require((Record) command);
        try {
            return log.submitAndWait(command, limit);
        } catch (LogUnavailable silent) {
            throw Failure.negative("the voters do not answer (" + silent.getMessage()
                    + "); a majority of the agents that vote must run: './holdfast status'");
        }
    }

    /**
     * What is decided as of now.
     *
     * @throws Failure if that cannot be read in time
     */
    RecoveryPicture picture(Duration limit) {
        Reply now = submit(new RecoveryCommand.Probe(), limit);
        RecoveryPicture picture = new RecoveryPicture();
        if (!follow(picture, now.value(), now.sequence(), _ -> true, limit)) {
            throw Failure.negative("the decisions cannot be read within " + limit.toMillis()
                    + " ms; './holdfast status' shows what runs");
        }
        return picture;
    }

    /**
     * Follows the decisions until a picture at or after this sequence is the awaited one.
     *
     * @return the last picture, and whether it is the awaited one
     */
    Outcome await(long sequence, Predicate<RecoveryPicture> awaited, Duration limit) {
        RecoveryPicture picture = new RecoveryPicture();
        long checkpoint = submit(new RecoveryCommand.Probe()).value();
        return new Outcome(picture, follow(picture, checkpoint, sequence, awaited, limit));
    }

    record Outcome(RecoveryPicture picture, boolean reached) {}

    private boolean follow(
            RecoveryPicture picture,
            long checkpoint,
            long sequence,
            Predicate<RecoveryPicture> awaited,
            Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try (EventReader<RecoveryEvent> reader = log.readAfter(Math.max(0, checkpoint - 1))) {
            while (System.nanoTime() - deadline < 0) {
                reader.poll((header, event) -> picture.apply(event), BATCH, POLL);
                if (reader.sequence() >= sequence && awaited.test(picture)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void close() {
        log.close();
    }
}
