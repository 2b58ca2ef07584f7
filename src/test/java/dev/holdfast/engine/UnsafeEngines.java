package dev.holdfast.engine;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event.OrderChanged;
import dev.holdfast.protocol.Machine;
import dev.holdfast.types.Product;
import java.util.List;

/** Engines of which one safeguard is taken away, for the simulator to find out; deterministic as the engine is. */
public final class UnsafeEngines {

    private UnsafeEngines() {}

    private static Machine with(Guards guards) {
        return new TradingEngine(new Budgets(), guards);
    }

    /** An exit is as large as its strategy wishes. */
    public static Machine withoutCutAtWish() {
        return with(Guards.all().withExits(UncutExits::new));
    }

    /** What was committed goes out whatever happened since, and stays out. */
    public static Machine withoutLookAtDispatch() {
        return with(Guards.all().withExits(UnwatchedExits::new));
    }

    /** Whoever bears a tag of ours is ours. */
    public static Machine withoutTerms() {
        return with(Guards.all().withOwnership(OwnershipByTag::new));
    }

    /** Any tick may set the market's time. */
    public static Machine withoutBoundOnTime() {
        return with(Guards.all().withMarketTime(AnyTime::new));
    }

    /** What rests in the book at its cap rests there. */
    public static Machine withoutNewPrices() {
        return with(Guards.all().withResting(NothingForWhatRests::new));
    }

    private static final class UncutExits extends Exits {
        UncutExits(State state) {
            super(state);
        }

        @Override
        Cut cut(Risk.Proposal p) {
            return new Cut(p.quantity(), "");
        }
    }

    private static final class UnwatchedExits extends Exits {
        UnwatchedExits(State state) {
            super(state);
        }

        @Override
        boolean fits(OrderChanged order) {
            return true;
        }

        @Override
        List<OrderEntry> excess(int instrument, Product product) {
            return List.of();
        }
    }

    private static final class OwnershipByTag extends Ownership {
        OwnershipByTag(State state) {
            super(state);
        }

        @Override
        boolean sameTerms(OrderChanged order, Command.ReportOrder row) {
            return true;
        }
    }

    private static final class AnyTime extends MarketTime {
        @Override
        boolean isLeap(long told) {
            return false;
        }
    }

    private static final class NothingForWhatRests extends RestingMarket {
        NothingForWhatRests(State state, OrderDesk desk) {
            super(state, desk);
        }

        @Override
        void onTimer(Decision decision) {}
    }
}
