package dev.holdfast.drill;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small process that outlives us: when we die without having closed it, it runs a command that tidies up. */
public final class Warden implements AutoCloseable {

    private static final String SCRIPT = """
            trap '' HUP INT
            tail --pid="$1" -f /dev/null
            shift
            exec "$@"
            """;

    private final Process process;

    private Warden(Process process) {
        this.process = process;
    }

    /** @param command run at our death */
    public static Warden watching(List<String> command) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "setsid",
                "sh",
                "-c",
                SCRIPT,
                "holdfast-warden",
                Long.toString(ProcessHandle.current().pid())));
        words.addAll(command);
        return new Warden(new ProcessBuilder(words)
                .directory(Path.of("/").toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** The shell first: without it, what it waits for has no consequence. */
    @Override
    public void close() {
        List<ProcessHandle> waiting = process.descendants().toList();
        process.destroyForcibly();
        waiting.forEach(ProcessHandle::destroyForcibly);
    }
}
