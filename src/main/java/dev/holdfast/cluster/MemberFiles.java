package dev.holdfast.cluster;

import io.aeron.archive.ArchiveTool;
import io.aeron.archive.ArchiveTool.VerifyOption;
import io.aeron.cluster.RecordingLog;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads all that a member keeps, with the checksum of every message. The member must not run. */
final class MemberFiles {

    private static final Set<VerifyOption> ALL = EnumSet.of(VerifyOption.VERIFY_ALL_SEGMENT_FILES);
    private static final int SHOWN = 300;

    private final TraderOptions options;

    MemberFiles(TraderOptions options) {
        this.options = options;
    }

    /** The first damage found in the member's files; empty when they are whole. */
    Optional<String> damage() {
        File archive = options.archiveFolder().toFile();
        if (!Files.isDirectory(options.clusterFolder()) && !archive.exists()) {
            return Optional.empty(); // nothing was ever kept
        }
        if (!archive.isDirectory()) {
            return Optional.of(archive + " is no folder");
        }
        try (RecordingLog log = new RecordingLog(options.clusterFolder().toFile(), false)) {
            Map<Long, ListedRecording> listed = RecordedLog.recordings(archive.toPath());
            for (RecordingLog.Entry entry : log.entries()) {
                if (entry.isValid && !listed.containsKey(entry.recordingId)) {
                    return Optional.of(
                            "recording " + entry.recordingId + " is not in the list of recordings in " + archive);
                }
            }
            return segments(archive).or(() -> checksums(archive.toPath(), listed.values()));
        } catch (RuntimeException unreadable) {
            return Optional.of("in " + archive + ": " + unreadable.getMessage());
        }
    }

    private static Optional<String> segments(File archive) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, false, StandardCharsets.UTF_8);
        boolean sound = ArchiveTool.verify(out, archive, ALL, null, file -> false);
        return sound ? Optional.empty() : Optional.of("in " + archive + ": " + complaints(said));
    }

    /** The tool's own way to them needs a package of the JDK that is not open. */
    private static Optional<String> checksums(Path archive, Collection<ListedRecording> listed) {
        for (ListedRecording recording : listed) {
            RecordedMessages messages = new RecordedMessages(archive, recording, recording.startPosition());
            boolean more = true;
            while (more) {
                more = messages.next(); // each is checked as it is read
            }
            if (messages.damaged()) {
                return Optional.of("in " + archive + ": recording " + recording.id() + " has a wrong checksum at byte "
                        + messages.position());
            }
        }
        return Optional.empty();
    }

    private static String complaints(ByteArrayOutputStream said) {
        String text = said.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.contains(") OK"))
                .reduce((one, two) -> one + "; " + two)
                .orElse("recordings are damaged");
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + " ...";
    }
}
