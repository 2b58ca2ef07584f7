package dev.holdfast.replay;

import dev.holdfast.cluster.RecordedInputs;
import dev.holdfast.cluster.RecordedLog;
import dev.holdfast.cluster.RecordedLog.Snapshot;
import dev.holdfast.engine.TradingEngine;
import dev.holdfast.protocol.Machine.CorruptSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Rebuilds the engine as it stood: from the newest snapshot before the target, else from the beginning, by the inputs the log
 * holds. Each event that comes out is compared with the member's own recording of it, each hash with those the members
 * reported.
 */
public final class Replay {

    private final RecordedLog log;

    public Replay(RecordedLog log) {
        this.log = log;
    }

    /**
     * The engine as of the target.
     *
     * @param fromSequence of the snapshot it began with; 0 when it began with the first input
     * @param inputs applied since then
     * @param setAside why newer snapshots were not used
     */
    public record Result(TradingEngine engine, long fromSequence, long inputs, Witness witness, List<String> setAside) {

        /** Whether everything that could be compared came out as it was recorded. */
        public boolean agrees() {
            return witness.difference() == null
                    && witness.comparisons().stream().allMatch(Comparison::matches);
        }
    }

    public Result to(Target target) {
        return to(target, Long.MAX_VALUE, Watcher.NOBODY);
    }

    /**
     * @param fromBefore begins with a snapshot from before this event
     * @throws Impossible if the log does not hold what is needed
     */
    Result to(Target target, long fromBefore, Watcher watcher) {
        long last = log.events().last();
        if (last == 0) {
            throw new Impossible("no event is recorded yet");
        }
        if (target.sequence() != Long.MAX_VALUE && target.sequence() > last) {
            throw new Impossible("event " + target.sequence() + " is not recorded: this member's last is " + last
                    + " of " + time(log.events().lastTimeNanos()));
        }
        long until = Math.min(target.sequence(), last);
        List<String> setAside = new ArrayList<>();
        Start start = start(Math.min(until, fromBefore), target.timeNanos(), setAside);
        TradingEngine engine = start.engine;
        long fromSequence = engine.sequence();
        Witness witness = new Witness(log.events().after(fromSequence), watcher);
        RecordedInputs inputs = log.inputs(start.logPosition);
        watcher.begins(engine);
        long applied = 0;
        while (engine.sequence() < until) {
            if (!inputs.next()) {
                throw new Impossible("the log ends before event " + until + ", at byte " + inputs.position()
                        + (inputs.damaged() ? " where a checksum is wrong" : "") + "; the last event replayed is "
                        + engine.sequence() + ". Replay another member's log (--host)");
            }
            if (inputs.timestampNanos() > target.timeNanos()) {
                break;
            }
            watcher.before(inputs, engine);
            inputs.applyTo(engine, witness);
            applied++;
        }
        if (engine.sequence() == 0) {
            throw new Impossible("the log begins after " + time(target.timeNanos()));
        }
        witness.readReports(fromSequence, engine.sequence(), engine.logTimeNanos());
        return new Result(engine, fromSequence, applied, witness, setAside);
    }

    private record Start(TradingEngine engine, long logPosition) {}

    private Start start(long until, long timeNanos, List<String> setAside) {
        String earliest = "";
        for (Snapshot snapshot : log.snapshots()) {
            TradingEngine engine = new TradingEngine();
            try {
                log.restore(snapshot, engine);
            } catch (CorruptSnapshot corrupt) {
                setAside.add("snapshot at byte " + snapshot.logPosition() + " of the log: " + corrupt.getMessage());
                continue;
            }
            // At an equal sequence it may hold inputs that came later and caused no event.
            if (engine.sequence() < until && snapshot.timeNanos() <= timeNanos) {
                return new Start(engine, snapshot.logPosition());
            }
            earliest = "; the earliest state left is after event " + engine.sequence() + " of "
                    + time(snapshot.timeNanos());
        }
        if (log.whole()) {
            return new Start(new TradingEngine(), 0);
        }
        throw new Impossible("the log this far back is purged" + earliest);
    }

    public static String time(long nanos) {
        return Instant.ofEpochSecond(0, nanos).toString();
    }
}
