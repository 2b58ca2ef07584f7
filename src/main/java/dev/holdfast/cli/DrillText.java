package dev.holdfast.cli;

import dev.holdfast.drill.DrillReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What drills print. */
final class DrillText {

    private static final int MINUTES_OF_A_DATE = "2026-01-31T12:00".length();

    private DrillText() {}

    /** @param last null when it was never run */
    record Line(String name, String does, @Nullable DrillReport last) {}

    static String list(List<Line> lines) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("DRILL", "LAST RUN (UTC)", "VERDICT", "ORDER", "ROW", "LOST", "WHAT IT DOES"));
        for (Line line : lines) {
            DrillReport last = line.last;
            rows.add(
                    last == null
                            ? List.of(line.name, "never run", "-", "-", "-", "-", line.does)
                            : List.of(
                                    line.name,
                                    date(last),
                                    last.verdict().word(),
                                    after(last.rtoTradeMillis()),
                                    after(last.rtoDurableMillis()),
                                    lost(last),
                                    line.does));
        }
        return Console.table(rows);
    }

    static String of(DrillReport report) {
        String phases = report.phases().stream()
                .map(phase -> String.format(
                        Locale.ROOT,
                        "  %7.1f s  %-50s %8.1f s",
                        phase.startedMillis() / 1e3,
                        phase.name(),
                        phase.tookMillis() / 1e3))
                .collect(Collectors.joining("\n"));
        String invariants = report.invariants().entrySet().stream()
                .map(entry ->
                        String.format(Locale.ROOT, "  %-18s %s", entry.getKey(), entry.getValue() ? "holds" : "BROKEN"))
                .collect(Collectors.joining("\n"));
        return """
                %s  %s

                %s

                  noticed after             %s
                  next order after          %s
                  next acknowledged row     %s
                  next recorded event       %s
                  two primaries for         %s
                  rows                      %s acknowledged, %s lost
                  rows on one host only     %s lost
                  orders                    %s lost, %s doubled

                %s

                %s: %s
                %s""".formatted(
                        report.name(),
                        report.target(),
                        phases,
                        millis(report.detectedMillis()),
                        millis(report.rtoTradeMillis()),
                        millis(report.rtoDurableMillis()),
                        millis(report.recordedMillis()),
                        millis(report.splitBrainMillis()),
                        count(report.rowsAcknowledged()),
                        count(report.rowsLost()),
                        count(report.rowsLostAlone()),
                        count(report.ordersLost()),
                        count(report.ordersDuplicated()),
                        invariants,
                        report.verdict().word().toUpperCase(Locale.ROOT),
                        report.reason(),
                        report.machine());
    }

    private static String date(DrillReport report) {
        return report.began()
                .substring(0, Math.min(MINUTES_OF_A_DATE, report.began().length()))
                .replace('T', ' ');
    }

    /** How long after the fault. */
    private static String after(@Nullable Long millis) {
        return millis == null ? "-" : millis + " ms";
    }

    private static String lost(DrillReport last) {
        String rows = count(last.rowsLost());
        String orders = count(last.ordersLost());
        return rows.equals("0") && orders.equals("0") ? "none" : rows + " rows, " + orders + " orders";
    }

    private static String millis(@Nullable Long figure) {
        return figure == null ? "not measured" : figure + " ms";
    }

    private static String count(@Nullable Long figure) {
        return figure == null ? "?" : figure.toString();
    }
}
