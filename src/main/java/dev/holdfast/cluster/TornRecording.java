package dev.holdfast.cluster;

import io.aeron.archive.ArchiveTool;
import io.aeron.archive.client.ArchiveException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A recording whose last message was written only in part, by a disk that became full or a machine that lost its power. The
 * archive does not start on it. Cutting that message off loses nothing that counts: a member reports what it has only after
 * the whole write, so no majority was ever built on it, and what is missing comes from the other members.
 *
 * @param id the recording
 */
record TornRecording(long id) {

    private static final Logger LOGGER = LoggerFactory.getLogger(TornRecording.class);

    /** How the archive (1.51) names it: {@code Catalog.refreshAndFixDescriptor}. */
    private static final Pattern COMPLAINT =
            Pattern.compile("incomplete last fragment straddling page boundary in file: \\S*?(\\d+)-\\d+\\.rec\\b");

    /** The one that this failed start complains of. */
    static Optional<TornRecording> in(Throwable failure) {
        Matcher complaint = COMPLAINT.matcher(String.valueOf(failure.getMessage()));
        return failure instanceof ArchiveException && complaint.find()
                ? Optional.of(new TornRecording(Long.parseLong(complaint.group(1))))
                : Optional.empty();
    }

    /**
     * Cuts the incomplete message off. The archive must not run.
     *
     * @throws TraderFailure if the rest of the recording is damaged too
     */
    void cut(TraderOptions options) {
        Path archiveFolder = options.archiveFolder();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        boolean sound = ArchiveTool.verifyRecording(
                new PrintStream(said, false, StandardCharsets.UTF_8),
                archiveFolder.toFile(),
                id,
                Set.of(),
                null,
                file -> true);
        String verdict = said.toString(StandardCharsets.UTF_8).strip();
        if (!sound) {
            throw new TraderFailure("recording " + id + " in " + archiveFolder + " is damaged: " + verdict + "; "
                    + options.profile().remedy());
        }
        LOGGER.warn("incomplete last message cut off recording={} verdict=\"{}\"", id, verdict);
    }
}
