package dev.holdfast.engine;

import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.ProfitChanged;
import dev.holdfast.protocol.Severity;
import dev.holdfast.types.Side;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose share a trade changes. What a trade closes is taken first from the share of whoever traded, then from what is nobody's,
 * then from the one who holds the rest: at the broker there is only one position, and what was closed is gone for its holder,
 * whoever closed it. With several holders nobody knows whose it was: the missing quantity stays as nobody's, of the other sign,
 * until a person assigns it. What a trade opens belongs to whoever traded.
 */
final class Shares {

    private static final String NOBODY = "";

    private final Event.TradeBooked trade;
    private final Positions positions;
    private final Targets targets;
    private final String place;
    private final Decision decision;
    private final List<String> changed = new ArrayList<>();

    private Shares(Event.TradeBooked trade, State state, Decision decision) {
        this.trade = trade;
        this.positions = state.positions;
        this.targets = state.targets;
        this.place = state.market.name(trade.instrument()) + " " + trade.product();
        this.decision = decision;
    }

    static void book(Event.TradeBooked trade, State state, Decision decision) {
        new Shares(trade, state, decision).book();
    }

    private void book() {
        long accountBefore = positions.quantity(trade.instrument(), trade.product());
        boolean closes = accountBefore != 0 && (accountBefore > 0) == (trade.side() == Side.SELL);
        long closing = closes ? Math.min(trade.quantity(), Math.abs(accountBefore)) : 0;
        long own = Math.min(closing, held(trade.strategy()));
        long unassigned = trade.strategy().equals(NOBODY) ? 0 : Math.min(closing - own, held(NOBODY));
        long rest = closing - own - unassigned;
        long nobodys = unassigned;
        if (rest > 0) {
            List<ProfitChanged> holders = otherHolders();
            long all = holders.stream()
                    .mapToLong(share -> Math.abs(share.quantity()))
                    .sum();
            if (holders.size() == 1 || rest == all) {
                for (ProfitChanged holder : holders) {
                    long taken = Math.min(rest, Math.abs(holder.quantity()));
                    change(holder.strategy(), taken);
                    rest -= taken;
                    tellHolder(holder.strategy(), taken);
                    decision.change(() -> targets.othersTraded(holder.strategy()));
                }
            }
            nobodys += rest; // whose it was a person must say
        }
        long mine = own + trade.quantity() - closing;
        if (trade.strategy().equals(NOBODY)) {
            mine += nobodys;
            nobodys = 0;
        }
        if (nobodys > 0) {
            change(NOBODY, nobodys);
        }
        if (mine > 0 || changed.isEmpty()) {
            change(trade.strategy(), mine);
        }
        if (rest > 0) {
            tellContested(rest);
        }
    }

    /** The quantity of this holder's share that the trade can close. */
    private long held(String strategy) {
        long share = positions.strategyQuantity(strategy, trade.instrument(), trade.product());
        return share != 0 && (share > 0) == (trade.side() == Side.SELL) ? Math.abs(share) : 0;
    }

    private List<ProfitChanged> otherHolders() {
        return positions.sharesOf(trade.instrument(), trade.product()).stream()
                .filter(share -> !share.strategy().equals(NOBODY)
                        && !share.strategy().equals(trade.strategy())
                        && held(share.strategy()) > 0)
                .toList();
    }

    private void change(String strategy, long quantity) {
        ProfitChanged share = positions.share(strategy, trade.instrument(), trade.product(), trade.day());
        Positions.Holding before = new Positions.Holding(share.quantity(), share.costPaise(), share.realisedPaise());
        Positions.Holding after = quantity == 0 ? before : before.trade(trade.side(), quantity, trade.pricePaise());
        changed.add(strategy);
        decision.emit(new ProfitChanged(
                trade.day(),
                trade.instrument(),
                trade.product(),
                after.quantity(),
                after.costPaise(),
                after.realisedPaise(),
                share.trades() + 1,
                strategy));
    }

    private void tellHolder(String holder, long taken) {
        decision.emit(new Event.Alarm(
                Severity.WARNING,
                "position " + place,
                (trade.strategy().equals(NOBODY) ? "other hands" : trade.strategy())
                        + (trade.side() == Side.SELL ? " sold " : " bought back ") + taken + " of what " + holder
                        + " holds; its share is now "
                        + (Math.abs(positions.strategyQuantity(holder, trade.instrument(), trade.product())) - taken)
                        + " (trade " + trade.tradeId() + ")"));
    }

    private void tellContested(long quantity) {
        if (positions.contested(trade.instrument(), trade.product())) {
            return; // a person was asked already
        }
        String holders = String.join(
                ", ",
                otherHolders().stream()
                        .map(share -> share.strategy() + " " + share.quantity())
                        .toList());
        decision.emit(new Event.Alarm(
                Severity.CRITICAL,
                "position " + place,
                "other hands closed " + quantity + " of what several hold (" + holders
                        + "); they are banned from it until './holdfast position assign' says whose it was"));
    }
}
