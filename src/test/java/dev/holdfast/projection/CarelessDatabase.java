package dev.holdfast.projection;

/** Takes a batch from a recorder that has not seen what another wrote, for the simulator to find out. */
public final class CarelessDatabase extends MemoryDatabase {

    @Override
    boolean mayMove(RecorderPosition from) {
        return true;
    }
}
