package dev.holdfast.recovery;

/** The machine without what keeps clones from costing a primary its office. */
public final class CarelessClones {

    private CarelessClones() {}

    /** Every copy that is of no use is cloned at once. */
    public static RecoveryMachine allAtOnce() {
        return new RecoveryMachine(new Rules() {
            @Override
            boolean clonesOneAtATime() {
                return false;
            }
        });
    }

    /** The same, and what fails is ordered again at once. */
    public static RecoveryMachine allAtOnceWithoutPauses() {
        return new RecoveryMachine(new Rules() {
            @Override
            boolean clonesOneAtATime() {
                return false;
            }

            @Override
            long pauseMillis(int failures, long longestMillis) {
                return 0;
            }
        });
    }
}
