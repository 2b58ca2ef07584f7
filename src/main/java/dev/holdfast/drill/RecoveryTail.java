package dev.holdfast.drill;

import dev.holdfast.log.RecoveryLog;
import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.PromotionMode;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Follows what the recovery machine decides in a thread of its own and keeps of it what a drill needs. Thread-safe. */
final class RecoveryTail implements AutoCloseable {

    private static final int KEPT = 2_000;
    private static final Duration ORDER_LIMIT = Duration.ofSeconds(5);

    private final RecoveryLog log;
    private final LogFollower<RecoveryCommand, RecoveryEvent> follower;
    private final RecoveryPicture picture = new RecoveryPicture();
    private final List<Moment> moments = new ArrayList<>();
    private final List<Appointment> appointments = new ArrayList<>();
    private final List<Election> elections = new ArrayList<>();

    RecoveryTail(RecoveryLog log) {
        this.log = log;
        this.follower = new LogFollower<>("drill-recovery", log, new RecoveryCommand.Probe(), this::apply);
    }

    /** The database moved to another phase. */
    record Moment(long atNanos, DatabasePhase phase, long term) {}

    /** This host was appointed. */
    record Appointment(long atNanos, String host, long term, PromotionMode mode) {}

    /** Another voter led the machine, or the same one anew. */
    record Election(long atNanos, int member) {}

    /**
     * What is decided now.
     *
     * @param heard whether all that was decided before this tail began is known
     * @param primary the host in service
     * @param incident what is wrong, empty when nothing is
     * @param paused whether automatic decisions are
     */
    record Facts(
            boolean heard,
            DatabasePhase phase,
            String reason,
            String primary,
            long term,
            String incident,
            boolean paused,
            Map<String, ReplicaState> copies) {}

    void start() {
        follower.start();
    }

    synchronized Facts facts() {
        Map<String, ReplicaState> copies = new TreeMap<>();
        picture.replicas().forEach((host, copy) -> copies.put(host, copy.state()));
        return new Facts(
                follower.knows(),
                picture.phase().phase(),
                picture.phase().reason(),
                picture.routed().host(),
                picture.routed().term(),
                picture.incident().map(RecoveryEvent.IncidentOpened::reason).orElse(""),
                picture.automation().paused(),
                copies);
    }

    /** The last ones, oldest first. */
    synchronized List<Moment> moments() {
        return List.copyOf(moments);
    }

    /** The last ones, oldest first. */
    synchronized List<Appointment> appointments() {
        return List.copyOf(appointments);
    }

    /** The last ones, oldest first. */
    synchronized List<Election> elections() {
        return List.copyOf(elections);
    }

    /** The voter that leads, -1 when it is not known. */
    int leader() {
        return log.status().leader();
    }

    /** The database's lease; 0 when nothing was configured yet. */
    synchronized long leaseMillis() {
        return picture.settings()
                .map(RecoveryEvent.RecoveryConfigured::leaseMillis)
                .orElse(0);
    }

    /**
     * Orders something as a person does.
     *
     * @throws IllegalStateException if it is refused
     */
    void order(RecoveryCommand command) {
        Reply reply = log.submitAndWait(command, ORDER_LIMIT);
        if (!reply.accepted()) {
            throw new IllegalStateException("the recovery machine refused " + command + ": " + reply.text());
        }
    }

    synchronized void apply(EventHeader header, RecoveryEvent event) {
        picture.apply(event);
        long atNanos = header.logTimeNanos();
        if (event instanceof RecoveryEvent.PhaseChanged changed) {
            keep(moments, new Moment(atNanos, changed.phase(), changed.term()));
        } else if (event instanceof RecoveryEvent.PromotionDecided decided) {
            keep(appointments, new Appointment(atNanos, decided.host(), decided.term(), decided.mode()));
        } else if (event instanceof RecoveryEvent.LeasesRestarted elected) {
            keep(elections, new Election(atNanos, elected.leader()));
        }
    }

    private static <T> void keep(List<T> list, T newest) {
        if (list.size() == KEPT) {
            list.removeFirst();
        }
        list.add(newest);
    }

    @Override
    public void close() {
        follower.close();
    }
}
