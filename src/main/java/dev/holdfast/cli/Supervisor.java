package dev.holdfast.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands in for a machine's own service manager: a shell that starts the agent again whenever it ends out of order, after one
 * second, doubling to eight. A usage error is not tried again. It ends with the agent's orderly end, and when {@link #forbid} was called.
 */
final class Supervisor {

    private static final String SCRIPT = """
            stop=$1
            shift
            pause=1
            trap '' HUP INT
            while :; do
                began=$(date +%s)
                "$@" &
                child=$!
                trap 'kill -TERM $child 2> /dev/null' TERM
                wait $child
                code=$?
                while kill -0 $child 2> /dev/null; do
                    wait $child
                    code=$?
                done
                [ $code -eq 0 ] || [ $code -eq 2 ] || [ -e "$stop" ] && exit $code
                [ $(($(date +%s) - began)) -lt 60 ] || pause=1
                echo "holdfast: the agent ended with exit code $code and is started again in $pause s"
                sleep $pause
                [ -e "$stop" ] && exit $code
                pause=$((pause * 2))
                [ $pause -le 8 ] || pause=8
            done
            """;

    private static final String STOP_FILE = "stopping";

    private Supervisor() {}

    /** The agent's command, supervised. */
    static List<String> around(List<String> command, Path agentFolder) {
        List<String> words = new ArrayList<>(List.of(
                "sh",
                "-c",
                SCRIPT,
                "holdfast-supervisor",
                agentFolder.resolve(STOP_FILE).toString()));
        words.addAll(command);
        return words;
    }

    /** Before a start. */
    static void allow(Path agentFolder) throws IOException {
        Files.deleteIfExists(agentFolder.resolve(STOP_FILE));
    }

    /** From now on the agent of this folder is not started again. */
    static void forbid(Path agentFolder) throws IOException {
        if (Files.isDirectory(agentFolder)) {
            Files.writeString(agentFolder.resolve(STOP_FILE), "");
        }
    }
}
