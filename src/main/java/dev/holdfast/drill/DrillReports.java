package dev.holdfast.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reports of drills as files of one folder, each named by its beginning and its drill. */
public final class DrillReports {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String ENDING = ".json";

    private final Path folder;

    public DrillReports(Path folder) {
        this.folder = folder;
    }

    /**
     * Whole or not at all, so that who looks on never reads half of it.
     *
     * @return the file
     */
    public Path keep(DrillReport report) throws IOException {
        Files.createDirectories(folder);
        // A colon is no letter for a file's name everywhere.
        Path file = folder.resolve(report.began().replaceAll("[-:]|\\.\\d+", "") + "-" + report.name() + ENDING);
        Path fresh = Files.writeString(folder.resolve(file.getFileName() + ".new"), JSON.writeValueAsString(report));
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * The newest of a drill; empty when it was never run.
     *
     * @throws IOException if it cannot be read
     */
    public Optional<DrillReport> last(Scenario scenario) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        Optional<Path> newest;
        try (Stream<Path> files = Files.list(folder)) {
            newest = files.filter(
                            file -> file.getFileName().toString().matches("\\w+Z-" + scenario.word() + "\\" + ENDING))
                    .max(Path::compareTo);
        }
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readString(newest.get()), DrillReport.class));
        } catch (JacksonException malformed) {
            throw new IOException(newest.get() + " cannot be read (" + malformed.getOriginalMessage()
                    + "); delete it if it is of no use");
        }
    }
}
