package dev.holdfast.agent.process;

import dev.holdfast.agent.Caretaker;
import dev.holdfast.runtime.JavaCommand;
import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One of our own Java processes. It outlives its agent: the next agent finds it by its folder and looks after it. */
public final class JavaProcess implements Caretaker {

    private static final Duration GRACE = Duration.ofSeconds(4);

    private final OwnedProcess process;
    private final Supplier<JavaCommand> commands;

    /** @param commands asked before each start */
    public JavaProcess(Path folder, Path logFile, Supplier<JavaCommand> commands) {
        this.process = new OwnedProcess(folder, logFile);
        this.commands = commands;
    }

    @Override
    public Observation observe() {
        return process.running()
                .map(handle -> new Observation(true, handle.pid(), process.exitCode(), ""))
                .orElseGet(() -> new Observation(false, 0, process.exitCode(), ""));
    }

    @Override
    public Optional<String> halted() {
        return process.halted();
    }

    @Override
    public void act(Decision decision) throws IOException, InterruptedException {
        switch (decision) {
            case START -> process.start(commands.get().words(), Map.of());
            case STOP -> process.stop(GRACE);
        }
    }
}
