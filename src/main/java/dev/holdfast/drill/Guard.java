package dev.holdfast.drill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Freezes processes together and thaws them when the time is over: one small shell of its own session does both, so no process is
 * ever frozen without somebody who will thaw it, whatever becomes of us.
 */
final class Guard {

    /** Starts no process between the first look and the freeze: they are frozen within a moment of each other. */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            seconds=$1
            shift
            same() {
              read -r stat 2> /dev/null < "/proc/${1%:*}/stat" || return 1
              wanted=${1#*:}
              set -- ${stat##*) }
              [ "${20}" = "$wanted" ]
            }
            pids=
            for each; do same "$each" && pids="$pids ${each%:*}"; done
            [ -n "$pids" ] || exit 3
            date +%s%N
            kill -STOP $pids 2> /dev/null
            sleep "$seconds"
            for each; do same "$each" && kill -CONT "${each%:*}"; done
            """;

    private Guard() {}

    /**
     * Those that are gone by then are passed over.
     *
     * @return the last instant before they were frozen, epoch nanoseconds
     * @throws Striker.NotProved if none of them is there any more
     */
    static long freeze(List<ProcessIdentity> processes, long millis) throws IOException, Striker.NotProved {
        List<String> words = new ArrayList<>(List.of(
                "setsid", "sh", "-c", SCRIPT, "holdfast-guard", String.format(Locale.ROOT, "%.3f", millis / 1e3)));
        processes.forEach(each -> words.add(each.pid() + ":" + each.startTicks()));
        Process guard = new ProcessBuilder(words)
                .directory(Path.of("/").toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader told =
                new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8))) {
            String line = told.readLine();
            if (line == null) {
                throw new Striker.NotProved("processes "
                        + processes.stream().map(ProcessIdentity::pid).toList()
                        + " could not be frozen: they are not there any more");
            }
            return Long.parseLong(line);
        }
    }
}
