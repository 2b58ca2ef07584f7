package dev.holdfast.protocol;

import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;

/**
 * What the edges and the operators tell the trading machine. Prices are paise, times epoch nanoseconds, days epoch days in
 * IST; an empty string means none.
 */
public sealed interface Command {

    /** Sets the limits, the budget profile and the market hours. The incarnation is used only when the engine has none yet. */
    record Configure(
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
            implements Command {}

    /** Declares an instrument or renews its daily data; the reply's value is its number. Band 0 means the broker gave none. */
    record DefineInstrument(
            long token,
            InstrumentKind kind,
            long tickSizePaise,
            long lotSize,
            long freezeQuantity,
            long lowerBandPaise,
            long upperBandPaise,
            String exchange,
            String symbol)
            implements Command {}

    /** Asks for, renews or gives up a grant. The reply's value is the epoch held, 0 when another session holds it. */
    record RenewGrant(long session, GrantKind kind, boolean ready, boolean closing, String host) implements Command {}

    /** What became of one send request. */
    record ReportSend(
            long epoch,
            long sendNumber,
            long orderNumber,
            SendOutcome outcome,
            String brokerOrderId,
            String errorType,
            String message)
            implements Command {}

    /** A gateway is about to read the broker's book; what it then finds is newer than this command. The reply's value is 1 when it must report all positions, 0 when those that changed are enough. */
    record BeginRead(long session, long readId) implements Command {}

    /** One row of the broker's book. Day is an epoch day in IST; tag is empty when the broker shows none; placedBy tells a person from the broker itself. */
    record ReportOrder(
            long session,
            long readId,
            int day,
            int instrument,
            Side side,
            Product product,
            OrderType orderType,
            long quantity,
            long pricePaise,
            long filledQuantity,
            BrokerOrderState state,
            Origin placedBy,
            long brokerTimeNanos,
            String brokerOrderId,
            String tag,
            String status,
            String message)
            implements Command {}

    /** One fill as the broker's trade list tells it. */
    record ReportTrade(
            long session,
            long readId,
            int day,
            int instrument,
            Side side,
            Product product,
            long quantity,
            long pricePaise,
            long fillTimeNanos,
            String tradeId,
            String brokerOrderId)
            implements Command {}

    /** One row of the broker's net positions within a read; for CNC the holdings at the day's start are included, so that it compares with ours. */
    record ReportPosition(long session, long readId, int instrument, Product product, long quantity)
            implements Command {}

    /** The read is over. Only a clean one (each call answered whole) proves that something is absent. */
    record EndRead(long session, long readId, int day, boolean clean, int orders, int trades, int positions)
            implements Command {}

    /** One opening position or holding of the day about to be opened. */
    record ReportOpening(long session, long readId, int instrument, Product product, long quantity, long pricePaise)
            implements Command {}

    /** Opens a trading day with the openings reported under this read. */
    record OpenDay(long session, long readId, int day) implements Command {}

    /** Ends a trading day after a clean final read of the book, named by its id. */
    record CloseDay(long session, long readId, int day) implements Command {}

    /** The newest state of one instrument since the last report. High and low cover that interval; the day's figures are the exchange's. */
    record ReportTick(
            long session,
            long epoch,
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
            implements Command {}

    /** One closed minute, market time. */
    record ReportBar(
            long session,
            long epoch,
            int instrument,
            long startNanos,
            long openPaise,
            long highPaise,
            long lowPaise,
            long closePaise,
            long volume,
            int ticks)
            implements Command {}

    /** The feed's connection changed or it noticed a gap. Instrument 0 means all of them. */
    record ReportFeed(long session, long epoch, FeedState state, int instrument, String detail) implements Command {}

    /** Whether the broker accepts our access token. */
    record ReportBrokerSession(long session, BrokerSessionState state, String detail) implements Command {}

    /** A person's order. The client key makes a repeat harmless: it answers with the first order's number. */
    record PlaceOrder(
            int instrument,
            Side side,
            Product product,
            OrderType orderType,
            long quantity,
            long pricePaise,
            String clientKey,
            String user,
            String reason)
            implements Command {}

    /** New absolute quantity and price for a working order. */
    record ModifyOrder(long orderNumber, long quantity, long pricePaise, String user, String reason)
            implements Command {}

    /** Cancels one order; remembered while the order is uncertain. */
    record CancelOrder(long orderNumber, String user, String reason) implements Command {}

    /** A person decides what became of a held order. */
    record ResolveOrder(long orderNumber, Resolution resolution, String user, String reason) implements Command {}

    /** Declares a strategy; it starts stopped. Parameters are key=value pairs separated by commas. */
    record DefineStrategy(
            int instrument, Product product, long quantity, String name, String kind, String parameters, String user)
            implements Command {}

    /** Starts or stops a strategy. */
    record ControlStrategy(boolean start, String name, String user, String reason) implements Command {}

    /** Engages or releases a kill switch or a ban. The target is a strategy's name or EXCHANGE:SYMBOL, empty for all. */
    record SetSwitch(SwitchKind kind, SwitchScope scope, boolean engaged, String target, String user, String reason)
            implements Command {}

    /** A member's hash of its full state after the event of that sequence. */
    record ReportStateHash(int member, long sequence, long stateHash) implements Command {}

    /**
     * The member that leads this term: when the term began it had applied the grant's last renewal so long ago, by a clock that
     * cannot be set.
     */
    record ReportRenewal(long leadershipTerm, GrantKind kind, long ageNanos) implements Command {}

    /** Does nothing but go through the log. The reply's value is the sequence at which the last checkpoint starts. */
    record Probe() implements Command {}

    /**
     * A row of the broker's lists that is not understood or belongs to no instrument or to another day. It is of the instrument, 0
     * when that is not known; perhaps ours when no tag could be read; its raw text is cut at twice the length of a text.
     */
    record ReportOddRow(
            long session,
            long readId,
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
            implements Command {}

    /**
     * Whether what a grant is for works at this session now: for the feed, whether ticks come; for the sender, whether the broker
     * answers. Told when it changes, by holders and candidates alike.
     */
    record ReportFitness(long session, GrantKind kind, boolean fit, String reason) implements Command {}

    /**
     * A person says whose a part of a position is: so much of what is nobody's becomes the strategy's, or less of the strategy's
     * than of nobody's when the quantity is negative.
     */
    record AssignPosition(int instrument, Product product, long quantity, String strategy, String user, String reason)
            implements Command {}

    /** A person did something beside the engine that belongs into the audit trail, with this result. */
    record RecordAct(String user, String action, String target, String reason, String result) implements Command {}
}
