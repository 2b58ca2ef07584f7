package dev.holdfast.agent.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Old data that must make room leave behind the files that may hold rows which nobody else has. */
final class EvidenceTest {

    @TempDir
    private Path folder;

    @Test
    void of_data_that_make_room_the_newest_wal_by_time_its_histories_and_the_control_file_are_kept()
            throws IOException {
        Path data = folder.resolve("data");
        for (int segment = 1; segment <= 6; segment++) {
            write(data.resolve("pg_wal/00000002000000000000000" + segment), segment);
        }
        write(data.resolve("pg_wal/0000000200000000000000FF"), 0); // an old one, renamed for later use
        write(data.resolve("pg_wal/00000002.history"), 0);
        write(data.resolve("global/pg_control"), 0);
        write(data.resolve("base/5/1259"), 9);

        new Evidence(folder).keepLastWal(data);

        Path kept = folder.resolve("data.evidence-1");
        assertThat(data).doesNotExist();
        assertThat(kept.resolve("base")).doesNotExist();
        assertThat(kept.resolve("pg_wal"))
                .isDirectoryContaining(path -> path.endsWith("000000020000000000000003"))
                .isDirectoryContaining(path -> path.endsWith("000000020000000000000006"))
                .isDirectoryContaining(path -> path.endsWith("00000002.history"))
                .isDirectoryNotContaining(path -> path.endsWith("000000020000000000000002"))
                .isDirectoryNotContaining(path -> path.endsWith("0000000200000000000000FF"));
        assertThat(kept.resolve("global/pg_control")).exists();
    }

    @Test
    void evidence_of_before_makes_room_too() throws IOException {
        Path data = folder.resolve("data");
        write(data.resolve("base/5/1259"), 1);
        Evidence evidence = new Evidence(folder);
        evidence.keep(data);
        write(data.resolve("base/5/1259"), 1);
        write(data.resolve("pg_wal/000000020000000000000001"), 1);

        evidence.keepLastWal(data);

        assertThat(evidence.bytes()).isEqualTo(4);
        assertThat(folder.resolve("data.evidence-2/pg_wal/000000020000000000000001"))
                .exists();
    }

    private static void write(Path file, int secondsOld) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "data");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000L + 1_000L * secondsOld));
    }
}
