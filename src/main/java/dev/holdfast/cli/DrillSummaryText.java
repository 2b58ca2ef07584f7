package dev.holdfast.cli;

import dev.holdfast.drill.DrillReport;
import dev.holdfast.drill.DrillSummary;
import dev.holdfast.drill.Spread;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What several runs of one drill print. */
final class DrillSummaryText {

    private DrillSummaryText() {}

    static String of(List<DrillReport> reports, DrillSummary all) {
        List<DrillSummary> columns = new ArrayList<>(List.of(all));
        List<String> heading = new ArrayList<>(List.of("", "ALL RUNS"));
        if (!all.byRecoveryLeader().isEmpty()) {
            heading.addAll(List.of("RECOVERY LEADER STRUCK", "RECOVERY LEADER ELSEWHERE"));
            columns.addAll(all.byRecoveryLeader().values());
        }
        List<List<String>> rows = new ArrayList<>(List.of(heading));
        rows.add(row("runs", columns, each -> each.runs() + " " + each.verdicts()));
        rows.add(row("noticed after", columns, each -> millis(each.detectedMillis())));
        rows.add(row("next order after", columns, each -> millis(each.rtoTradeMillis())));
        rows.add(row("next acknowledged row", columns, each -> millis(each.rtoDurableMillis())));
        rows.add(row(
                "two primaries for",
                columns,
                each -> each.worstSplitBrainMillis() == null
                        ? "not measured"
                        : "at most " + each.worstSplitBrainMillis() + " ms"));
        rows.add(row("rows acknowledged", columns, each -> count(each.rowsAcknowledged())));
        rows.add(row("rows lost", columns, each -> count(each.rowsLost())));
        rows.add(row("rows lost that stood on one host", columns, each -> count(each.rowsLostAlone())));
        rows.add(row(
                "orders lost, doubled",
                columns,
                each -> count(each.ordersLost()) + ", " + count(each.ordersDuplicated())));
        List<List<String>> runs = new ArrayList<>();
        reports.forEach(
                each -> runs.add(List.of("  " + each.began(), each.verdict().word(), each.target(), each.reason())));
        return Console.table(runs) + "\n\n" + Console.table(rows);
    }

    private interface Cell {
        String of(DrillSummary column);
    }

    private static List<String> row(String name, List<DrillSummary> columns, Cell cell) {
        List<String> row = new ArrayList<>(List.of("  " + name));
        columns.forEach(column -> row.add(cell.of(column)));
        return row;
    }

    private static String millis(@Nullable Spread spread) {
        return spread == null
                ? "not measured"
                : "p50 " + spread.p50() + " ms, worst " + spread.worst() + " ms, of " + spread.count();
    }

    private static String count(@Nullable Long figure) {
        return figure == null ? "?" : figure.toString();
    }
}
