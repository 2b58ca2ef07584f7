package dev.holdfast.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "status",
        description = {
            "Shows what runs and whether we can trade. Works when parts are down.",
            "Exit codes: 0 can trade, 1 cannot trade, 2 wrong usage, 3 unknown: nobody who would know was heard."
        },
        mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {

    private static final int FACTS_BEGIN = 25;

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Override
    public Integer call() throws InterruptedException {
        Home home = Home.open(options.home());
        SystemStatus.Document document = new SystemStatus(home).collect();
        options.console().result(document, () -> text(home, document));
        return switch (document.trading()) {
            case CAN -> 0;
            case CANNOT -> Failure.NEGATIVE;
            case UNKNOWN -> Failure.UNKNOWN;
        };
    }

    private static String text(Home home, SystemStatus.Document document) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("HOST", "PROCESS", "STATE", "PID", "RESTARTS", "DETAIL"));
        for (SystemStatus.HostLine host : document.hosts()) {
            rows.add(List.of(
                    host.host(),
                    "agent",
                    host.agent().name().toLowerCase(Locale.ROOT),
                    pid(host.agentPid()),
                    "",
                    host.address()));
            host.processes()
                    .forEach(process -> rows.add(List.of(
                            "",
                            process.name(),
                            process.state().toLowerCase(Locale.ROOT).replace('_', ' '),
                            pid(process.pid()),
                            Integer.toString(process.restarts()),
                            process.detail())));
        }
        if (home.configuration().broker().simulated()) {
            boolean runs = document.exchangePid() != 0;
            rows.add(List.of(
                    "-",
                    "exchange",
                    runs ? "running" : "down",
                    pid(document.exchangePid()),
                    "",
                    home.configuration().broker().address()));
        }
        String engine = document.engine().entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT,
                        "  %-22s %s",
                        entry.getKey(),
                        Console.wrapped(String.valueOf(entry.getValue()), FACTS_BEGIN)))
                .collect(Collectors.joining(System.lineSeparator()));
        String verdict = switch (document.trading()) {
            case CAN -> "CAN TRADE";
            case CANNOT -> "CANNOT TRADE: " + document.reason();
            case UNKNOWN -> "UNKNOWN: " + document.reason();
        };
        return String.join(
                System.lineSeparator(),
                Console.wrapped(verdict + source(document), 0),
                "",
                engine,
                "",
                Console.table(rows),
                notes(document.notes()));
    }

    private static String source(SystemStatus.Document document) {
        return document.source().isEmpty() || document.source().equals(TradingVerdict.ENGINE)
                ? ""
                : " (by the word of " + document.source() + ")";
    }

    private static String notes(List<String> notes) {
        return notes.stream()
                .map(note -> System.lineSeparator() + Console.wrapped(note, 0))
                .collect(Collectors.joining());
    }

    private static String pid(long pid) {
        return pid == 0 ? "-" : Long.toString(pid);
    }
}
