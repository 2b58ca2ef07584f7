package dev.holdfast.cluster;

import io.aeron.archive.Archive;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import org.agrona.concurrent.Agent;

/**
 * Makes the numbers of one archive's control sessions unguessable. A request names its session by number alone, whoever sends
 * it, and the library counts upwards: who is given a number, even one that is refused, could name the owner's session next to it.
 */
final class SessionNumbers {

    private static final String CONDUCTOR = "io.aeron.archive.ArchiveConductor";

    private final SecureRandom random = new SecureRandom();
    private final Agent conductor;
    private final VarHandle next;

    /** @param archive which nobody has invoked yet */
    SessionNumbers(Archive archive) {
        conductor = archive.invoker().agent();
        try {
            Class<?> type = Class.forName(CONDUCTOR);
            next = MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                    .findVarHandle(type, "nextSessionId", long.class);
        } catch (ReflectiveOperationException otherLibrary) {
            throw new IllegalStateException(
                    "this release of Aeron numbers archive sessions otherwise than expected (" + CONDUCTOR
                            + ".nextSessionId); its sessions could be guessed",
                    otherLibrary);
        }
        renew();
    }

    /** Makes the next session's number random. Called by the archive's thread before each session is made. */
    void renew() {
        next.set(conductor, random.nextLong() >>> 2);
    }
}
