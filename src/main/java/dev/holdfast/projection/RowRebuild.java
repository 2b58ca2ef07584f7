package dev.holdfast.projection;

import dev.holdfast.log.EventReader;
import dev.holdfast.log.Log;
import dev.holdfast.projection.RowStore.PositionMoved;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.EventFrame;
import dev.holdfast.protocol.EventHeader;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the recorder's tables anew from the log, while it goes on recording: new tables in a schema beside, filled in batches, which
 * take the old ones' place in one transaction under the recorder's lock. Whatever ends it before that leaves the old tables as they
 * were. The old ones stay in the schema {@value RebuiltTables#OLD} until the next time, for whoever wants to look.
 */
public final class RowRebuild {

    private static final int BATCH_ROWS = 20_000;
    private static final int POLL_EVENTS = 5_000;
    private static final Duration POLL = Duration.ofMillis(100);

    /** Events that the new tables may still lack when the recorder's lock is taken; they are read under the lock. */
    private static final long NEAR_EVENTS = 2_000;

    private static final int MOST_LAPS = 100;
    private static final int SWAPS = 5;
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Database database;
    private final Log log;
    private final Consumer<String> progress;
    private final Batch batch = new Batch(new EventHeader(0, EventFrame.CHAIN_START, 0), Map.of());
    private RecorderPosition written = new RecorderPosition(0, EventFrame.CHAIN_START, 1);
    private long rows;

    /** @param progress told what it does, one line at a time */
    public RowRebuild(Database database, Log log, Consumer<String> progress) {
        this.database = database;
        this.log = log;
        this.progress = progress;
    }

    /**
     * The outcome of a rebuild.
     *
     * @param tables names of the tables that were replaced
     * @param sequence of the last event whose rows they held then; the recorder goes on behind it
     * @param rows number of rows written
     * @param notes what the old tables had and the log does not give, one line each
     */
    public record Result(List<String> tables, long sequence, long rows, long tookMillis, List<String> notes) {
        public Result {
            tables = List.copyOf(tables);
            notes = List.copyOf(notes);
        }
    }

    /** The rebuild was given up. The tables are as they were, unless the message says otherwise. */
    public static final class NotRebuilt extends Exception {
        NotRebuilt(String message) {
            super(message);
        }

        NotRebuilt(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Tables that can be named. */
    public static List<String> tables() {
        return Tables.ALL.stream().map(Table::name).toList();
    }

    /** @param name of one table, null for all that the log gives */
    public Result run(@Nullable String name) throws NotRebuilt {
        long begunNanos = System.nanoTime();
        try (RebuiltTables tables = RebuiltTables.prepare(database, name);
                EventReader<Event> reader = log.readAfter(0)) {
            progress.accept("the new tables are beside the old ones; they are filled from event 1 on");
            fill(reader, tables);
            tables.noteWhatTheLogDoesNotGive(written);
            swap(reader, tables);
            long tookMillis = (System.nanoTime() - begunNanos) / 1_000_000;
            return new Result(tables.names(), written.sequence(), rows, tookMillis, tables.notes());
        } catch (SQLException failure) {
            throw new NotRebuilt(
                    "the tables are as they were: " + Impediment.firstLine(failure)
                            + "; run it again when that is mended",
                    failure);
        } catch (PositionMoved impossible) {
            throw new NotRebuilt("the tables are as they were: another one writes into the new tables", impossible);
        }
    }

    private void fill(EventReader<Event> reader, RebuiltTables tables) throws SQLException, PositionMoved, NotRebuilt {
        for (int lap = 0; lap < MOST_LAPS; lap++) {
            long target = target(tables);
            if (lap > 0 && target - written.sequence() <= NEAR_EVENTS) {
                return;
            }
            readTo(target, reader, tables);
            progress.accept("filled to event " + written.sequence() + ", " + rows + " rows");
        }
        throw new NotRebuilt("the tables are as they were: the log grows faster than it can be read; try again later");
    }

    /**
     * The event up to which tables are written. All tables together may stand at any event, as their position is replaced too;
     * a single one must stand where the others do.
     */
    private long target(RebuiltTables tables) throws SQLException, NotRebuilt {
        long newest = log.submitAndWait(new Command.Probe(), PROBE_LIMIT).sequence();
        if (tables.isAll()) {
            return newest;
        }
        long position = tables.position();
        if (position > newest) {
            throw new NotRebuilt("the tables are as they were: recorder_position is at event " + position
                    + ", after the newest of the log, " + newest
                    + ": one table cannot be made to fit; './holdfast rebuild rows --reason TEXT' makes all of them");
        }
        return position;
    }

    private void swap(EventReader<Event> reader, RebuiltTables tables) throws SQLException, PositionMoved, NotRebuilt {
        for (int attempt = 1; ; attempt++) {
            try {
                long recorded = tables.lock();
                progress.accept("recording waits while the new tables take the old ones' place");
                boolean believed = recorded > written.sequence()
                        && recorded
                                <= log.submitAndWait(new Command.Probe(), PROBE_LIMIT)
                                        .sequence();
                if (believed) {
                    readTo(recorded, reader, tables); // readers must not see rows vanish that they have seen
                }
                tables.requireSameLog(written);
                tables.swap();
                return;
            } catch (RebuiltTables.InUse inUse) {
                if (attempt == SWAPS) {
                    throw new NotRebuilt("the tables are as they were: " + inUse.getMessage());
                }
                progress.accept(inUse.getMessage() + "; it is tried again");
            }
        }
    }

    private void readTo(long target, EventReader<Event> reader, RebuiltTables tables)
            throws SQLException, PositionMoved, NotRebuilt {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (reader.sequence() < target) {
            int limit = (int) Math.min(POLL_EVENTS, target - reader.sequence());
            if (reader.poll(batch::add, limit, POLL) > 0) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() - deadline > 0) {
                throw new NotRebuilt("the tables are as they were: the event stream ends at " + reader.sequence()
                        + ", expected " + target + "; './holdfast status' shows whether traders run");
            }
            tables.leaveOut(batch);
            if (batch.size() >= BATCH_ROWS) {
                write(tables);
            }
        }
        write(tables);
    }

    private void write(RebuiltTables tables) throws SQLException, PositionMoved {
        if (batch.last().sequence() > written.sequence()) {
            rows += batch.size();
            written = tables.write(written, batch);
            batch.clear();
        }
    }
}
