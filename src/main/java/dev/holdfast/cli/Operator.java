package dev.holdfast.cli;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.log.LogStatus;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Reply;
import java.time.Duration;

/** A command's short-lived connection to the engine. */
final class Operator implements AutoCloseable {

    /** Under whose name commands from this machine's command line are logged. */
    static final String USER = System.getProperty("user.name", "operator");

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration INSIST_LIMIT = Duration.ofSeconds(30);
    private static final Duration TELL = Duration.ofSeconds(2);
    private static final Duration PICTURE_LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int BATCH = 1_024;

    private final Log log;

    private Operator(Log log) {
        this.log = log;
    }

    static Operator connect(Home home) {
        return new Operator(EdgeLog.connectOperator(home));
    }

    Log log() {
        return log;
    }

    LogStatus status() {
        return log.status();
    }

    /** @throws Failure if the engine does not answer in time */
    Reply submit(Command command) {
        return submit(command, LIMIT);
    }

    Reply submit(Command command, Duration limit) {
        CommandTexts.require((Record) command);
        try {
            return log.submitAndWait(command, limit);
        } catch (LogUnavailable silent) {
            throw Failure.negative(
                    "the engine does not answer (" + silent.getMessage() + "); './holdfast status' shows what runs");
        }
    }

    /**
     * For what must not fail because members choose a leader just now: waits longer, and says what for.
     *
     * @throws Failure if nobody answers within half a minute; then it is not known whether it was taken
     */
    Reply insist(Command command, Console console) {
        Thread teller = Thread.ofVirtual().start(() -> tellWhatIsAwaited(console));
        try {
            return submit(command, INSIST_LIMIT);
        } catch (Failure silent) {
            throw Failure.negative(
                    silent.getMessage() + ". It may still be carried out, or not: say it again, which does no harm");
        } finally {
            teller.interrupt();
        }
    }

    private void tellWhatIsAwaited(Console console) {
        try {
            while (true) {
                Thread.sleep(TELL);
                console.progress(
                        log.status().leader() < 0
                                ? "waits for the traders to choose a leader; it is carried out as soon as one answers"
                                : "the leading trader does not answer yet; waits for its answer, or for another leader");
            }
        } catch (InterruptedException answered) {
            Thread.currentThread().interrupt();
        }
    }

    /** The engine's state as of now. */
    Picture picture() {
        return picture(PICTURE_LIMIT);
    }

    /** @param limit for all of it */
    Picture picture(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        Reply now = submit(new Command.Probe(), limit);
        Picture picture = new Picture();
        try (EventReader<Event> reader = log.readAfter(now.value() - 1)) {
            while (reader.sequence() < now.sequence()) {
                reader.poll((header, event) -> picture.apply(event), BATCH, POLL);
                if (System.nanoTime() - deadline > 0) {
                    throw Failure.negative("the event stream stands at " + reader.sequence() + " of " + now.sequence()
                            + "; './holdfast status' shows what runs");
                }
            }
        }
        return picture;
    }

    @Override
    public void close() {
        log.close();
    }
}
