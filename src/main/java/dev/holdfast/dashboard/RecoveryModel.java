package dev.holdfast.dashboard;

import dev.holdfast.dashboard.RecoveryView.Decision;
import dev.holdfast.log.LogStatus;
import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.EventHeader;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryEvent;
import dev.holdfast.protocol.ReplicaState;
import dev.holdfast.protocol.RequestStep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the recovery log tells, with the times that a person asks for: since when, how long, how long yet. One thread applies
 * events, others read. The time line outlives a stream that is read anew: what it has already, it does not take twice.
 */
final class RecoveryModel implements EventFollower.Model<RecoveryEvent> {

    static final int MAX_DECISIONS = 30;

    /** Each agent reports once a second; after three missed ones the last word is no longer the present. */
    static final long SILENT_AFTER_MILLIS = 3_500;

    private record Renewal(String host, long term, long atMillis, long atNanoTime) {}

    private final List<String> voters;
    private final LongSupplier nanoTime;
    private final Deque<Decision> decisions = new ArrayDeque<>(MAX_DECISIONS);
    private final Map<String, Long> seenNanoTime = new HashMap<>();
    private RecoveryPicture picture = new RecoveryPicture();
    private LogStatus log = new LogStatus(false, -1, -1);
    private boolean expectingCheckpoint = true;
    private boolean insideCheckpoint;
    private boolean loaded;
    private long sequence;
    private long toldSequence;
    private long lastEventNanoTime;
    private long phaseAtMillis;
    private long incidentNanoTime;
    private long endedTerm;
    private @Nullable Renewal renewal;
    private @Nullable Renewal lastOfLost;
    private @Nullable IncidentStory incident;

