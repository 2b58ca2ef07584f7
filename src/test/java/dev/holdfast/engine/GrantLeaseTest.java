package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.GrantKind;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The engine beside a holder that counts its lease by its own clock: whatever happens to the log, its leaders and their clocks,
 * the engine gives the grant away only when the holder has stopped.
 */
final class GrantLeaseTest {

    private static final int SEEDS = 4_000;
    private static final long MILLI = 1_000_000L;

    /** What a holder counts, from before it asks. */
    private static final long HOLDER_NANOS = 700 * MILLI;

    @Test
    void no_grant_moves_while_its_holder_counts_on() {
        int moved = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            moved += new World(seed).run();
        }
        assertThat(moved).as("hand-overs in " + SEEDS + " seeds").isGreaterThan(SEEDS / 2);
    }

    /** Some seconds of a log, by the millisecond. */
    private static final class World {

        private final long seed;
        private final Random random;
        private final Harness h = Harness.trading();
        private final long beginNanos = h.now;

        /** Real time since the beginning; the leader's clock is this and an offset that may change. */
        private long realNanos;

        private long clockOffsetNanos;
        private long nextStepNanos;
        private long renewedNanos;
        private long logBackNanos;

        /** Reports of new leaders on their way, by when they come; some only in a later term. */
        private final NavigableMap<Long, Command> reports = new TreeMap<>();

        /** From when on the holder does not reach the log any more. */
        private long cutNanos;

        private long nextAskNanos;
        private long holderUntilNanos;

        World(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.cutNanos = between(500, 3_000);
        }

        int run() {
            long epoch = h.last(Event.GrantChanged.class).epoch();
            while (realNanos < 6_000 * MILLI) {
                realNanos += MILLI;
                trouble();
                if (realNanos < logBackNanos) {
                    continue;
                }
                goOn();
                Event.GrantChanged grant = sender();
                if (grant.epoch() != epoch) {
                    assertThat(realNanos)
                            .as("seed " + seed + ": the grant moved, the holder counts until")
                            .isGreaterThanOrEqualTo(holderUntilNanos);
                    return 1;
                }
            }
            return 0;
        }

        private Event.GrantChanged sender() {
            return h.all(Event.GrantChanged.class).stream()
                    .filter(grant -> grant.kind() == GrantKind.SENDER)
                    .reduce((_, later) -> later)
                    .orElseThrow();
        }

        /** Losses of the leader, also soon after another or with the holder; steps of clocks, never two within one lease. */
        private void trouble() {
            boolean newLeader = realNanos - logBackNanos < 500 * MILLI;
            if (realNanos >= logBackNanos && random.nextInt(newLeader ? 500 : 1_500) == 0) {
                logBackNanos = realNanos + between(20, random.nextBoolean() ? 200 : 1_600);
                if (random.nextInt(3) == 0) {
                    cutNanos = Math.min(cutNanos, realNanos);
                }
            }
            if (realNanos == logBackNanos) {
                step();
                h.now = clock();
                h.termBegins();
                // A member may have applied it late.
                long ageNanos = (realNanos - renewedNanos) / (1 + random.nextInt(2));
                reports.put(
                        realNanos + between(0, 1_000), new Command.ReportRenewal(h.term, GrantKind.SENDER, ageNanos));
            } else if (random.nextInt(1_500) == 0) {
                step();
            }
        }

        private void step() {
            if (realNanos >= nextStepNanos) {
                clockOffsetNanos += random.nextBoolean() ? between(-290, 290) : between(-2_000, 2_000);
                nextStepNanos = realNanos + 2_000 * MILLI;
            }
        }

        private void goOn() {
            h.now = clock();
            h.pass(0);
            if (random.nextInt(20) == 0) {
                h.send(new Command.RenewGrant(88, GrantKind.SENDER, true, false, "b"));
            }
            if (realNanos >= nextAskNanos && realNanos < cutNanos && sender().session() == Harness.GATEWAY) {
                h.renew(Harness.GATEWAY, true);
                holderUntilNanos = realNanos + HOLDER_NANOS;
                nextAskNanos = realNanos + between(150, 250);
                renewedNanos = realNanos;
            }
            while (!reports.isEmpty() && reports.firstKey() <= realNanos) {
                h.send(reports.pollFirstEntry().getValue());
            }
        }

        private long clock() {
            return beginNanos + realNanos + clockOffsetNanos;
        }

        private long between(int lowMillis, int highMillis) {
            return (lowMillis + random.nextInt(highMillis - lowMillis + 1)) * MILLI;
        }
    }
}
