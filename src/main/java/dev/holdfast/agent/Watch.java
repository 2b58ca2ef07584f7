package dev.holdfast.agent;

import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Asks one process again and again whether it lives, in a thread of its own: the question may take as long as the process may. */
final class Watch implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** A watcher that has not looked for longer than this was frozen or starved itself. */
    private static final Duration ATTENTION = Duration.ofSeconds(2);

    private final Question question;
    private final Liveness liveness;
    private final Thread thread;
    private volatile long pid;
    private long lookedNanos = System.nanoTime();

    /** How a process is asked. */
    interface Question {

        /**
         * @return why it does not work, empty when it does
         * @throws IOException if there is no answer within {@link Liveness#LIMIT}
         */
        String ask() throws IOException;
    }

    Watch(String name, Question question, Liveness liveness) {
        this.question = question;
        this.liveness = liveness;
        this.thread = Thread.ofVirtual().name("watch-" + name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                long asked = pid;
                if (asked != 0) {
                    ask(asked);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(long asked) {
        try {
            String problem = question.ask();
            if (asked == pid) {
                liveness.answered(sight(asked), problem, System.nanoTime());
            }
        } catch (IOException silent) {
            // No answer is not reported: Liveness counts the time since the last one.
            return;
        }
    }

    /**
     * Called at each look.
     *
     * @param running the process, 0 when there is none
     * @return why it counts as dead; empty while it does not
     */
    Optional<String> dead(long running) {
        long now = System.nanoTime();
        if (now - lookedNanos > ATTENTION.toNanos()) {
            liveness.forget();
        }
        lookedNanos = now;
        pid = running;
        return running == 0 ? Optional.empty() : liveness.dead(sight(running), now);
    }

    private static Liveness.Sight sight(long pid) {
        OwnedProcess.Seen seen = OwnedProcess.seen(pid);
        return new Liveness.Sight(pid, seen.frozen(), seen.traced(), seen.processorNanos());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
