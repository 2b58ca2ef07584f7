package dev.holdfast.recovery;

import static dev.holdfast.protocol.DatabaseInput.CANDIDATE_FOUND;
import static dev.holdfast.protocol.DatabaseInput.CONFIGURED;
import static dev.holdfast.protocol.DatabaseInput.DOWN;
import static dev.holdfast.protocol.DatabaseInput.FAILOVER_ORDERED;
import static dev.holdfast.protocol.DatabaseInput.LEASE_EXPIRED;
import static dev.holdfast.protocol.DatabaseInput.LOSS_ACCEPTED;
import static dev.holdfast.protocol.DatabaseInput.NAMES_CONFIRMED;
import static dev.holdfast.protocol.DatabaseInput.NAMES_LATE;
import static dev.holdfast.protocol.DatabaseInput.PROMOTED;
import static dev.holdfast.protocol.DatabaseInput.PROMOTION_LATE;
import static dev.holdfast.protocol.DatabaseInput.STANDBY_FOLLOWS;
import static dev.holdfast.protocol.DatabaseInput.STANDBY_LOST;
import static dev.holdfast.protocol.DatabaseInput.STANDBY_REPLACED;
import static dev.holdfast.protocol.DatabaseInput.STOP_LATE;
import static dev.holdfast.protocol.DatabaseInput.STOP_ORDERED;
import static dev.holdfast.protocol.DatabasePhase.EMPTY;
import static dev.holdfast.protocol.DatabasePhase.FENCING;
import static dev.holdfast.protocol.DatabasePhase.GUARDED;
import static dev.holdfast.protocol.DatabasePhase.LOST;
import static dev.holdfast.protocol.DatabasePhase.PROMOTING;
import static dev.holdfast.protocol.DatabasePhase.RELAXING;
import static dev.holdfast.protocol.DatabasePhase.SINGLE;
import static dev.holdfast.protocol.DatabasePhase.STOPPING;
import static dev.holdfast.protocol.DatabasePhase.TIGHTENING;
import static dev.holdfast.protocol.ReplicaState.ABSENT;
import static dev.holdfast.protocol.ReplicaState.DETACHED;
import static dev.holdfast.protocol.ReplicaState.ELIGIBLE;
import static dev.holdfast.protocol.ReplicaState.FOLLOWING;
import static dev.holdfast.protocol.ReplicaState.PRIMARY;
import static dev.holdfast.protocol.ReplicaState.REBUILDING;

import dev.holdfast.protocol.DatabaseInput;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.ReplicaInput;
import dev.holdfast.protocol.ReplicaState;
import java.util.List;

/** The two tables: of the database as a whole, and of one host's copy. What is not in them cannot happen. */
final class Transitions {

    /** In that state, this input leads there. */
    record Row<S extends Enum<S>, I extends Enum<I>>(S from, I input, S to) {}

