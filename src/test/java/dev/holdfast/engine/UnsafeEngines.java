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

    /** An engine whose exits are as large as strategies wish. */
    public static Machine withoutCutAtWish() {
        return with(Guards.all().withExits(UncutExits::new));
    }

    /** An engine that sends a committed exit, and leaves it open, whatever others have traded since. */
    public static Machine withoutLookAtDispatch() {
        return with(Guards.all().withExits(UnwatchedExits::new));
    }

    /** An engine that takes every order with a tag of ours for ours, whatever its terms. */
    public static Machine withoutTerms() {
        return with(Guards.all().withOwnership(OwnershipByTag::new));
    }

    /** An engine in which any tick may set the market's time. */
    public static Machine withoutBoundOnTime() {
        return with(Guards.all().withMarketTime(AnyTime::new));
    }

    /** An engine that leaves MARKET orders resting at their caps. */
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
