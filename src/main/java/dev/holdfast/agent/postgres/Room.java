package dev.holdfast.agent.postgres;

import dev.holdfast.log.RecoveryPicture;
import dev.holdfast.protocol.RecoveryEvent;

/**
 * Whether a primary must give way because its disk is full. One without room goes on changing rows in place, the health write among
 * them, and would renew its lease for as long as its last WAL segment lasts, while nothing new can be recorded.
 */
final class Room {

    /** One WAL segment: without it the next one cannot be made, and the server ends itself. */
    static final long LEAST_BYTES = 16L << 20;

    /** Of whoever is to take over. Where all share one disk nobody has it, and a primary that at least answers is kept. */
    static final long ELSEWHERE_BYTES = 4 * LEAST_BYTES;

    private Room() {}

    /** @return why it must, empty when it need not */
    static String lacks(long freeBytes, RecoveryPicture view, long term) {
        RecoveryEvent.EligibleChanged standby = view.eligible();
        if (freeBytes >= LEAST_BYTES || !standby.eligible() || standby.term() != term) {
            return "";
        }
        RecoveryEvent.InstanceSeen seen = view.seen().get(standby.standby());
        return seen == null || seen.diskFreeBytes() < ELSEWHERE_BYTES
                ? ""
                : "its disk is full, " + freeBytes + " bytes are free, and " + standby.standby()
                        + ", which holds every row, has room";
    }
}