    static final List<Row<DatabasePhase, DatabaseInput>> DATABASE = List.of(
            new Row<>(EMPTY, CONFIGURED, PROMOTING),
            new Row<>(EMPTY, LOSS_ACCEPTED, LOST),
            new Row<>(PROMOTING, PROMOTED, SINGLE),
            new Row<>(PROMOTING, PROMOTION_LATE, FENCING),
            new Row<>(PROMOTING, FAILOVER_ORDERED, FENCING),
            new Row<>(PROMOTING, DOWN, LOST),
            new Row<>(PROMOTING, LEASE_EXPIRED, LOST),
            new Row<>(SINGLE, STANDBY_FOLLOWS, TIGHTENING),
            new Row<>(SINGLE, FAILOVER_ORDERED, FENCING),
            new Row<>(SINGLE, DOWN, LOST),
            new Row<>(SINGLE, LEASE_EXPIRED, LOST),
            new Row<>(TIGHTENING, NAMES_CONFIRMED, GUARDED),
            new Row<>(TIGHTENING, NAMES_LATE, RELAXING),
            new Row<>(TIGHTENING, STANDBY_LOST, RELAXING),
            new Row<>(TIGHTENING, FAILOVER_ORDERED, FENCING),
            new Row<>(TIGHTENING, DOWN, LOST),
            new Row<>(TIGHTENING, LEASE_EXPIRED, LOST),
            new Row<>(GUARDED, STANDBY_LOST, RELAXING),
            new Row<>(GUARDED, STANDBY_REPLACED, TIGHTENING),
            new Row<>(GUARDED, STOP_ORDERED, STOPPING),
            new Row<>(GUARDED, FAILOVER_ORDERED, FENCING),
            new Row<>(GUARDED, DOWN, LOST),
            new Row<>(GUARDED, LEASE_EXPIRED, LOST),
            new Row<>(RELAXING, NAMES_CONFIRMED, SINGLE),
            new Row<>(RELAXING, NAMES_LATE, FENCING),
            new Row<>(RELAXING, FAILOVER_ORDERED, FENCING),
            new Row<>(RELAXING, DOWN, LOST),
            new Row<>(RELAXING, LEASE_EXPIRED, LOST),
            new Row<>(STOPPING, STOP_LATE, FENCING),
            new Row<>(STOPPING, FAILOVER_ORDERED, FENCING),
            new Row<>(STOPPING, DOWN, LOST),
            new Row<>(STOPPING, LEASE_EXPIRED, LOST),
            new Row<>(FENCING, DOWN, LOST),
            new Row<>(FENCING, LEASE_EXPIRED, LOST),
            new Row<>(LOST, CANDIDATE_FOUND, PROMOTING));

    static final List<Row<ReplicaState, ReplicaInput>> REPLICA = List.of(
            new Row<>(ABSENT, ReplicaInput.FOLLOWS, FOLLOWING),
            new Row<>(ABSENT, ReplicaInput.DETACHED, DETACHED),
            new Row<>(ABSENT, ReplicaInput.APPOINTED, PRIMARY),
            new Row<>(DETACHED, ReplicaInput.FOLLOWS, FOLLOWING),
            new Row<>(DETACHED, ReplicaInput.SILENT, ABSENT),
            new Row<>(DETACHED, ReplicaInput.REBUILD_ORDERED, REBUILDING),
            new Row<>(DETACHED, ReplicaInput.APPOINTED, PRIMARY),
            new Row<>(REBUILDING, ReplicaInput.FOLLOWS, FOLLOWING),
            new Row<>(REBUILDING, ReplicaInput.REBUILD_FAILED, DETACHED),
            new Row<>(FOLLOWING, ReplicaInput.DETACHED, DETACHED),
            new Row<>(FOLLOWING, ReplicaInput.SILENT, ABSENT),
            new Row<>(FOLLOWING, ReplicaInput.CONFIRMED, ELIGIBLE),
            new Row<>(FOLLOWING, ReplicaInput.APPOINTED, PRIMARY),
            new Row<>(ELIGIBLE, ReplicaInput.RELAXED, FOLLOWING),
            new Row<>(ELIGIBLE, ReplicaInput.APPOINTED, PRIMARY),
            new Row<>(PRIMARY, ReplicaInput.DEPOSED, DETACHED));

    private Transitions() {}

    static DatabasePhase next(DatabasePhase from, DatabaseInput input) {
        return next(DATABASE, from, input);
    }

    static ReplicaState next(ReplicaState from, ReplicaInput input) {
        return next(REPLICA, from, input);
    }

    private static <S extends Enum<S>, I extends Enum<I>> S next(List<Row<S, I>> table, S from, I input) {
        for (Row<S, I> row : table) {
            if (row.from == from && row.input == input) {
                return row.to;
            }
        }
        throw new IllegalStateException("in state " + from + " the input " + input + " cannot happen");
    }

    /** A table as a Mermaid state diagram. */
    static <S extends Enum<S>, I extends Enum<I>> String diagram(List<Row<S, I>> table) {
        StringBuilder diagram = new StringBuilder("stateDiagram-v2\n    [*] --> ")
                .append(table.getFirst().from())
                .append('\n');
        for (Row<S, I> row : table) {
            diagram.append("    ")
                    .append(row.from)
                    .append(" --> ")
                    .append(row.to)
                    .append(" : ")
                    .append(row.input)
                    .append('\n');
        }
        return diagram.toString();
    }
}
