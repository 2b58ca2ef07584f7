package dev.holdfast.engine;

import dev.holdfast.protocol.Command;
import dev.holdfast.protocol.Event;
import dev.holdfast.protocol.Event.PositionChanged;
import dev.holdfast.protocol.Event.ProfitChanged;
import dev.holdfast.types.Product;
import java.util.List;

/** Changes of shares without a trade: a person's word, and a conversion of one product into another. */
final class Reassignment {

    private static final String NOBODY = "";

    private final State state;

    Reassignment(State state) {
        this.state = state;
    }

    Answer assign(Command.AssignPosition ask, Decision decision) {
        String name = state.market.name(ask.instrument()) + " " + ask.product();
        if (state.market.instrument(ask.instrument()) == null) {
            return Answer.refused("unknown instrument " + ask.instrument());
        }
        if (!ask.strategy().equals(Strategies.MANUAL) && state.strategies.find(ask.strategy()) == null) {
            return Answer.refused("there is no strategy '" + ask.strategy() + "'");
        }
        if (ask.quantity() == 0 || ask.reason().isBlank()) {
            return Answer.refused("an assignment needs a quantity other than 0 and a reason");
        }
        ProfitChanged nobodys = share(NOBODY, ask.instrument(), ask.product());
        ProfitChanged own = share(ask.strategy(), ask.instrument(), ask.product());
        long account = state.positions.quantity(ask.instrument(), ask.product());
        long ownAfter = own.quantity() + ask.quantity();
        long nobodysAfter = nobodys.quantity() - ask.quantity();
        boolean lessOpen = Long.signum(nobodysAfter) == Long.signum(nobodys.quantity())
                && Math.abs(nobodysAfter) < Math.abs(nobodys.quantity());
        boolean fromNobody = Long.signum(ask.quantity()) == Long.signum(nobodys.quantity());
        boolean enough = !fromNobody || Math.abs(ask.quantity()) <= Math.abs(nobodys.quantity());
        boolean possible = enough
                && (ownAfter == 0 || Long.signum(ownAfter) == Long.signum(account))
                && (nobodysAfter == 0 || Long.signum(nobodysAfter) == Long.signum(account) || lessOpen);
        if (!possible) {
            return Answer.refused(
                    ask.quantity() + " cannot become " + ask.strategy() + "'s: of " + name + " the account has "
                            + account + ", " + ask.strategy() + " holds " + own.quantity() + ", nobody's are "
                            + nobodys.quantity());
        }
        long costPaise = fromNobody
                ? Math.multiplyExact(nobodys.costPaise(), ask.quantity()) / nobodys.quantity()
                : Math.multiplyExact(own.costPaise(), ask.quantity()) / own.quantity();
        boolean closes =
                fromNobody && own.quantity() != 0 && Long.signum(own.quantity()) != Long.signum(ask.quantity());
        if (closes) {
            // What other hands closed at their price the strategy closed: it realises what that earned.
            long closedCost = Math.multiplyExact(own.costPaise(), ask.quantity()) / own.quantity();
            move(own, ask.quantity(), closedCost, Math.subtractExact(closedCost, costPaise), decision);
        } else {
            move(own, ask.quantity(), costPaise, 0, decision);
        }
        move(nobodys, -ask.quantity(), -costPaise, 0, decision);
        decision.change(() -> state.targets.othersTraded(ask.strategy()));
        return Answer.OK;
    }

    private ProfitChanged share(String strategy, int instrument, Product product) {
        return state.positions.share(strategy, instrument, product, state.day.day());
    }

    private void move(ProfitChanged share, long quantity, long costPaise, long realisedPaise, Decision decision) {
        decision.emit(new ProfitChanged(
                state.day.day(),
                share.instrument(),
                share.product(),
                Math.addExact(share.quantity(), quantity),
                Math.addExact(share.costPaise(), costPaise),
                Math.addExact(share.realisedPaise(), realisedPaise),
                share.trades(),
                share.strategy()));
    }

