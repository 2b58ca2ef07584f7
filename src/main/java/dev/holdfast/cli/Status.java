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
        description = "Shows what runs and whether we can trade. Works when parts are down.",
        mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Override
    public Integer call() throws InterruptedException {
        Home home = Home.open(options.home());
        SystemStatus.Document document = new SystemStatus(home).collect();
        options.console().result(document, () -> text(home, document));
        return document.canTrade() ? 0 : Failure.NEGATIVE;
    }

    private static String text(Home home, SystemStatus.Document document) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("HOST", "PROCESS", "STATE", "PID", "RESTARTS", "DETAIL"));
        for (SystemStatus.HostLine host : document.hosts()) {
            rows.add(List.of(
                    host.host(),
                    "agent",
                    host.agentPid() == 0 ? "down" : "running",
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
                .map(entry -> String.format(Locale.ROOT, "  %-22s %s", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(System.lineSeparator()));
        String verdict = document.canTrade() ? "CAN TRADE" : "CANNOT TRADE: " + document.reason();
        return String.join(
                System.lineSeparator(), verdict, "", engine, "", Console.table(rows), notes(document.notes()));
    }

    private static String notes(List<String> notes) {
        return notes.isEmpty() ? "" : System.lineSeparator() + String.join(System.lineSeparator(), notes);
    }

    private static String pid(long pid) {
        return pid == 0 ? "-" : Long.toString(pid);
    }
}
