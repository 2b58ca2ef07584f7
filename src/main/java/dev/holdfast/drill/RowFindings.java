package dev.holdfast.drill;

import dev.holdfast.drill.RecoveryTail.Appointment;
import dev.holdfast.drill.RecoveryTail.Moment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a drill show. Pure.
 *
 * @param lost acknowledged while a standby held them too, and not on the primary in the end
 * @param lostAlone acknowledged by a primary that was known to be alone, or before somebody was appointed in spite of what he lacks
 * @param rtoDurableMillis null when none was acknowledged before or after
 * @param splitBrainMillis null when nobody else became the primary
 * @param lostBesideNewPrimary acknowledged by the old primary after the new one's first, and not on the new one
 */
record RowFindings(
        long acknowledged,
        long lost,
        long lostAlone,
        @Nullable Long rtoDurableMillis,
        @Nullable Long splitBrainMillis,
        long lostBesideNewPrimary) {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /**
     * What was observed.
     *
     * @param rows by time
     * @param present what the primary has in the end
     * @param moments of the database's phases, by time
     * @param address of the primary before the fault, and {@code term} its term
     * @param faultNanos the first fault
     * @param oneFault whether it was the only one
     */
    record Observed(
            List<Acknowledged> rows,
            Set<Acknowledged.Key> present,
            List<Moment> moments,
            List<Appointment> appointments,
            String address,
            long term,
            long faultNanos,
            boolean oneFault) {}

    static RowFindings of(Observed seen) {
        Optional<Acknowledged> first =
                seen.rows.stream().filter(row -> row.term() > seen.term).findFirst();
        List<Acknowledged> lost = seen.rows.stream()
                .filter(row -> !seen.present.contains(row.key()))
                .toList();
        long alone = lost.stream().filter(row -> !guarded(seen, row)).count();
        return new RowFindings(
                seen.rows.size(),
                lost.size() - alone,
                alone,
                outage(seen),
                first.map(newest -> splitBrain(seen, newest)).orElse(null),
                first.map(newest -> lost.stream()
                                .filter(row -> row.term() <= seen.term && row.atNanos() > newest.atNanos())
                                .count())
                        .orElse(0L));
    }

    /** How long the old primary acknowledged anything after the new one could. */
    private static long splitBrain(Observed seen, Acknowledged first) {
        return seen.rows.stream()
                .filter(row -> row.term() == seen.term && row.address().equals(seen.address))
                .mapToLong(row -> Math.max(0, row.atNanos() - first.atNanos()) / NANOS_PER_MILLI)
                .max()
                .orElse(0);
    }

    /**
     * From the last row before the fault to the first on the new primary. Where nobody else became it, or several faults came one
     * after another: the longest pause.
     */
    private static @Nullable Long outage(Observed seen) {
        Standstill client = new Standstill(
                seen.rows.stream().filter(row -> row.writer() == Rows.CLIENT).toList(), seen.faultNanos);
        return seen.oneFault ? client.untilNext() : client.longestPause();
    }

    /** Whether a standby had to have it when it was acknowledged, and everybody appointed since had to have that. */
    private static boolean guarded(Observed seen, Acknowledged row) {
        boolean complete = seen.appointments.stream()
                .filter(appointment -> appointment.term() > row.term())
                .allMatch(appointment -> appointment.mode().complete());
        // The steady state before the fault is a guarded one.
        boolean standby = row.term() == seen.term;
        for (Moment moment : seen.moments) {
            if (moment.term() == row.term() && moment.atNanos() <= row.atNanos()) {
                standby = switch (moment.phase()) {
                    case GUARDED -> true;
                    case EMPTY, PROMOTING, SINGLE, TIGHTENING, RELAXING -> false;
                    // A primary that is given up still waits for its standby.
                    case STOPPING, FENCING, LOST -> standby;
                };
            }
        }
        return complete && standby;
    }
}
