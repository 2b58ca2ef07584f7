package dev.holdfast.cluster;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import java.util.function.Supplier;

/** The log of the trading engine over Aeron Cluster. */
public final class AeronLog extends AeronConnection<Command, Event> implements Log {

    private AeronLog(AeronLogOptions options, Supplier<Transport> transports) {
        super(MemberProfile.TRADER, options, transports, EDGE);
    }

    /** Opens a connection; it returns at once, and connects on and on until closed. */
    public static AeronLog connect(AeronLogOptions options) {
        AeronLog log = new AeronLog(options, embedded(options));
        log.start();
        return log;
    }
}
