package dev.holdfast.dashboard;

import dev.holdfast.drill.Scenario;
import dev.holdfast.drill.UnderWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Starts a drill as a process in a session of its own, since it may be about to kill this one. It judges by itself whether it
 * may run; its output stays in two files beside the lock.
 */
final class DrillStart {

    static final String ANSWER = "page.json";
    static final String OUTPUT = "page.log";

    /** A command needs two seconds to be at work, and many times that on a machine without a free processor. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final long LOOK_AGAIN_MILLIS = 50;

    private final DrillDesk desk;
    private final JsonMapper json;

    DrillStart(DrillDesk desk, JsonMapper json) {
        this.desk = desk;
        this.json = json;
    }

    /** What came of it. */
    sealed interface Outcome {
        record AtWork() implements Outcome {}

        /** @param why in the words of the command, or of this system's configuration */
        record Refused(String why) implements Outcome {}

        record Unknown(String text) implements Outcome {}
    }

    /** One at a time: a second one waits, and finds the first at work. */
    synchronized Outcome start(Scenario scenario, String reason) throws IOException, InterruptedException {
        if (!desk.refusal().isEmpty()) {
            return new Outcome.Refused(desk.refusal());
        }
        Optional<UnderWay.Work> atWork = UnderWay.read(desk.work()).filter(UnderWay.Work::lives);
        if (atWork.isPresent()) {
            return new Outcome.Refused(atWork.get().name() + " is at work ("
                    + atWork.get().purpose() + "), and never are two at once; wait for its end");
        }
        Process process = launch(scenario, reason);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!tellsOf(process) && System.nanoTime() - deadline < 0) {
            if (process.waitFor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                return ended(process.exitValue());
            }
        }
        return tellsOf(process)
                ? new Outcome.AtWork()
                : new Outcome.Unknown("the drill was started as process " + process.pid() + " and is not at work after "
                        + LIMIT.toSeconds() + " s; " + output() + " tells why; this page shows it if it begins yet");
    }

    private Process launch(Scenario scenario, String reason) throws IOException {
        Files.createDirectories(desk.work());
        List<String> words = new ArrayList<>(List.of("setsid"));
        words.addAll(desk.command().words(scenario, reason));
        return new ProcessBuilder(words)
                .directory(desk.work().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(desk.work().resolve(ANSWER).toFile())
                .redirectError(output().toFile())
                .start();
    }

    private Path output() {
        return desk.work().resolve(OUTPUT);
    }

    private boolean tellsOf(Process process) {
        return UnderWay.read(desk.work())
                .filter(work -> work.pid() == process.pid())
                .isPresent();
    }

    /** With a report it was at work, for a moment. */
    private Outcome ended(int exitCode) throws IOException {
        try {
            JsonNode answer = json.readTree(Files.readString(desk.work().resolve(ANSWER)));
            if (answer.has("verdict")) {
                return new Outcome.AtWork();
            }
            if (answer.has("error")) {
                return new Outcome.Refused(answer.get("error").asString());
            }
        } catch (JacksonException torn) {
            // It died before it could answer.
        }
        return new Outcome.Unknown(
                "the drill ended with exit code " + exitCode + " and gave no answer; " + output() + " tells why");
    }
}
