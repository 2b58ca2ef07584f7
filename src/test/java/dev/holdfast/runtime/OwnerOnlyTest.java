package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.runtime.OwnerOnly.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnerOnlyTest {

    @TempDir
    private Path folder;

    @Test
    void what_others_could_read_is_closed_and_counted() throws IOException {
        Path logs = open(Files.createDirectories(folder.resolve("logs")), "rwxr-xr-x");
        Path log = open(Files.createFile(logs.resolve("a.log")), "rw-r--r--");
        Path script = open(Files.createFile(logs.resolve("run.sh")), "rwxrwxrwx");
        Path secret = open(Files.createFile(logs.resolve("secret")), "rw-------");
        open(folder, "rwxrwxrwx");

        int opened = OwnerOnly.close(folder, each -> each.equals(folder) ? Access.PASSAGE : Access.CLOSED);

        assertThat(opened).isEqualTo(4);
        assertThat(permissions(folder)).isEqualTo("rwx--x--x");
        assertThat(permissions(logs)).isEqualTo("rwx------");
        assertThat(permissions(log)).isEqualTo("rw-------");
        assertThat(permissions(script)).isEqualTo("rwx------");
        assertThat(permissions(secret)).isEqualTo("rw-------");
        assertThat(OwnerOnly.close(folder, each -> each.equals(folder) ? Access.PASSAGE : Access.CLOSED))
                .isZero();
    }

    @Test
    void nothing_outside_is_touched_through_a_link_or_a_folder_that_is_closed_as_a_whole() throws IOException {
        Path outside = open(Files.createFile(folder.resolve("outside")), "rw-r--r--");
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createSymbolicLink(home.resolve("link"), outside);
        Path releases = open(Files.createDirectories(home.resolve("releases")), "rwxr-xr-x");
        Path jar = open(Files.createFile(releases.resolve("a.jar")), "rw-r--r--");

        OwnerOnly.close(home, each -> each.equals(releases) ? Access.CLOSED_AS_A_WHOLE : Access.CLOSED);

        assertThat(permissions(outside)).isEqualTo("rw-r--r--");
        assertThat(permissions(releases)).isEqualTo("rwx------");
        assertThat(permissions(jar)).isEqualTo("rw-r--r--");
    }

    @Test
    void a_folder_is_made_closed_and_one_that_is_open_is_closed() throws IOException {
        Path made = OwnerOnly.folder(folder.resolve("a").resolve("b"));
        Path found = OwnerOnly.folder(open(Files.createDirectories(folder.resolve("c")), "rwxrwxrwx"));

        assertThat(permissions(made)).isEqualTo("rwx------");
        assertThat(permissions(found)).isEqualTo("rwx------");
    }

    @Test
    void a_link_that_somebody_put_there_is_no_folder_of_ours() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);

        assertThatThrownBy(() -> OwnerOnly.folder(link)).hasMessageContaining("is no folder; move it away");
    }

    private static Path open(Path path, String permissions) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
