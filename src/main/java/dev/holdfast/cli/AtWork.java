package dev.holdfast.cli;

import dev.holdfast.drill.UnderWay;
import dev.holdfast.log.LogUnavailable;
import dev.holdfast.runtime.FolderLock;
import dev.holdfast.runtime.OwnedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Commands that work on a home for a while, and that its end must not leave behind: 'up', drills and chaos. */
final class AtWork {

    /** Time for a drill that was asked to end: it lifts its fault and judges. */
    private static final Duration GRACE = Duration.ofSeconds(8);

    /** Time for the command that lifts the fault of a drill that was killed. */
    private static final Duration LIFT_LIMIT = Duration.ofSeconds(20);

    private static final long LOOK_AGAIN_MILLIS = 200;

    private final Home home;
    private final Console console;

    AtWork(Home home, Console console) {
        this.home = home;
        this.console = console;
    }

    /** The folder with the lock and the process id of an 'up' that is at work. */
    static Path upFolder(Home home) {
        return home.state().resolve("up");
    }

    private static Path upPid(Home home) {
        return upFolder(home).resolve("pid");
    }

    /** Notes this process as the 'up' that holds the lock. */
    static void tellUp(Home home) throws IOException {
        Files.writeString(upPid(home), ProcessHandle.current().pid() + "\n");
    }

    /** @return what was ended, in words */
    List<String> end() throws InterruptedException {
        List<String> ended = new ArrayList<>();
        try {
            endUp().ifPresent(ended::add);
            endDrill().ifPresent(ended::add);
        } catch (IOException | LogUnavailable | Failure failure) {
            console.warn("something may still be at work on " + home.path() + ", or its fault still be there: "
                    + failure.getMessage() + "; './holdfast chaos --lift' tries again once the system runs");
        }
        ended.forEach(console::progress);
        return ended;
    }

    private Optional<String> endUp() throws IOException, InterruptedException {
        try (FolderLock _ = FolderLock.take(upFolder(home))) {
            return Optional.empty();
        } catch (FolderLock.Taken held) {
            String pid =
                    Files.exists(upPid(home)) ? Files.readString(upPid(home)).strip() : "";
            Optional<ProcessHandle> up =
                    pid.matches("\\d{1,18}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
            if (up.isEmpty()) {
                return Optional.empty();
            }
            end(up.get(), Duration.ofSeconds(1));
            return Optional.of("ended the 'up' that was at work, process " + pid);
        }
    }

    private Optional<String> endDrill() throws IOException, InterruptedException {
        Optional<UnderWay.Work> work = UnderWay.read(home.chaos()).filter(UnderWay.Work::lives);
        if (work.isEmpty()) {
            return Optional.empty();
        }
        String name = work.get().name();
        console.progress(name + " is at work, process " + work.get().pid() + "; it is ended first");
        Optional<ProcessHandle> process = ProcessHandle.of(work.get().pid());
        if (process.isPresent()) {
            end(process.get(), GRACE);
        }
        lift();
        UnderWay.over(home.chaos());
        return Optional.of("ended " + name + " and lifted its fault");
    }

    /** Lifts the fault of a drill that was killed, unless a process that the drill left behind does so already. */
    private void lift() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIFT_LIMIT.toNanos();
        while (true) {
            try {
                Drilling.lift(home, console);
                return;
            } catch (Failure held) {
                if (System.nanoTime() - deadline > 0) {
                    throw held;
                }
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
        }
    }

    private static void end(ProcessHandle process, Duration grace) throws InterruptedException {
        process.destroy();
        if (!OwnedProcess.awaitExit(process, grace)) {
            process.destroyForcibly();
            boolean _ = OwnedProcess.awaitExit(process, grace);
        }
    }
}
