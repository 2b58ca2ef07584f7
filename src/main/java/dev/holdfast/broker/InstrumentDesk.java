package dev.holdfast.broker;

import dev.holdfast.log.Log;
import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Declares instruments to the engine: the configured ones, and those in which somebody else traded. Used by one thread. */
final class InstrumentDesk {

    private static final Logger LOG = LoggerFactory.getLogger(InstrumentDesk.class);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);
    private static final long ASK_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    /** An instrument that the list just read does not have is not looked for again for this long. */
    private static final long UNLISTED_NANOS = Duration.ofHours(1).toNanos();

    private final Broker broker;
    private final Log log;
    private final GatewayModel model;
    private final LongSupplier monotonicNanos;
    private final Map<String, Long> askAgainNanos = new HashMap<>();

    InstrumentDesk(Broker broker, Log log, GatewayModel model, LongSupplier monotonicNanos) {
        this.monotonicNanos = monotonicNanos;
        this.broker = broker;
        this.log = log;
        this.model = model;
    }

    /** Declares what the broker lists of these, with today's data. */
    void define(List<String> keys) throws BrokerFailure {
        Broker.Rows<BrokerInstrument> listed = broker.instruments(keys);
        Set<String> missing = new HashSet<>(keys);
        for (BrokerInstrument instrument : listed.rows()) {
            missing.remove(Listing.key(instrument.exchange(), instrument.symbol()));
            Reply reply = log.submitAndWait(
                    new Command.DefineInstrument(
                            instrument.token(),
                            instrument.kind(),
                            instrument.tickSizePaise(),
                            instrument.lotSize(),
                            instrument.freezeQuantity(),
                            instrument.lowerBandPaise(),
                            instrument.upperBandPaise(),
                            instrument.exchange(),
                            instrument.symbol()),
                    REPLY_TIMEOUT);
            if (!reply.accepted()) {
                LOG.warn(
                        "instrument refused key={}:{} reason=\"{}\"",
                        instrument.exchange(),
                        instrument.symbol(),
                        reply.text());
                continue;
            }
            if (reply.value() == 0) {
                continue; // The answer was lost and only that it was applied is known: the event tells the number.
            }
            model.defined(new Listing(
                    Math.toIntExact(reply.value()),
                    instrument.exchange(),
                    instrument.symbol(),
                    instrument.token(),
                    instrument.kind()));
        }
        if (!missing.isEmpty()) {
            LOG.error("instruments not listed by the broker keys={}; correct 'instruments' in holdfast.yaml", missing);
        }
    }

    /** The engine's number of an instrument found in the book; declares it first if need be. Null when the broker does not list it. */
    @Nullable
    Listing require(String exchange, String symbol) {
        Listing known = model.listing(exchange, symbol);
        if (known != null) {
            return known;
        }
        String key = Listing.key(exchange, symbol);
        Long again = askAgainNanos.get(key);
        if (again != null && again - monotonicNanos.getAsLong() > 0) {
            return null;
        }
        askAgainNanos.put(key, monotonicNanos.getAsLong() + ASK_AGAIN_NANOS);
        try {
            define(List.of(key));
            askAgainNanos.put(key, monotonicNanos.getAsLong() + UNLISTED_NANOS);
        } catch (BrokerFailure failure) {
            LOG.warn("instrument in the book is unknown key={} reason=\"{}\"", key, failure.getMessage());
        }
        return model.listing(exchange, symbol);
    }
}
