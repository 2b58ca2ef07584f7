package dev.holdfast.agent;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Runs a program that is expected to end soon. */
public final class ShortCommand {

    private ShortCommand() {}

    /** @param output both streams together */
    public record Result(int exitCode, String output) {
        public boolean succeeded() {
            return exitCode == 0;
        }

        /** The end of the output, on one line. */
        public String lastWords() {
            String line = output.strip().replaceAll("\\s*\\R\\s*", " | ");
            return line.length() <= 400 ? line : line.substring(line.length() - 400);
        }
    }

    /** @throws IOException if it cannot be started, or was killed because it took longer than the limit */
    public static Result run(List<String> command, Map<String, String> environment, String input, Duration limit)
            throws IOException, InterruptedException {
        return run(command, environment, input, limit, _ -> {});
    }

    /** @param started is told of the process once it runs */
    public static Result run(
            List<String> command,
            Map<String, String> environment,
            String input,
            Duration limit,
            Consumer<Process> started)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.accept(process);
        CompletableFuture<String> output = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                output.complete(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException failure) {
                output.completeExceptionally(failure);
            }
        });
        try {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException endedEarly) {
                // Its exit code and output say more than the broken pipe does.
                endedEarly.addSuppressed(new IOException(command.getFirst() + " did not read all of its input"));
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(name(command) + " took longer than " + limit.toSeconds() + " s and was stopped");
            }
            return new Result(process.exitValue(), output.get(1, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException unreadable) {
            return new Result(process.exitValue(), "(its output could not be read)");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    public static Result run(List<String> command, Duration limit) throws IOException, InterruptedException {
        return run(command, Map.of(), "", limit);
    }

    private static String name(List<String> command) {
        return command.stream()
                .filter(part -> part.startsWith("/") && !part.endsWith("setpriv"))
                .findFirst()
                .orElse(command.getFirst());
    }
}