    /**
     * @param voters hosts in the order of the configuration: a member's number is its place
     * @param nanoTime monotonic, for ages
     */
    RecoveryModel(List<String> voters, LongSupplier nanoTime) {
        this.voters = List.copyOf(voters);
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void expectCheckpoint() {
        expectingCheckpoint = true;
        insideCheckpoint = false;
    }

    @Override
    public synchronized void leader(LogStatus status) {
        log = status;
    }

    @Override
    public synchronized void apply(EventHeader header, RecoveryEvent event) {
        sequence = header.sequence();
        lastEventNanoTime = nanoTime.getAsLong();
        if (event instanceof RecoveryEvent.CheckpointStarted) {
            insideCheckpoint = true;
            if (expectingCheckpoint) {
                picture = new RecoveryPicture();
                seenNanoTime.clear();
                endedTerm = 0;
            }
        } else if (event instanceof RecoveryEvent.CheckpointEnded) {
            insideCheckpoint = false;
            expectingCheckpoint = false;
            loaded = true;
            forgetOldIncident();
        } else if (!insideCheckpoint) {
            rememberLastSign(event);
            note(header, event);
            change(event, header.logTimeNanos() / 1_000_000);
        } else if (expectingCheckpoint) {
            change(event, 0);
        }
    }

    /** One that ended while nothing could be read was not seen to close. */
    private void forgetOldIncident() {
        IncidentStory known = incident;
        if (known != null && known.open() && picture.incident().isEmpty()) {
            incident = null;
        }
    }

    /** @param atMillis 0 for what a checkpoint repeats */
    private void change(RecoveryEvent event, long atMillis) {
        DatabasePhase before = picture.phase().phase();
        picture.apply(event);
        switch (event) {
            case RecoveryEvent.PhaseChanged e -> {
                if (atMillis != 0 || e.phase() != before) {
                    phaseAtMillis = atMillis;
                }
            }
            case RecoveryEvent.LeaseGranted e -> renewed(e.host(), e.term(), atMillis);
            case RecoveryEvent.LeaseRenewed e -> renewed(e.host(), e.term(), atMillis);
            case RecoveryEvent.LeasesRestarted _ ->
                renewed(picture.lease().host(), picture.lease().term(), atMillis);
            case RecoveryEvent.LeaseExpired e -> endedTerm = Math.max(endedTerm, e.term());
            case RecoveryEvent.FenceConfirmed e -> endedTerm = Math.max(endedTerm, e.term());
            case RecoveryEvent.PrimaryLost e -> endedTerm = Math.max(endedTerm, e.term());
            case RecoveryEvent.InstanceSeen e -> seenNanoTime.put(e.host(), nanoTime.getAsLong());
            case RecoveryEvent.IncidentOpened e -> opened(e, atMillis);
            case RecoveryEvent.IncidentClosed e -> {
                IncidentStory known = incident;
                if (known != null && known.number() == e.incident()) {
                    known.close(e);
                }
            }
            default -> {} // the picture has the rest
        }
    }

    private void renewed(String host, long term, long atMillis) {
        renewal = new Renewal(host, term, atMillis, nanoTime.getAsLong());
    }

    private void opened(RecoveryEvent.IncidentOpened event, long atMillis) {
        IncidentStory known = incident;
        if (known != null && known.number() == event.incident()) {
            return; // read anew
        }
        IncidentStory story = new IncidentStory(event, atMillis);
        incident = story;
        incidentNanoTime = nanoTime.getAsLong();
        // It is opened at the end of what follows from one command; the loss itself was said just before.
        decisions.stream()
                .filter(decision -> atMillis != 0 && decision.atMillis() == atMillis)
                .forEach(decision -> tell(story, decision));
    }

    private void note(EventHeader header, RecoveryEvent event) {
        Decision decision = Decisions.of(header, event);
        if (decision == null || header.sequence() <= toldSequence) {
            return;
        }
        toldSequence = header.sequence();
        if (decisions.size() == MAX_DECISIONS) {
            decisions.removeFirst();
        }
        decisions.addLast(decision);
        IncidentStory story = incident;
        if (story != null && story.open()) {
            tell(story, decision);
        }
    }

    /** The next lease may be granted before the incident is opened. */
    private void rememberLastSign(RecoveryEvent event) {
        if (event instanceof RecoveryEvent.PrimaryLost || event instanceof RecoveryEvent.LeaseExpired) {
            lastOfLost = renewal;
        }
    }

    private void tell(IncidentStory story, Decision decision) {
        Renewal last = lastOfLost;
        if (Decisions.isLoss(decision) && last != null && last.term() == decision.term() && last.atMillis() != 0) {
            story.lastSign(last.host(), last.term(), last.atMillis());
        }
        story.add(decision);
    }

    /** Whether events come, so that an order would be decided now. */
    synchronized boolean heard() {
        return loaded && log.connected() && millisSince(lastEventNanoTime) <= SILENT_AFTER_MILLIS;
    }

    /** The present, with the decisions after that sequence. */
    synchronized RecoveryView since(long afterSequence) {
        List<Decision> fresh = new ArrayList<>();
        for (Decision decision : decisions) {
            if (decision.sequence() > afterSequence) {
                fresh.add(decision);
            }
        }
        IncidentStory story = incident;
        long age = story == null || story.openedMillis() == 0 ? -1 : millisSince(incidentNanoTime);
        return new RecoveryView(votersView(), database(), copies(), story == null ? null : story.view(age), fresh);
    }

    private RecoveryView.Voters votersView() {
        int leader = log.leader();
        return new RecoveryView.Voters(
                loaded,
                heard(),
                log.connected(),
                log.connected() && leader >= 0 && leader < voters.size() ? voters.get(leader) : "",
                log.term(),
                voters,
                sequence,
                sequence == 0 ? -1 : millisSince(lastEventNanoTime));
    }

    private RecoveryView.Database database() {
        RecoveryEvent.PhaseChanged phase = picture.phase();
        RecoveryEvent.LeaseGranted lease = picture.lease();
        RecoveryEvent.EligibleChanged eligible = picture.eligible();
        RecoveryEvent.AutomationChanged automation = picture.automation();
        boolean serves = inService(phase.phase()) && picture.routed().term() == lease.term();
        int leaseMillis = lease.leaseMillis();
        return new RecoveryView.Database(
                phase.phase(),
                phase.reason(),
                phaseAtMillis,
                serves ? picture.routed().host() : "",
                picture.routed().timeline(),
                lease.host(),
                lease.term(),
                leaseMillis,
                leaseLeft(leaseMillis),
                picture.names().standby(),
                eligible.eligible() ? eligible.standby() : "",
                eligible.reason(),
                automation.paused(),
                automation.user(),
                automation.reason(),
                request());
    }

    /** Counted from when we heard of the renewal: the holder's own count, from before it asked, ends a little sooner. */
    private long leaseLeft(int leaseMillis) {
        Renewal last = renewal;
        boolean runs = last != null && last.term() == picture.lease().term() && last.term() > endedTerm;
        return last != null && runs ? Math.max(0, leaseMillis - millisSince(last.atNanoTime())) : -1;
    }

    private String request() {
        RecoveryEvent.SwitchoverChanged switchover = picture.switchover();
        RecoveryEvent.FailoverChanged failover = picture.failover();
        if (underWay(switchover.step())) {
            return "switchover from " + switchover.from() + " to " + switchover.to() + ", "
                    + Decisions.words(switchover.step()) + ": " + switchover.reason();
        }
        return underWay(failover.step())
                ? "fail-over from " + failover.from() + (failover.to().isEmpty() ? "" : " to " + failover.to()) + ", "
                        + Decisions.words(failover.step()) + ": " + failover.reason()
                : "";
    }

    private static boolean underWay(RequestStep step) {
        return switch (step) {
            case ACCEPTED, STOPPING -> true;
            case NONE, DONE, DROPPED -> false;
        };
    }

    private static boolean inService(DatabasePhase phase) {
        return switch (phase) {
            case SINGLE, TIGHTENING, GUARDED, RELAXING, STOPPING -> true;
            case EMPTY, PROMOTING, FENCING, LOST -> false;
        };
    }

    private List<RecoveryView.Copy> copies() {
        TreeSet<String> hosts = new TreeSet<>(picture.replicas().keySet());
        hosts.addAll(picture.seen().keySet());
        long head = head();
        List<RecoveryView.Copy> copies = new ArrayList<>();
        hosts.forEach(host -> copies.add(copy(host, head)));
        return copies;
    }

    /** The primary's WAL, or without one the furthest that is known. */
    private long head() {
        RecoveryEvent.LeaseGranted lease = picture.lease();
        RecoveryEvent.InstanceSeen holder = picture.seen().get(lease.host());
        if (holder != null && holder.role() == InstanceRole.PRIMARY && holder.term() == lease.term()) {
            return holder.flushedLsn();
        }
        return picture.seen().values().stream()
                .mapToLong(RecoveryEvent.InstanceSeen::flushedLsn)
                .max()
                .orElse(0);
    }

    private RecoveryView.Copy copy(String host, long head) {
        RecoveryEvent.ReplicaChanged decided = picture.replicas().get(host);
        RecoveryEvent.InstanceSeen seen = picture.seen().get(host);
        Long seenAt = seenNanoTime.get(host);
        RecoveryEvent.InstanceSeen data = seen != null && seen.flushedLsn() > 0 ? seen : null;
        return new RecoveryView.Copy(
                host,
                decided == null ? ReplicaState.ABSENT : decided.state(),
                decided == null ? "" : decided.reason(),
                seen == null ? InstanceRole.NONE : seen.role(),
                seen == null ? 0 : seen.term(),
                seen == null ? 0 : seen.followedTerm(),
                data == null ? -1 : Math.max(0, head - data.flushedLsn()),
                data == null || data.role() != InstanceRole.STANDBY
                        ? -1
                        : Math.max(0, data.flushedLsn() - data.replayedLsn()),
                seen != null && seen.diverged(),
                seen == null ? -1 : seen.diskFreeBytes(),
                seen == null ? 0 : seen.clockOffsetMillis(),
                seenAt == null ? -1 : millisSince(seenAt));
    }

    private long millisSince(long then) {
        return (nanoTime.getAsLong() - then) / 1_000_000;
    }
}
