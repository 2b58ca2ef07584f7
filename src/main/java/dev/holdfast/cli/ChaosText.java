package dev.holdfast.cli;

import dev.holdfast.drill.ChaosReport;
import dev.holdfast.drill.ChaosReport.Fault;
import dev.holdfast.drill.Spread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What chaos prints, and how its duration is read. */
final class ChaosText {

    private ChaosText() {}

    /** @throws IllegalArgumentException if it is none */
    static Duration duration(String text) {
        if (!text.matches("[1-9]\\d{0,5}[smh]")) {
            throw new IllegalArgumentException(
                    "--for is '" + text + "', expected a number and s, m or h, such as 90s, 30m or 2h");
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    static String of(ChaosReport report) {
        Map<String, List<Fault>> byKind =
                report.faults().stream().collect(Collectors.groupingBy(Fault::kind, TreeMap::new, Collectors.toList()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("FAULT", "COUNT", "NOTICED p50", "worst", "NEXT ORDER p50", "worst", "DURABLE p50", "worst"));
        byKind.forEach((kind, faults) -> {
            List<String> row = new ArrayList<>(List.of(kind, Integer.toString(faults.size())));
            row.addAll(columns(faults, Fault::detectMillis));
            row.addAll(columns(faults, Fault::nextOrderMillis));
            row.addAll(columns(faults, Fault::nextDurableMillis));
            rows.add(row);
        });
        String invariants = report.invariants().entrySet().stream()
                .map(entry ->
                        String.format(Locale.ROOT, "  %-18s %s", entry.getKey(), entry.getValue() ? "holds" : "BROKEN"))
                .collect(Collectors.joining("\n"));
        String differences = report.audit() == null
                ? "\n  not audited"
                : report.audit().differences().stream()
                        .map(line -> "\n  " + line)
                        .collect(Collectors.joining());
        return Console.table(rows) + "\n\n" + invariants + differences + "\n\n"
                + report.verdict().toUpperCase(Locale.ROOT) + ": "
                + report.faults().size() + " faults, seed "
                + report.seed() + "; times in ms";
    }

    private static List<String> columns(List<Fault> faults, Function<Fault, @Nullable Long> figure) {
        List<Long> known = faults.stream().map(figure).filter(Objects::nonNull).toList();
        return Spread.of(known)
                .map(spread -> List.of(Long.toString(spread.p50()), Long.toString(spread.worst())))
                .orElse(List.of("-", "-"));
    }
}
