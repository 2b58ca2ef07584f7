package dev.holdfast.bench;

import dev.holdfast.runtime.JavaCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Java process of a measurement, with the flags that its kind has in production. It ends when its standard input does, so
 * that nothing outlives whoever measures, however that ends.
 */
public final class BenchProcess implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long STOP_SECONDS = 10;

    private final Process process;
    private final String name;
    private final Path logFile;

    private BenchProcess(Process process, String name, Path logFile) {
        this.process = process;
        this.name = name;
        this.logFile = logFile;
    }

    static BenchProcess start(
            JavaCommand.Kind kind, Class<?> mainClass, List<String> arguments, Path folder, String name)
            throws IOException {
        Path logFile = folder.resolve(name + ".log");
        Process process = new ProcessBuilder(JavaCommand.words(kind, mainClass.getName(), arguments))
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .start();
        return new BenchProcess(process, name, logFile);
    }

    /** Waits for the one JSON document that a process prints at its end. */
    List<BenchRow> rows() throws InterruptedException {
        try {
            byte[] document = process.getInputStream().readAllBytes();
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw new BenchFailure("'" + name + "' ended with exit code " + exitCode + ": " + lastLines());
            }
            return new ArrayList<>(List.of(JSON.readValue(document, BenchRow[].class)));
        } catch (IOException broken) {
            throw new BenchFailure("'" + name + "' broke off: " + lastLines(), broken);
        }
    }

    /** Called by the process itself: prints its result. */
    static void print(List<BenchRow> rows) {
        System.out.println(JSON.writeValueAsString(rows));
    }

    /** Called by the process itself: ends it with its starter. */
    static void endWithStarter() {
        Thread.ofPlatform().daemon().name("starter").start(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException gone) {
                System.err.println("the starter is gone: " + gone);
            }
            Runtime.getRuntime().halt(0); // in order would mean a snapshot; nothing of it is kept
        });
    }

    /** Writes one line to its input: what must not stand among the arguments. */
    void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String lastLines() {
        return lastLines(logFile);
    }

    /** For a failure's message. */
    public static String lastLines(Path logFile) {
        try {
            List<String> lines = Files.readAllLines(logFile, StandardCharsets.UTF_8);
            return String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException unreadable) {
            return "its log " + logFile + " cannot be read: " + unreadable;
        }
    }

    /** Asks it to end by closing its input; kills it when that takes too long. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException alreadyGone) {
            // Its end of the pipe is closed: it ends or has ended.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
