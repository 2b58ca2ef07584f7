package dev.holdfast.drill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Freezes a process and thaws it when the time is over: one small shell of its own session does both, so no process is ever frozen
 * without somebody who will thaw it, whatever becomes of us.
 */
final class Guard {

    private static final String SCRIPT = """
            trap '' HUP INT TERM
            same() { [ "$(sed 's/.*) //' "/proc/$1/stat" 2> /dev/null | cut -d ' ' -f 20)" = "$2" ]; }
            same "$1" "$2" || exit 3
            date +%s%N
            kill -STOP "$1"
            sleep "$3"
            same "$1" "$2" && kill -CONT "$1"
            """;

    private Guard() {}

    /**
     * @return when it was frozen, epoch nanoseconds
     * @throws Striker.NotProved if there is no such process any more
     */
    static long freeze(ProcessIdentity process, long millis) throws IOException, Striker.NotProved {
        String seconds = String.format(Locale.ROOT, "%.3f", millis / 1e3);
        Process guard = new ProcessBuilder(List.of(
                        "setsid",
                        "sh",
                        "-c",
                        SCRIPT,
                        "holdfast-guard",
                        Long.toString(process.pid()),
                        Long.toString(process.startTicks()),
                        seconds))
                .directory(Path.of("/").toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader told =
                new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8))) {
            String line = told.readLine();
            if (line == null) {
                throw new Striker.NotProved(
                        "process " + process.pid() + " could not be frozen: it is not there any more");
            }
            return Long.parseLong(line);
        }
    }
}
