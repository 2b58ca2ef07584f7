package dev.holdfast.audit;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The audit's part that looks at the database: whether its rows are those of the log, each of them. */
final class ProjectionAudit {

    private static final Duration RETRY = Duration.ofMillis(100);

    private final DatabaseView.Source database;
    private final Duration patience;
    private final Consumer<String> differ;

    /** @param differ told each difference, one line each */
    ProjectionAudit(DatabaseView.Source database, Duration patience, Consumer<String> differ) {
        this.database = database;
        this.patience = patience;
        this.differ = differ;
    }

    /**
     * Waits for the recorder to pass the cut, and compares.
     *
     * @return null if the database cannot be read
     */
    @Nullable
    DatabaseView view(long cut) {
        long deadline = System.nanoTime() + patience.toNanos();
        String failure;
        do {
            failure = behind(cut);
        } while (!failure.isEmpty() && System.nanoTime() < deadline && pause());
        if (!failure.isEmpty()) {
            differ.accept(failure); // the rows that are there are compared all the same
        }
        try {
            DatabaseView view = database.compare();
            view.differences().forEach(differ);
            return view;
        } catch (Exception unreadable) { // whatever the driver throws, the audit goes on without the database
            String problem = "the database cannot be read: " + unreadable.getMessage();
            if (!problem.equals(failure)) {
                differ.accept(problem);
            }
            return null;
        }
    }

    private String behind(long cut) {
        try {
            long sequence = database.sequence();
            return sequence >= cut
                    ? ""
                    : "the recorder stands at event " + sequence + ", the cut is " + cut
                            + "; './holdfast status' says why";
        } catch (Exception unreadable) { // may pass within our patience
            return "the database cannot be read: " + unreadable.getMessage();
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(RETRY);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the audit was interrupted");
        }
    }
}