    /**
     * Takes a lasting difference that is a conversion.
     *
     * @param from of this position the broker shows less
     * @param to of this one, of the same instrument, as much more
     * @param quantity what moved, signed as the position
     * @return whether it can be one
     */
    boolean convert(Positions.Key from, Positions.Key to, long quantity, Decision decision) {
        long held = state.positions.quantity(from.instrument(), from.product());
        long there = state.positions.quantity(to.instrument(), to.product());
        boolean possible = Long.signum(held) == Long.signum(quantity)
                && Math.abs(quantity) <= Math.abs(held)
                && Long.signum(there) != -Long.signum(quantity);
        if (!possible) {
            return false;
        }
        PositionChanged less = state.positions.position(from, state.day.day());
        PositionChanged more = state.positions.position(to, state.day.day());
        long costPaise = Math.multiplyExact(less.costPaise(), quantity) / held;
        decision.emit(new Event.PositionConverted(
                from.instrument(),
                state.day.day(),
                from.product(),
                to.product(),
                quantity,
                costPaise,
                "two clean reads show it, and no trade tells of it"));
        decision.emit(moved(less, -quantity, -costPaise));
        decision.emit(moved(more, quantity, costPaise));
        long rest = quantity - moveShare(share(NOBODY, from.instrument(), from.product()), to, quantity, decision);
        List<ProfitChanged> holders = state.positions.sharesOf(from.instrument(), from.product()).stream()
                .filter(share ->
                        !share.strategy().equals(NOBODY) && Long.signum(share.quantity()) == Long.signum(quantity))
                .toList();
        long all = holders.stream().mapToLong(ProfitChanged::quantity).sum();
        if (rest != 0 && (holders.size() == 1 || all == rest)) {
            for (ProfitChanged holder : holders) {
                rest -= moveShare(holder, to, rest, decision);
                decision.change(() -> state.targets.othersTraded(holder.strategy()));
            }
        }
        if (rest != 0) {
            contested(from, to, rest, costPaise * rest / quantity, decision);
        }
        decision.emit(new Event.Alarm(
                dev.holdfast.protocol.Severity.WARNING,
                "position " + state.market.name(from.instrument()),
                Math.abs(quantity) + " " + state.market.name(from.instrument()) + " were converted from "
                        + from.product() + " to " + to.product() + " at the broker"));
        return true;
    }

    /**
     * Books a part that cannot be given to one holder: it is taken from nobody's share under the old product and added to
     * nobody's under the new one.
     */
    private void contested(Positions.Key from, Positions.Key to, long rest, long costPaise, Decision decision) {
        ProfitChanged missing = share(NOBODY, from.instrument(), from.product());
        ProfitChanged found = share(NOBODY, to.instrument(), to.product());
        long taken = Math.abs(missing.quantity()) > 0 && Long.signum(missing.quantity()) == Long.signum(rest)
                ? missing.quantity()
                : 0; // moved above in this decision
        decision.emit(new ProfitChanged(
                state.day.day(),
                from.instrument(),
                from.product(),
                missing.quantity() - taken - rest,
                -costPaise,
                missing.realisedPaise(),
                missing.trades(),
                NOBODY));
        decision.emit(new ProfitChanged(
                state.day.day(),
                to.instrument(),
                to.product(),
                found.quantity() + taken + rest,
                found.costPaise() + (taken == 0 ? 0 : missing.costPaise()) + costPaise,
                found.realisedPaise(),
                found.trades(),
                NOBODY));
        decision.emit(new Event.Alarm(
                dev.holdfast.protocol.Severity.CRITICAL,
                "position " + state.market.name(from.instrument()) + " " + from.product(),
                Math.abs(rest) + " of what several hold was converted to " + to.product()
                        + "; they are banned from it until './holdfast position assign' says whose it was"));
    }

    /** Moves as much of the quantity as this share holds. */
    private long moveShare(ProfitChanged share, Positions.Key to, long quantity, Decision decision) {
        if (share.quantity() == 0 || Long.signum(share.quantity()) != Long.signum(quantity)) {
            return 0;
        }
        long part = Long.signum(quantity) * Math.min(Math.abs(quantity), Math.abs(share.quantity()));
        long costPaise = Math.multiplyExact(share.costPaise(), part) / share.quantity();
        move(share, -part, -costPaise, 0, decision);
        move(share(share.strategy(), to.instrument(), to.product()), part, costPaise, 0, decision);
        return part;
    }

    private static PositionChanged moved(PositionChanged position, long quantity, long costPaise) {
        return new PositionChanged(
                position.instrument(),
                position.product(),
                position.day(),
                Math.addExact(position.quantity(), quantity),
                position.openingQuantity(),
                Math.addExact(position.costPaise(), costPaise),
                position.realisedPaise(),
                position.boughtQuantity(),
                position.soldQuantity());
    }
}
