package dev.holdfast.recovery;

/** The machine without one safeguard: what was confirmed once stays confirmed, whatever an agent sees later. */
public final class BelievesForever {

    private BelievesForever() {}

    public static RecoveryMachine machine() {
        return new RecoveryMachine(new Rules() {
            @Override
            boolean mayWithdraw() {
                return false;
            }
        });
    }
}
