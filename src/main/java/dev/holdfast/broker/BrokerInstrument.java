package dev.holdfast.broker;

import dev.holdfast.types.InstrumentKind;

/** One instrument and its data for today; 0 where the broker tells none. */
public record BrokerInstrument(
        String exchange,
        String symbol,
        long token,
        InstrumentKind kind,
        long tickSizePaise,
        long lotSize,
        long freezeQuantity,
        long lowerBandPaise,
        long upperBandPaise) {}
