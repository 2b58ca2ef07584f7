package dev.holdfast.cli;

import dev.holdfast.runtime.Heartbeat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Stands in for a machine's own service manager: a shell that starts the agent again whenever it ends out of order, after one
 * second, doubling to eight. A usage error is not tried again. One that is stopped (SIGSTOP) for ten seconds, or whose heartbeat stands for
 * thirty, is killed first. It ends with the agent's orderly end, and when {@link #forbid} was called.
 */
final class Supervisor {

    private static final String SCRIPT = """
            stop=$1 alive=$2 look=$3
            shift 3
            # Ends when the agent of this pid does, or kills it. What it reads is read without starting a program.
            watch() {
                frozen=0 still=0 last=
                while :; do
                    sleep $look &
                    trap "kill $! 2> /dev/null; exit" TERM
                    wait $!
                    { read -r stat < /proc/$1/stat; } 2> /dev/null || return
                    beat=
                    { read -r beat < "$alive"; } 2> /dev/null
                    case ${stat##*) } in T*) frozen=$((frozen + 1)) ;; *) frozen=0 ;; esac
                    if [ -n "$beat" ] && [ "$beat" = "$last" ]; then still=$((still + 1)); else still=0; fi
                    last=$beat
                    if [ $frozen -ge 5 ] || [ $still -ge 15 ]; then
                        echo "holdfast: the agent lives and does nothing, it is killed (looks: stopped $frozen, no heartbeat $still)"
                        kill -KILL $1
                        return
                    fi
                done
            }
            pause=1
            trap '' HUP INT
            while :; do
                began=$(date +%s)
                rm -f "$alive"
                "$@" &
                child=$!
                watch $child &
                watcher=$!
                trap 'kill -TERM $child 2> /dev/null' TERM
                wait $child
                code=$?
                while kill -0 $child 2> /dev/null; do
                    wait $child
                    code=$?
                done
                kill -TERM $watcher 2> /dev/null
                wait $watcher
                [ $code -eq 0 ] || [ $code -eq 2 ] || [ -e "$stop" ] && exit $code
                [ $(($(date +%s) - began)) -lt 60 ] || pause=1
                echo "holdfast: the agent ended with exit code $code and is started again in $pause s"
                sleep $pause
                [ -e "$stop" ] && exit $code
                pause=$((pause * 2))
                [ $pause -le 8 ] || pause=8
            done
            """;

    private static final String LOOK_SECONDS = "2";

    private static final String STOP_FILE = "stopping";

    private Supervisor() {}

    /** The agent's command, supervised. */
    static List<String> around(List<String> command, Path agentFolder) {
        return around(command, agentFolder, LOOK_SECONDS);
    }

    static List<String> around(List<String> command, Path agentFolder, String lookSeconds) {
        List<String> words = new ArrayList<>(List.of(
                "sh",
                "-c",
                SCRIPT,
                "holdfast-supervisor",
                agentFolder.resolve(STOP_FILE).toString(),
                agentFolder.resolve(Heartbeat.FILE).toString(),
                lookSeconds));
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
