package dev.holdfast.cli;

import dev.holdfast.runtime.BoundedLogFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Shows what processes printed.", mixinStandardHelpOptions = true)
final class Logs implements Callable<Integer> {

    private static final long FOLLOW_MILLIS = 200;

    @Mixin
    private HomeOptions options = new HomeOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "PROCESS",
            description = "as a log is named, such as a-trader; all without")
    private String process = "";

    @Option(
            names = "-n",
            paramLabel = "LINES",
            defaultValue = "20",
            description = "lines of each (default: ${DEFAULT-VALUE})")
    private int lines = 20;

    @Option(names = "-f", description = "go on showing what one process prints")
    private boolean follow;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = options.console();
        List<Path> files = files(options.home().resolve("logs"));
        if (follow && (files.size() != 1 || options.json())) {
            throw Failure.usage("-f follows one process, as text; name one of "
                    + files.stream().map(Logs::name).toList());
        }
        Map<String, List<String>> tails = new LinkedHashMap<>();
        files.forEach(file -> tails.put(name(file), BoundedLogFile.tail(file, lines)));
        console.result(tails, () -> text(tails));
        if (follow) {
            follow(console, files.getFirst());
        }
        return 0;
    }

    private List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            List<Path> logs = all.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
            List<Path> chosen = logs.stream()
                    .filter(file -> process.isEmpty() || name(file).equals(process))
                    .toList();
            if (chosen.isEmpty()) {
                throw Failure.usage("no log " + (process.isEmpty() ? "in " + folder : "of '" + process + "'")
                        + "; there are " + logs.stream().map(Logs::name).toList());
            }
            return chosen;
        }
    }

    private static String text(Map<String, List<String>> tails) {
        StringBuilder text = new StringBuilder();
        tails.forEach((name, tail) -> {
            if (tails.size() > 1) {
                text.append("==> ").append(name).append('\n');
            }
            tail.forEach(line -> text.append(line).append('\n'));
        });
        return text.toString().stripTrailing();
    }

    /** Ends with the terminal's interrupt. */
    private static void follow(Console console, Path file) throws IOException, InterruptedException {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            reader.skip(Files.size(file));
            while (true) {
                String line = reader.readLine();
                if (line == null) {
                    Thread.sleep(FOLLOW_MILLIS);
                } else {
                    console.raw(line);
                }
            }
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.log$", "");
    }
}
