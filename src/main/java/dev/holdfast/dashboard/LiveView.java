package dev.holdfast.dashboard;

import dev.holdfast.protocol.AmendmentState;
import dev.holdfast.protocol.BrokerSessionState;
import dev.holdfast.protocol.DayPhase;
import dev.holdfast.protocol.FeedState;
import dev.holdfast.protocol.GrantKind;
import dev.holdfast.protocol.Severity;
import dev.holdfast.protocol.StrategyState;
import dev.holdfast.protocol.SwitchKind;
import dev.holdfast.protocol.SwitchScope;
import dev.holdfast.types.BrokerProfile;
import dev.holdfast.types.InstrumentKind;
import dev.holdfast.types.OrderState;
import dev.holdfast.types.OrderType;
import dev.holdfast.types.Origin;
import dev.holdfast.types.Product;
import dev.holdfast.types.Side;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page is sent. Prices are paise, times epoch milliseconds, ages milliseconds at the moment of sending (the page
 * lets them grow by itself, so that silence shows).
 *
 * @param version of the model; the next update holds what changed after it
 * @param whole whether this replaces all that the page has
 * @param orders the changed ones, as ticks, fills, journal, recoveries and instruments are; the other lists are always whole
 */
record LiveView(
        long version,
        boolean whole,
        Status status,
        List<Grant> grants,
        List<Switch> switches,
        List<Instrument> instruments,
        List<Tick> ticks,
        List<Position> positions,
        List<Strategy> strategies,
        List<Order> orders,
        List<Fill> fills,
        List<Note> journal,
        List<Recovery> recoveries) {

    /** The one answer the page is for. */
    enum Verdict {
        CAN_TRADE,
        CANNOT_TRADE,
        /** Nothing was heard from the engine for too long: what the page shows is the past. */
        UNKNOWN
    }

    /** @param day ISO date, null before the first trading day; eventAgeMillis -1 before the first event */
    record Status(
            boolean loaded,
            Verdict verdict,
            String reason,
            boolean connected,
            int leader,
            long term,
            long sequence,
            long eventAgeMillis,
            long streamLagMillis,
            boolean realBroker,
            boolean alwaysOpen,
            @Nullable BrokerProfile profile,
            @Nullable String day,
            DayPhase dayPhase,
            long marketTimeMillis,
            long feedAgeMillis,
            FeedState feedState,
            String feedDetail,
            BrokerSessionState brokerSession,
            String brokerDetail,
            int uncertain,
            int held,
            int working,
            int secondBudget,
            int minuteBudget,
            int dayBudget,
            long realisedPaise,
            long unrealisedPaise,
            long maxDailyLossPaise) {}

    record Grant(GrantKind kind, String host, long epoch, boolean granted, String reason) {}

    record Switch(
            SwitchKind kind,
            SwitchScope scope,
            boolean engaged,
            String target,
            String user,
            String reason,
            long atMillis) {}

    record Instrument(
            int instrument, InstrumentKind kind, String exchange, String symbol, long tickSizePaise, long lotSize) {}

    record Tick(
            int instrument,
            long lastPricePaise,
            long previousClosePaise,
            long dayOpenPaise,
            long dayHighPaise,
            long dayLowPaise,
            long bidPaise,
            long bidQuantity,
            long askPaise,
            long askQuantity,
            long volume,
            long atMillis) {}

    /** @param brokerQuantity null when the broker's own figure was not seen yet */
    record Position(
            int instrument,
            Product product,
            long quantity,
            @Nullable Long brokerQuantity,
            long difference,
            long costPaise,
            long realisedPaise,
            long unrealisedPaise,
            long boughtQuantity,
            long soldQuantity) {}

    /** A strategy with its share of the day; the name is empty for orders by hand and foreign ones. */
    record Strategy(
            String name,
            String kind,
            int instrument,
            Product product,
            @Nullable StrategyState state,
            String parameters,
            String reason,
            long lotQuantity,
            long quantity,
            int trades,
            long realisedPaise,
            long unrealisedPaise) {}

    record Order(
            long orderNumber,
            Origin origin,
            int instrument,
            Side side,
            Product product,
            OrderType orderType,
            long quantity,
            long pricePaise,
            OrderState state,
            boolean terminal,
            long filledQuantity,
            long filledValuePaise,
            AmendmentState amendment,
            boolean cancelWanted,
            String tag,
            String brokerOrderId,
            String strategy,
            String user,
            String reason,
            long wishedMillis,
            long changedMillis) {}

    record Fill(
            long orderNumber,
            int instrument,
            Side side,
            long quantity,
            long pricePaise,
            String tradeId,
            String strategy,
            long atMillis) {}

    /** @param tookMillis by log time, from the interruption to its end */
    record Recovery(long atMillis, String subject, String text, long tookMillis) {}

    record Note(long sequence, long atMillis, Severity severity, String subject, String text) {}
}
