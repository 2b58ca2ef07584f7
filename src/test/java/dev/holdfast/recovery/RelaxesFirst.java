package dev.holdfast.recovery;

/** The machine without one safeguard: the primary stops waiting for its standby before the log says that it stops counting. */
public final class RelaxesFirst {

    private RelaxesFirst() {}

    public static RecoveryMachine machine() {
        return new RecoveryMachine(new Rules() {
            @Override
            boolean losesEligibilityFirst() {
                return false;
            }
        });
    }
}
