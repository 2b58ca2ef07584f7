package dev.holdfast.audit;

import dev.holdfast.protocol.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether each position is its opening plus the exchange's own trades and conversions. */
final class PositionComparison {

    private final History history;
    private final Findings findings;
    private final boolean witnessed;

    /** @param witnessed whether there is a ledger: then it says what was converted, else the log does */
    PositionComparison(History history, Findings findings, boolean witnessed) {
        this.history = history;
        this.findings = findings;
        this.witnessed = witnessed;
    }

    /** Trades that the exchange made in instruments that we know, and the log does not have. */
    List<Witness.Traded> missing(LedgerStory ledger) {
        return ledger.trades.values().stream()
                .filter(trade -> !history.trades.containsKey(trade.tradeId()) && history.knowsSymbol(trade.symbol()))
                .toList();
    }

    /** Whether the log has caught up with the ledger, so that what differs now differs. */
    boolean caughtUp(LedgerStory ledger) {
        return missing(ledger).isEmpty() && differing(ledger).isEmpty();
    }

    /**
     * Positions that are neither what one reading of the ledger makes of them nor what a later one does.
     *
     * @return how many
     */
    long compare(LedgerStory ledger, LedgerStory newest) {
        Map<History.Place, String> differing = differing(ledger);
        differing.keySet().retainAll(differing(newest).keySet());
        differing.values().forEach(findings::differ);
        return differing.size();
    }

    /** @return how many trades of the log the exchange did not make, or made otherwise */
    long compareTrades(LedgerStory newest) {
        List<String> differing = new ArrayList<>();
        history.trades.forEach((tradeId, booked) -> {
            Witness.Traded trade = newest.trades.get(tradeId);
            if (trade == null) {
                differing.add("trade " + tradeId + " is in the log and the exchange never made it");
            } else if (!same(booked, trade)) {
                differing.add("trade " + tradeId + " is " + booked + " in the log and " + trade + " at the exchange");
            }
        });
        differing.forEach(findings::differ);
        return differing.size();
    }

    private boolean same(Event.TradeBooked booked, Witness.Traded trade) {
        return history.symbol(booked.instrument()).equals(trade.symbol())
                && booked.product() == trade.product()
                && History.signed(booked) == trade.signedQuantity()
                && booked.pricePaise() == trade.pricePaise();
    }

    private Map<History.Place, String> differing(LedgerStory ledger) {
        Map<History.Place, String> differing = new TreeMap<>();
        Map<History.Place, Long> converted = witnessed ? converted(ledger) : history.converted;
        for (Map.Entry<History.Place, Event.PositionChanged> entry : history.positions.entrySet()) {
            Event.PositionChanged position = entry.getValue();
            long trades = history.traded.getOrDefault(entry.getKey(), 0L);
            long conversions = converted.getOrDefault(entry.getKey(), 0L);
            long expected = position.openingQuantity() + trades + conversions;
            if (position.quantity() != expected) {
                differing.put(
                        entry.getKey(),
                        "position " + history.name(entry.getKey()) + " is " + position.quantity() + "; opening "
                                + position.openingQuantity() + ", trades " + trades + " and conversions " + conversions
                                + " make " + expected);
            }
        }
        converted.keySet().stream()
                .filter(place -> !history.positions.containsKey(place) && converted.getOrDefault(place, 0L) != 0)
                .forEach(place -> differing.put(
                        place,
                        "position " + history.name(place) + " is unknown here, conversions make "
                                + converted.get(place)));
        return differing;
    }

    /**
     * The signed quantity that today's conversions moved into each position, by the ledger. Conversions of positions carried
     * over night count only if they came after the day's openings were taken.
     */
    private Map<History.Place, Long> converted(LedgerStory ledger) {
        Map<History.Place, Long> converted = new TreeMap<>();
        for (Witness.Entry entry : ledger.entries) {
            if (entry instanceof Witness.DayBegan) {
                converted.clear();
            } else if (entry instanceof Witness.Converted part
                    && history.knowsSymbol(part.symbol())
                    && (!part.overnight() || part.atNanos() > history.dayOpenedNanos)) {
                int instrument = history.instrument(part.symbol());
                converted.merge(new History.Place(instrument, part.from()), -part.signedQuantity(), Long::sum);
                converted.merge(new History.Place(instrument, part.to()), part.signedQuantity(), Long::sum);
            }
        }
        return converted;
    }
}
