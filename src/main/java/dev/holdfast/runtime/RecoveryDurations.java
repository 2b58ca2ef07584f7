package dev.holdfast.runtime;

/**
 * How long PostgreSQL's fail-over waits for what, milliseconds: the section {@code recovery} of {@code holdfast.yaml}. Each may be left
 * out there. What they mean and why they hang together is in {@code docs/recovery.md}.
 *
 * @param leaseMillis how long a primary may go on after its last renewal
 * @param renewalMillis between two renewals
 * @param marginMillis how much longer than the lease the voters wait for a silent primary
 * @param patienceMillis without an eligible standby, before the best copy is taken
 * @param promotionMillis for an appointed host to become primary
 * @param standbyMillis for a named standby to hold commits up
 * @param namesMillis for a change of the standby that commits wait for
 * @param rebuildMillis for a copy that does not stream, before it is made anew
 * @param stopMillis for a switchover's primary to stop in order
 */
public record RecoveryDurations(
        int leaseMillis,
        int renewalMillis,
        int marginMillis,
        int patienceMillis,
        int promotionMillis,
        int standbyMillis,
        int namesMillis,
        int rebuildMillis,
        int stopMillis) {

    public static final RecoveryDurations DEFAULT =
            new RecoveryDurations(2_000, 400, 300, 30_000, 10_000, 1_000, 1_500, 10_000, 5_000);

    /** The most that one step forward of a voter's clock takes from a lease. The recovery machine refuses a smaller margin too. */
    public static final int CLOCK_STEP_MILLIS = 200;

    /** Time for the fencer to kill the processes in the data directory. */
    private static final int KILL_MILLIS = 50;

    /** Two clocks of which each is corrected by at most 500 millionths differ by a thousandth. */
    private static final int CLOCK_RATE = 1_000;

    /** The primary's health write begins this often, and one at most half a lease old renews: so a lease is not below two such halves. */
    private static final int LEAST_LEASE_MILLIS = 1_000;

    private static final int LEAST_RENEWAL_MILLIS = 100;

    /** Of what the agents' own looks, a quarter of a second apart, could not tell from nothing. */
    private static final int LEAST_MILLIS = 500;

    private static final int MOST_LEASE_MILLIS = 60_000;
    private static final int MOST_MILLIS = 3_600_000;

    /** Adds the section's faults, each at its own line. */
    static RecoveryDurations read(YamlSection section) {
        RecoveryDurations durations = new RecoveryDurations(
                number(section, "leaseMillis", LEAST_LEASE_MILLIS, MOST_LEASE_MILLIS, DEFAULT.leaseMillis),
                number(section, "renewalMillis", LEAST_RENEWAL_MILLIS, MOST_LEASE_MILLIS, DEFAULT.renewalMillis),
                number(section, "marginMillis", 1, MOST_LEASE_MILLIS, DEFAULT.marginMillis),
                number(section, "patienceMillis", LEAST_MILLIS, MOST_MILLIS, DEFAULT.patienceMillis),
                number(section, "promotionMillis", LEAST_MILLIS, MOST_MILLIS, DEFAULT.promotionMillis),
                number(section, "standbyMillis", LEAST_MILLIS, MOST_MILLIS, DEFAULT.standbyMillis),
                number(section, "namesMillis", LEAST_MILLIS, MOST_MILLIS, DEFAULT.namesMillis),
                number(section, "rebuildMillis", LEAST_MILLIS, MOST_MILLIS, DEFAULT.rebuildMillis),
                number(section, "stopMillis", LEAST_MILLIS, MOST_MILLIS, DEFAULT.stopMillis));
        section.refuseOthers();
        durations.check(section);
        return durations;
    }

    private void check(YamlSection section) {
        if (2 * renewalMillis > leaseMillis) {
            section.fault(
                    "renewalMillis",
                    "is " + renewalMillis + ", expected at most half of leaseMillis, " + leaseMillis / 2
                            + ": a primary that loses one renewal must have time for another");
        }
        int leastMargin = CLOCK_STEP_MILLIS + leaseMillis / CLOCK_RATE + KILL_MILLIS;
        if (marginMillis < leastMargin) {
            section.fault(
                    "marginMillis",
                    "is " + marginMillis + ", expected at least " + leastMargin + " with a leaseMillis of "
                            + leaseMillis
                            + ": " + CLOCK_STEP_MILLIS + " for a voter's clock that is set forward, "
                            + leaseMillis / CLOCK_RATE + " for clocks that run unequally fast, " + KILL_MILLIS
                            + " for the old primary's end. With less, two could be primary");
        }
        if (patienceMillis < promotionMillis + leaseMillis + marginMillis) {
            section.fault(
                    "patienceMillis",
                    "is " + patienceMillis + ", expected at least " + (promotionMillis + leaseMillis + marginMillis)
                            + ", promotionMillis and leaseMillis and marginMillis together: rows would be given up before"
                            + " a host that has them all could fail once and be appointed again");
        }
        if (promotionMillis < leaseMillis) {
            section.fault(
                    "promotionMillis",
                    "is " + promotionMillis + ", expected at least leaseMillis, " + leaseMillis
                            + ": giving an appointed host up earlier brings nothing, its lease must end first");
        }
        if (rebuildMillis < leaseMillis + marginMillis) {
            section.fault(
                    "rebuildMillis",
                    "is " + rebuildMillis + ", expected at least leaseMillis and marginMillis together, "
                            + (leaseMillis + marginMillis)
                            + ": a standby would be made anew for an outage that costs no primary its office");
        }
    }

    private static int number(YamlSection section, String key, int least, int most, int otherwise) {
        return (int) section.number(key, least, most, otherwise);
    }
}
