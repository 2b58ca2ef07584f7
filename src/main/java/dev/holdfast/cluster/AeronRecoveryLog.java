package dev.holdfast.cluster;

import dev.holdfast.log.RecoveryLog;
import dev.holdfast.protocol.RecoveryCommand;
import dev.holdfast.protocol.RecoveryEvent;
import java.util.function.Supplier;

/** The log of the recovery machine over Aeron Cluster. */
public final class AeronRecoveryLog extends AeronConnection<RecoveryCommand, RecoveryEvent> implements RecoveryLog {

    private AeronRecoveryLog(AeronLogOptions options, Supplier<Transport> transports) {
        super(MemberProfile.VOTER, options, transports, UNHURRIED);
    }

    /** Opens a connection; it returns at once, and connects on and on until closed. */
    public static AeronRecoveryLog connect(AeronLogOptions options) {
        return started(options, embedded(options));
    }

    /**
     * Opens a connection on the driver of a voter within this process, which spares a second one; it is as quick as any other.
     * While that voter does not run it is not connected, and it goes on when the voter has been started again.
     *
     * @param name of the client, for its thread and the log
     * @param voter the voter's own options
     */
    public static AeronRecoveryLog attached(String name, TraderOptions voter) {
        AeronLogOptions options = voter.ownClient(name);
        return started(options, attached(options));
    }

    private static AeronRecoveryLog started(AeronLogOptions options, Supplier<Transport> transports) {
        AeronRecoveryLog log = new AeronRecoveryLog(options, transports);
        log.start();
        return log;
    }
}
