package dev.holdfast.drill;

import dev.holdfast.audit.AuditReport;
import dev.holdfast.drill.DrillReport.Phase;
import dev.holdfast.drill.DrillReport.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that a drill saw, and the verdict on it. Pure.
 *
 * @param aborted why it ended before the fault, empty when it did not
 * @param unproved why the fault does not count, empty when it does
 * @param notWhole what was still missing when patience was over, empty when nothing was
 * @param faults one after another
 * @param database whether there is one that is decided about
 * @param termBefore of its primary; 0 when not known
 * @param rows null when they could not be judged
 * @param trading what the exchange saw of us while the broker had a trouble; null when it had none
 * @param audit null when it could not be made
 */
record DrillFindings(
        Scenario scenario,
        String aborted,
        String unproved,
        String notWhole,
        List<Drill.Outcome> faults,
        boolean database,
        long termBefore,
        long termAfter,
        @Nullable RowFindings rows,
        @Nullable TradingSeen trading,
        @Nullable AuditReport audit) {

    /** So long trading may stand still for something that the broker shows. */
    static final long LONGEST_PAUSE_MILLIS = 5_000;

    /** So many orders may be refused before we stop asking. */
    static final long MOST_REFUSED = 20;

    DrillFindings {
        faults = List.copyOf(faults);
    }

    /** What came of it, in one word and one sentence. */
    record Judgement(Verdict verdict, String reason) {}

    Map<String, Boolean> invariants() {
        Map<String, Boolean> invariants = new LinkedHashMap<>(audit == null ? Map.of() : audit.invariants());
        if (rows != null) {
            invariants.put("OnePrimary", rows.lostBesideNewPrimary() == 0);
            invariants.put("NoRowLost", rows.lost() == 0);
        }
        return invariants;
    }

    Judgement judgement() {
        List<String> broken = invariants().entrySet().stream()
                .filter(each -> !each.getValue())
                .map(Map.Entry::getKey)
                .toList();
        if (!broken.isEmpty()) {
            return new Judgement(Verdict.FAIL, "broken: " + String.join(", ", broken));
        }
        if (!aborted.isEmpty()) {
            return new Judgement(Verdict.ABORTED, aborted);
        }
        if (!notWhole.isEmpty()) {
            return new Judgement(Verdict.FAIL, notWhole);
        }
        if (!unproved.isEmpty()) {
            return new Judgement(Verdict.INCONCLUSIVE, unproved);
        }
        if (audit == null || (database && rows == null)) {
            return new Judgement(
                    Verdict.INCONCLUSIVE,
                    audit == null ? "it could not be audited" : "its rows could not be read back");
        }
        List<String> unseen = unseen();
        return unseen.isEmpty()
                ? new Judgement(Verdict.PASS, scenario.shows())
                : new Judgement(Verdict.PARTIAL, String.join("; ", unseen));
    }

    private List<String> unseen() {
        List<String> unseen = new ArrayList<>();
        if (worst(each -> each.figures().nextOrderMillis()) == null) {
            unseen.add("no order that was wished after the fault was seen at the exchange");
        }
        if (trading != null && scenario.mustTradeOn() && trading.pauseMillis() > LONGEST_PAUSE_MILLIS) {
            unseen.add("no order reached the exchange for " + trading.pauseMillis() + " ms; at most "
                    + LONGEST_PAUSE_MILLIS + " were expected");
        }
        if (trading != null && scenario.mustStopAsking() && trading.asked() > MOST_REFUSED) {
            unseen.add(trading.asked() + " orders were asked for while none was taken; at most " + MOST_REFUSED
                    + " were expected");
        }
        Long outageMillis = rows == null ? null : rows.rtoDurableMillis();
        if (rows != null && outageMillis == null) {
            unseen.add("no row was acknowledged after the fault");
        }
        if (outageMillis != null && scenario.mustGoOn() && outageMillis >= scenario.lengthMillis()) {
            unseen.add("rows were acknowledged again only after " + outageMillis + " ms, when the fault of "
                    + scenario.lengthMillis() + " ms was over");
        }
        Long splitBrainMillis = rows == null ? null : rows.splitBrainMillis();
        if (splitBrainMillis != null && splitBrainMillis > 0) {
            unseen.add("the old primary was heard to acknowledge rows for " + splitBrainMillis
                    + " ms after the new one's first; the new one has each of them");
        }
        if (scenario.strikesRecoveryLeader() && worst(each -> each.figures().detectMillis()) == null) {
            unseen.add("no other voter was seen to lead the recovery machine");
        }
        if (database) {
            boolean moved = termAfter > termBefore;
            switch (scenario.primary()) {
                case MOVES -> {
                    if (!moved) {
                        unseen.add("the primary of term " + termBefore + " is still in service; another was expected");
                    }
                }
                case STAYS -> {
                    if (moved) {
                        unseen.add("the database moved from term " + termBefore + " to " + termAfter
                                + (faults.size() > 1 ? " after " + faults.size() + " faults" : "")
                                + "; it was expected to stay");
                    }
                }
                case EITHER -> {}
            }
        }
        return unseen;
    }

    /** The worst of all faults; null when one has none. */
    @Nullable
    Long worst(Function<Drill.Outcome, @Nullable Long> figure) {
        List<Long> known = faults.stream().map(figure).filter(Objects::nonNull).toList();
        return known.isEmpty() || known.size() < faults.size()
                ? null
                : known.stream().max(Long::compare).orElseThrow();
    }

    /** Whether any fault met the host of the recovery machine's leader; null when that is not known of each. */
    private @Nullable Boolean recoveryLeaderStruck() {
        List<Boolean> known = faults.stream()
                .map(Drill.Outcome::recoveryLeaderStruck)
                .filter(Objects::nonNull)
                .toList();
        boolean each = !faults.isEmpty() && known.size() == faults.size();
        return each ? Boolean.valueOf(known.contains(true)) : null;
    }

    DrillReport report(String purpose, String began, List<Phase> phases, String machine) {
        Judgement judgement = judgement();
        return new DrillReport(
                scenario.word(),
                judgement.verdict(),
                judgement.reason(),
                purpose,
                began,
                faults.stream().map(Drill.Outcome::target).distinct().collect(Collectors.joining(", ")),
                phases,
                worst(each -> each.figures().detectMillis()),
                worst(each -> each.figures().nextOrderMillis()),
                rows == null ? null : rows.rtoDurableMillis(),
                worst(each -> each.figures().nextDurableMillis()),
                rows == null ? null : Long.valueOf(rows.acknowledged()),
                rows == null ? null : Long.valueOf(rows.lost()),
                rows == null ? null : Long.valueOf(rows.lostAlone()),
                audit == null ? null : Long.valueOf(audit.lost()),
                audit == null ? null : Long.valueOf(audit.duplicated()),
                rows == null ? null : rows.splitBrainMillis(),
                recoveryLeaderStruck(),
                invariants(),
                machine);
    }
}
