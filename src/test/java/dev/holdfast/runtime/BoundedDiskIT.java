package dev.holdfast.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk as the kernel makes it. */
class BoundedDiskIT {

    private static final int MEGABYTES = 64;

    @TempDir
    private Path folder;

    private BoundedDisk disk = new BoundedDisk(Path.of("none"), Path.of("none"));

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        assumeTrue(
                BoundedDisk.unavailable().isEmpty(),
                () -> BoundedDisk.unavailable().orElse(""));
        disk = new BoundedDisk(folder.resolve("image"), folder.resolve("disk"));
        disk.mount(MEGABYTES);
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        disk.unmount();
    }

    @Test
    void a_full_one_takes_nothing_more_and_the_machines_disk_does_not_notice()
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve("disk/before"), "kept");
        long machine = Files.getFileStore(folder).getUsableSpace();

        disk.fill();

        assertThat(disk.freeBytes()).isZero();
        assertThatThrownBy(() -> Files.write(folder.resolve("disk/more"), new byte[1 << 20]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left on device");
        assertThat(machine - Files.getFileStore(folder).getUsableSpace()).isLessThan((long) MEGABYTES << 19);

        disk.relieve();

        Files.write(folder.resolve("disk/more"), new byte[1 << 20]);
        assertThat(folder.resolve("disk/before")).hasContent("kept");
    }

    @Test
    void what_it_holds_is_there_when_it_is_mounted_again_and_its_ballast_is_not()
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve("disk/kept"), "kept");
        disk.fill();

        disk.unmount();
        assertThat(folder.resolve("disk")).isEmptyDirectory();
        disk.mount(MEGABYTES);

        assertThat(folder.resolve("disk/kept")).hasContent("kept");
        assertThat(disk.freeBytes()).isPositive();
    }

    @Test
    void what_is_no_disk_of_its_own_is_never_filled() throws IOException {
        Path plain = Files.createDirectory(folder.resolve("plain"));

        assertThatThrownBy(() -> new BoundedDisk(folder.resolve("image"), plain).fill())
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(FileSystemException.class)
                .hasMessageContaining("no disk of its own at " + plain);
        assertThat(plain).isEmptyDirectory();
    }
}
