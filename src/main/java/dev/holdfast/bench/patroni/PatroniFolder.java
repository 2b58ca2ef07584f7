package dev.holdfast.bench.patroni;

import dev.holdfast.agent.ServerFolder;
import dev.holdfast.agent.ShortCommand;
import dev.holdfast.drill.Warden;
import dev.holdfast.runtime.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A temporary folder. When it is closed, or we die, all that works in it is ended and it is deleted. */
final class PatroniFolder implements AutoCloseable {

    private static final Duration END_LIMIT = Duration.ofSeconds(60);

    /** In order first: a PostgreSQL that is killed leaves a piece of shared memory. The arguments are folders. */
    private static final String END = """
            working() {
                for folder in "$@"; do
                    find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$folder/*" 2> /dev/null | cut -d / -f 3
                done
            }
            ended_by() {
                signal=$1 looks=$2
                shift 2
                while [ "$looks" -gt 0 ]; do
                    found=$(working "$@")
                    [ -n "$found" ] || return 0
                    [ -z "$signal" ] || kill "-$signal" $found 2> /dev/null
                    [ "$signal" = KILL ] || signal=
                    sleep 0.1
                    looks=$((looks - 1))
                done
                return 1
            }
            ended_by INT 100 "$@" || ended_by KILL 100 "$@" || { echo "still there:" $(working "$@"); exit 1; }
            rm -rf -- "$@"
            """;

    private final Path path;
    private final List<String> end;
    private final Warden warden;

    private PatroniFolder(Path path, List<String> end, Warden warden) {
        this.path = path;
        this.end = end;
        this.warden = warden;
    }

    static PatroniFolder make() throws IOException {
        Path path = Files.createTempDirectory("holdfast-patroni").toRealPath();
        // The database's own user must be able to pass it.
        OwnerOnly.passage(path);
        List<String> end = new ArrayList<>(List.of("sh", "-c", END, "holdfast-patroni-end"));
        end.addAll(List.of(path.toString(), ServerFolder.outside(path).toString()));
        return new PatroniFolder(path, end, Warden.watching(end));
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            ShortCommand.Result ended = ShortCommand.run(end, END_LIMIT);
            if (!ended.succeeded()) {
                System.err.println("Patroni's processes are left behind, end them by hand and delete " + path + ": "
                        + ended.lastWords());
            }
        } catch (IOException failure) {
            System.err.println("left behind, delete it by hand: " + path + ": " + failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return; // the warden does it
        }
        warden.close();
    }
}
