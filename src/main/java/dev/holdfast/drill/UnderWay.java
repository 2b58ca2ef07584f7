package dev.holdfast.drill;

import dev.holdfast.drill.DrillReport.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The drill or chaos at work, told in a file beside its lock for whoever looks on, and whoever started it. A file whose process
 * is gone tells of one that ended before it could judge.
 */
public final class UnderWay {

    private static final String NAME = "under-way.json";
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final String name;
    private final String purpose;
    private final Phases phases;

    private UnderWay(Path folder, String name, String purpose, Phases phases) {
        this.folder = folder;
        this.name = name;
        this.purpose = purpose;
        this.phases = phases;
    }

    /**
     * What is at work.
     *
     * @param name of the drill, or {@code chaos}
     * @param startTicks of its process, which together with the pid is no other's
     * @param phases those that are over
     * @param phase the present one, empty between two
     * @param phaseStartedMillis since the beginning
     */
    public record Work(
            String name,
            String purpose,
            long pid,
            long startTicks,
            long beganMillis,
            List<Phase> phases,
            String phase,
            long phaseStartedMillis) {

        public Work {
            phases = List.copyOf(phases);
        }

        /** Whether its process is still there. */
        public boolean lives() {
            return !new ProcessIdentity(pid, startTicks).gone();
        }
    }

    /** For the process that calls; each change of these phases is told from now on. */
    static void tell(Path folder, String name, String purpose, Phases phases) throws IOException {
        Files.createDirectories(folder);
        UnderWay underWay = new UnderWay(folder, name, purpose, phases);
        phases.whenChanged(underWay::write);
        underWay.write();
    }

    /** Of chaos, which has no phases. */
    public static void tellChaos(Path folder, String purpose) throws IOException {
        tell(folder, "chaos", purpose, new Phases());
    }

    /** What it found is kept, or printed. */
    public static void over(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(NAME));
    }

    /** Empty when nothing is at work, or when that cannot be read: it is only for people to look at. */
    public static Optional<Work> read(Path folder) {
        try {
            return Optional.of(JSON.readValue(Files.readString(folder.resolve(NAME)), Work.class));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | JacksonException unreadable) {
            return Optional.empty();
        }
    }

    private void write() {
        long pid = ProcessHandle.current().pid();
        long startTicks =
                ProcessIdentity.of(pid).map(ProcessIdentity::startTicks).orElse(0L);
        Work work = new Work(
                name,
                purpose,
                pid,
                startTicks,
                phases.beganMillis(),
                phases.all(),
                phases.present(),
                phases.presentStartedMillis());
        try {
            Path fresh = Files.writeString(folder.resolve(NAME + ".new"), JSON.writeValueAsString(work));
            Files.move(
                    fresh, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException untold) {
            // What is only looked at must not end a drill in the middle of its fault.
        }
    }
}
