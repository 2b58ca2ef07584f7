package dev.holdfast.agent.postgres;

import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.protocol.DatabasePhase;
import dev.holdfast.protocol.InstanceRole;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Does on one host what the recovery machine decides about its PostgreSQL, as docs/recovery.md has it. One for each start of the
 * agent. It knows no thread and no clock but those it is given, so the simulator runs it as it is.
 */
public final class Keeper {

    /** How often {@link #step} must be called. */
    public static final long TICK_NANOS = 50_000_000L;

    private static final long REPORT_NANOS = 250_000_000L;

    /** Of a standby that streams, while it does: nobody judges by it. */
    private static final long CALM_REPORT_NANOS = 500_000_000L;

    private final Place place;
    private final Instance instance;
    private final RecoveryPicture view;
    private final Lifecycle lifecycle;
    private final Cloning cloning;

    private boolean ready;
    private long reports;
    private long reportNanos = Long.MIN_VALUE / 2;
    private @Nullable Primacy primacy;
    private long givenUpTerm;

    public Keeper(Place place) {
        this.place = place;
        this.instance = place.instance();
        this.view = place.view();
        this.lifecycle = new Lifecycle(place);
        this.cloning = new Cloning(place, lifecycle);
    }

    /** It adopts nothing: what its fencer has not killed yet, it kills. */
    public void start() {
        if (instance.clean()) {
            ready = true;
        } else {
            lifecycle.kill("an earlier start of the agent left it", () -> ready = true);
        }
    }

    /** The next decision, in order. */
    public void heard(RecoveryEvent event) {
        view.apply(event);
        if (event instanceof RecoveryEvent.IncidentClosed) {
            instance.forgetEvidence();
        }
    }

    /** Does what is due. */
    public void step() {
        if (!ready
                || view.phase().phase() == DatabasePhase.EMPTY
                || view.settings().isEmpty()) {
            return;
        }
        Primacy mine = primacy;
        if (mine != null && !mine.isOver()) {
            mine.step();
        } else if (!appointed()) {
            beStandby();
        }
        if (place.now() - reportNanos >= (streams() ? CALM_REPORT_NANOS : REPORT_NANOS)) {
            report();
            reportDamage();
        }
    }

    /** As long as the machine knows something else. */
    private void reportDamage() {
        Instance.Sight sight = instance.sight();
        boolean known = view.damage(place.host()) == sight.checksumFailures();
        if (sight.answers() && !known && !place.outbox().holds(RecoveryCommand.ReportDamage.class)) {
            place.send(new RecoveryCommand.ReportDamage(
                    place.host(),
                    sight.checksumFailures(),
                    sight.checksumFailures() == 0
                            ? "no damaged page"
                            : sight.checksumFailures() + " checksum failures when pages were read"));
        }
    }

    /**
     * Has a standby restarted in order.
     *
     * @return why not, empty when it is under way
     */
    String restart(String why) {
        Primacy mine = primacy;
        if (mine != null && !mine.isOver()) {
            return "it is the primary of term " + mine.term + "; switch over first";
        }
        return lifecycle.restart(why) ? "" : "it is not running, or about to change anyway";
    }

    /** The term that runs here, or did last. */
    @Nullable
    Primacy primacy() {
        return primacy;
    }

    /** Why the last start failed; empty when it did not. */
    String failure() {
        return lifecycle.failure();
    }

    /** Why the last clone failed; empty when it did not, or the copy streams again. */
    String cloneFailure() {
        return cloning.failure();
    }

    /**
     * Begins a term of its own, or gives it up.
     *
     * @return whether it begins one
     */
    private boolean appointed() {
        RecoveryEvent.PhaseChanged phase = view.phase();
        RecoveryEvent.LeaseGranted lease = view.lease();
        long begun = primacy == null ? 0 : primacy.term;
        if (!lease.host().equals(place.host())
                || phase.term() < lease.term()
                || lease.term() <= Math.max(givenUpTerm, begun)) {
            return false;
        }
        if (lease.term() <= place.memory().usedTerm()) {
            // What this start of the agent found was killed before it heard of anything.
            giveUp(lease.term(), "an earlier start of the agent had it, and nothing of it is left");
            return false;
        }
        place.memory().begins(lease.term());
        if (phase.phase() != DatabasePhase.PROMOTING) {
            giveUp(lease.term(), "it was heard of too late and never begun");
            return false;
        }
        place.note("is appointed to term " + lease.term() + ": " + lease.reason());
        Primacy begins = new Primacy(place, lease.term(), lifecycle);
        primacy = begins;
        begins.step();
        return true;
    }

    private void giveUp(long term, String why) {
        givenUpTerm = term;
        place.note("gives up term " + term + ": " + why);
        place.send(new RecoveryCommand.ReportDown(place.host(), term, why));
    }

    private void beStandby() {
        if (promotedByAnother()) {
            place.memory().becomesPrimary(); // nobody knows what was written here
            lifecycle.kill("somebody made it a primary, and no term is this host's", () -> {});
            return;
        }
        RecoveryEvent.ReplicaChanged decided = view.replicas().get(place.host());
        if (decided != null && cloning.step(decided)) {
            return;
        }
        RecoveryEvent.PrimaryRouted routed = view.routed();
        boolean toFollow = routed.term() == view.lease().term()
                && !routed.host().equals(place.host())
                && !place.memory().wasPrimary();
        if (lifecycle.stand() && toFollow) {
            instance.follow(routed);
        }
    }

    private boolean promotedByAnother() {
        Instance.Sight sight = instance.sight();
        return sight.answers() && sight.role() == InstanceRole.PRIMARY && sight.term() == 0 && !lifecycle.busy();
    }

    private boolean streams() {
        Instance.Sight sight = instance.sight();
        return sight.role() == InstanceRole.STANDBY
                && sight.followedTerm() != 0
                && sight.followedTerm() == view.lease().term();
    }

    /** A server that is about to start is not reported: what counts is what becomes of it. */
    private void report() {
        if (lifecycle.busy()) {
            return;
        }
        reportNanos = place.now();
        Instance.Sight sight = instance.sight();
        boolean runs = instance.postmasterAlive();
        boolean primary = runs && sight.role() == InstanceRole.PRIMARY;
        String standby = view.eligible().eligible()
                ? view.eligible().standby()
                : view.names().standby();
        place.outbox()
                .tell(new RecoveryCommand.ReportInstance(
                        place.host(),
                        place.session(),
                        ++reports,
                        runs ? sight.role() : InstanceRole.NONE,
                        primary ? sight.term() : 0,
                        sight.timeline(),
                        sight.receivedLsn(),
                        sight.replayedLsn(),
                        sight.flushedLsn(),
                        sight.followedTerm(),
                        sight.diverged(),
                        sight.namesNumber(),
                        sight.standbyNames(),
                        primary ? flushedBy(sight, standby) : 0,
                        primary ? connected(sight) : "",
                        !runs && instance.clean(),
                        sight.diskFreeBytes(),
                        place.clockOffsetMillis().getAsInt()));
    }

    private static long flushedBy(Instance.Sight sight, String standby) {
        return sight.standbys().stream()
                .filter(each -> each.host().equals(standby))
                .mapToLong(Instance.Standby::flushedLsn)
                .findFirst()
                .orElse(0);
    }

    private static String connected(Instance.Sight sight) {
        return sight.standbys().stream().map(Instance.Standby::host).collect(Collectors.joining(","));
    }
}
