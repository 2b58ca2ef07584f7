package dev.holdfast.agent.process;

import dev.holdfast.agent.Caretaker;
import dev.holdfast.runtime.JavaCommand;
import dev.holdfast.runtime.Loop;
import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One of our own Java processes. It outlives its agent: the next agent finds it by its folder and looks after it. */
public final class JavaProcess implements Caretaker {

    private static final Duration GRACE = Duration.ofSeconds(4);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final OwnedProcess process;
    private final Supplier<JavaCommand> commands;
    private final URI alive;

    /**
     * @param commands asked before each start
     * @param address where it answers whether its loops turn
     */
    public JavaProcess(Path folder, Path logFile, Supplier<JavaCommand> commands, URI address) {
        this.process = new OwnedProcess(folder, logFile);
        this.commands = commands;
        this.alive = address.resolve(Loop.PATH);
    }

    @Override
    public Observation observe() {
        return process.running()
                .map(handle -> new Observation(true, handle.pid(), process.exitCode(), ""))
                .orElseGet(() -> new Observation(false, 0, process.exitCode(), ""));
    }

    @Override
    public String ask() throws IOException {
        return HealthQuestion.problem(alive, ANSWER);
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
            case KILL -> process.kill();
        }
    }
}
