package dev.holdfast.cli;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.agent.UnprivilegedUser;
import dev.holdfast.runtime.BoundedDisk;
import dev.holdfast.runtime.Configuration;
import dev.holdfast.runtime.Configuration.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The disk of a host's PostgreSQL, where holdfast.yaml gives it one of its own. */
final class DatabaseDisk {

    private static final String SERVER = "postgres";

    private final Home home;
    private final Configuration.Host host;

    DatabaseDisk(Home home, Configuration.Host host) {
        this.home = home;
        this.host = host;
    }

    /** For before the host's agent starts: what it finds in an unmounted folder is not its database. */
    void mount() throws IOException, InterruptedException {
        int megabytes = home.configuration().databaseDiskMegabytes().orElse(0);
        if (megabytes == 0 || !host.roles().contains(Role.POSTGRES)) {
            return;
        }
        BoundedDisk.unavailable().ifPresent(reason -> {
            throw Failure.usage("holdfast.yaml gives each database a disk of its own: " + reason);
        });
        // As the agent does: it may lie outside a home that the server's user cannot reach.
        Path folder = ServerFolder.open(
                        home.path(), host.name(), SERVER, UnprivilegedUser.forRoot("postgres", "nobody"))
                .path();
        BoundedDisk disk = disk(folder);
        if (!disk.exists()) {
            refuseUnfit(folder, megabytes);
        }
        disk.mount(megabytes);
    }

    private void refuseUnfit(Path folder, int megabytes) throws IOException {
        if (Files.exists(folder.resolve("data"))) {
            throw Failure.usage("the database of host " + host.name() + " is in " + folder
                    + " already and would be hidden by a disk of its own; take databaseDiskMegabytes out of holdfast.yaml,"
                    + " or make a new home");
        }
        int databases = home.configuration().hostsWith(Role.POSTGRES).size();
        long neededBytes = ((long) megabytes * databases) << 20;
        long freeBytes = Files.getFileStore(home.path()).getUsableSpace();
        if (freeBytes < neededBytes) {
            throw Failure.usage("the databases' disks may take " + neededBytes + " bytes and " + freeBytes
                    + " are free at " + home.path() + "; make room, or smaller disks");
        }
    }

    /** For when nothing works there; what it holds stays in its file. */
    void unmount() throws IOException, InterruptedException {
        for (Path folder : folders()) {
            BoundedDisk disk = disk(folder);
            if (disk.mounted()) {
                disk.relieve();
                disk.unmount();
            }
        }
    }

    /** The one that is mounted. */
    BoundedDisk mounted() throws IOException, InterruptedException {
        for (Path folder : folders()) {
            BoundedDisk disk = disk(folder);
            if (disk.mounted()) {
                return disk;
            }
        }
        throw new IOException("the database of host " + host.name() + " has no disk of its own; a new home has with"
                + " './holdfast up --database-disk MEGABYTES'");
    }

    private BoundedDisk disk(Path folder) {
        return new BoundedDisk(home.path().resolve("disks").resolve(host.name() + ".ext4"), folder);
    }

    private List<Path> folders() {
        return Stream.of(home.path().resolve("hosts"), ServerFolder.outside(home.path()))
                .map(hosts -> hosts.resolve(host.name()).resolve(SERVER))
                .toList();
    }
}
