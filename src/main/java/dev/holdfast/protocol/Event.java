package dev.holdfast.protocol;

import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;

/**
 * What the trading machine says happened. Prices are paise, times epoch nanoseconds, days epoch days in IST; an empty string
 * means none.
 */
public sealed interface Event {

    /** What follows, up to CheckpointEnded, repeats the whole present state: a reader that starts here needs nothing older; a recorder skips it. */
    record CheckpointStarted() implements Event {}

    /** The repetition is complete. */
    record CheckpointEnded() implements Event {}

    /** The configuration in force. */
    record EngineConfigured(
            BrokerProfile profile,
            boolean realBroker,
            boolean alwaysOpen,
            int marketOpenSecond,
            int marketCloseSecond,
            long incarnation,
            long maxOrderValuePaise,
            long maxOrderQuantity,
            long maxPositionQuantity,
            long maxExposurePaise,
            int priceBandBasisPoints,
            long maxDailyLossPaise,
            int staleFeedMillis,
            String user,
            String reason)
            implements Event {}

    /** An instrument and its daily data. */
    record InstrumentDefined(
            int instrument,
            long token,
            InstrumentKind kind,
            long tickSizePaise,
            long lotSize,
            long freezeQuantity,
            long lowerBandPaise,
            long upperBandPaise,
            String exchange,
            String symbol)
            implements Event {}

    /** The trading day moved on. */
    record DayChanged(int day, DayPhase phase, String reason) implements Event {}

    /** A grant moved; session 0 means nobody holds it. */
    record GrantChanged(GrantKind kind, long session, long epoch, String host, String reason) implements Event {}

    /** An order, whole, after a change. filledValuePaise is the sum of price times quantity over its trades. */
    record OrderChanged(
            long orderNumber,
            Origin origin,
            int instrument,
            Side side,
            Product product,
            OrderType orderType,
            long quantity,
            long pricePaise,
            OrderState state,
            OrderState previousState,
            long filledQuantity,
            long filledValuePaise,
            AmendmentState amendment,
            long pendingQuantity,
            long pendingPricePaise,
            boolean cancelWanted,
            int day,
            long wishedNanos,
            long epoch,
            int sends,
            String tag,
            String brokerOrderId,
            String strategy,
            String user,
            String reason)
            implements Event {}

    /** The holder of this epoch shall make this call, at most once, and begin it before notAfterNanos (log time). */
    record SendRequested(
            long sendNumber,
            SendAction action,
            long orderNumber,
            long epoch,
            long notAfterNanos,
            int instrument,
            Side side,
            Product product,
            OrderType orderType,
            long quantity,
            long pricePaise,
            String tag,
            String brokerOrderId)
            implements Event {}

    /** A fill, counted once. */
    record TradeBooked(
            int day,
            long orderNumber,
            int instrument,
            Side side,
            Product product,
            long quantity,
            long pricePaise,
            long fillTimeNanos,
            String tradeId,
            String brokerOrderId,
            String strategy)
            implements Event {}

    /** The account's position. Cost is signed as the quantity is; realised is of this day. */
    record PositionChanged(
            int instrument,
            Product product,
            int day,
            long quantity,
            long openingQuantity,
            long costPaise,
            long realisedPaise,
            long boughtQuantity,
            long soldQuantity)
            implements Event {}

    /** One strategy's share of the day: its own quantity, cost and realised profit. */
    record ProfitChanged(
            int day,
            int instrument,
            Product product,
            long quantity,
            long costPaise,
            long realisedPaise,
            int trades,
            String strategy)
            implements Event {}

    /** The broker's own figure changed, or its difference from ours did. The difference is broker minus ours. */
    record BrokerPositionSeen(int instrument, Product product, long quantity, long difference) implements Event {}

    /** A tick. */
    record TickApplied(
            int instrument,
            long lastPricePaise,
            long lastQuantity,
            long volume,
            long highPaise,
            long lowPaise,
            long dayOpenPaise,
            long dayHighPaise,
            long dayLowPaise,
            long previousClosePaise,
            long bidPaise,
            long bidQuantity,
            long askPaise,
            long askQuantity,
            long marketTimeNanos,
            int conflated)
            implements Event {}

    /** A closed minute. */
    record BarApplied(
            int instrument,
            long startNanos,
            long openPaise,
            long highPaise,
            long lowPaise,
            long closePaise,
            long volume,
            int ticks)
            implements Event {}

    /** The feed's state, or an instrument's staleness, changed. */
    record FeedChanged(FeedState state, int instrument, String detail) implements Event {}

    /** The broker began or ceased to accept our token. */
    record BrokerSessionChanged(BrokerSessionState state, String detail) implements Event {}

    /** A read of the broker's book ended. */
    record ReadCompleted(
            long session, long readId, int day, boolean clean, int orders, int trades, int positions, long beganNanos)
            implements Event {}

    /** A strategy, whole, after a change. */
    record StrategyChanged(
            StrategyState state,
            int instrument,
            Product product,
            long quantity,
            String name,
            String kind,
            String parameters,
            String user,
            String reason)
            implements Event {}

    /** A kill switch or ban was engaged or released. */
    record SwitchChanged(SwitchKind kind, SwitchScope scope, boolean engaged, String target, String user, String reason)
            implements Event {}

    /** A person asked for something; the result is "accepted" or why not. */
    record OperatorActed(String user, String action, String target, String reason, String result) implements Event {}

    /** A command made the engine throw while deciding; nothing changed. */
    record CommandQuarantined(long clientId, long correlationId, int templateId, String reason) implements Event {}

    /** A person should look at this. */
    record Alarm(Severity severity, String subject, String text) implements Event {}

    /** Once a second: whether we can trade, and what is left. Reason is empty when we can. */
    record Pulse(
            boolean canTrade,
            long marketTimeNanos,
            long feedAgeMillis,
            int secondBudget,
            int minuteBudget,
            int dayBudget,
            int uncertain,
            int held,
            int working,
            String reason)
            implements Event {}

    /** Members compared their state. Agreed is false for a member that differs from the majority. */
    record StateHashed(int member, long atSequence, long stateHash, boolean agreed) implements Event {}

    /** Sums over the rows a recorder that stopped here has written. */
    record Digest(long orderDigest, long tradeDigest, long positionDigest) implements Event {}

    /**
     * A row of the broker's lists that is not understood. It stops only its own instrument (0: not known which). Once a row and
     * day.
     */
    record OddRowSeen(
            int day,
            BookList list,
            int instrument,
            boolean perhapsOurs,
            String key,
            String brokerOrderId,
            String tag,
            String wrong,
            String raw,
            String rawRest)
            implements Event {}

    /**
     * The broker's book shows other terms of an order than were asked for, or shows other terms than before. The order keeps
     * what was asked for.
     */
    record OrderTermsSeen(long orderNumber, OrderType orderType, long quantity, long pricePaise, String brokerOrderId)
            implements Event {}

    /**
     * The broker shows a part of a position, signed, with its cost, under another product: no trade tells of a conversion. The
     * position is openings plus trades plus conversions; what follows are both positions and the shares that moved.
     */
    record PositionConverted(
            int instrument,
            int day,
            Product fromProduct,
            Product toProduct,
            long quantity,
            long costPaise,
            String reason)
            implements Event {}
}
