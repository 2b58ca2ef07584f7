# Keeps one agent running: FOLDER LOOK_SECONDS PID_OF_A_LIVING_AGENT_OR_NOTHING COMMAND...
#
# Starts the agent again when it has ended out of order, after a second, doubling to eight. Ends with the agent's orderly end, after a
# usage error, and when FOLDER/stopping is there. An agent that is stopped (SIGSTOP) for five looks, or whose heartbeat in FOLDER/alive
# stands for fifteen, is killed first. Between two looks no program is started: a read with a limit waits.
folder=$1 look=$2 agent=$3
shift 3
adopted=$agent

# One supervisor for one agent. The kernel frees the lock with its holder, which is read out of the same file.
exec 6>> "$folder/supervisor"
flock -n 6 || {
    echo "holdfast: the agent has a supervisor already, this one ends"
    exit 0
}
printf '%-20s\n' $$ 1<> "$folder/supervisor"

trap '' HUP INT
trap 'kill -TERM "$agent" 2> /dev/null' TERM
exec 9<> <(:) # a pipe into which nobody writes

# The agent holds the only writing end of a pipe, as descriptor 7, so its end is the end of the pipe: also for one that we did not start.
begin() {
    exec 5<> <(:)
    rm -f "$folder/alive"
    "$@" 7> /dev/fd/5 4<&- 5<&- 6>&- 9<&- &
    agent=$!
    exec 4< /dev/fd/5 5<&-
}

# Returns when the agent has ended, and kills it if it lives and does nothing.
watch() {
    local frozen=0 still=0 stat beat last=
    while read -rt "$look" -u 4; [ $? -gt 128 ]; do
        { read -r stat < "/proc/$agent/stat"; } 2> /dev/null || return
        beat=
        { read -r beat < "$folder/alive"; } 2> /dev/null
        case ${stat##*) } in T*) frozen=$((frozen + 1)) ;; *) frozen=0 ;; esac
        if [ -n "$beat" ] && [ "$beat" = "$last" ]; then still=$((still + 1)); else still=0; fi
        last=$beat
        if [ $frozen -ge 5 ] || [ $still -ge 15 ]; then
            echo "holdfast: the agent lives and does nothing, it is killed (looks: stopped $frozen, no heartbeat $still)"
            kill -KILL "$agent"
        fi
    done
}

pause=1
while [ ! -e "$folder/stopping" ]; do
    began=$SECONDS
    if [ -n "$adopted" ]; then
        # Without the pipe its end is seen at the next look.
        if [ -p "/proc/$agent/fd/7" ]; then exec 4< "/proc/$agent/fd/7"; else exec 4<&9; fi
        echo "holdfast: process $agent, the agent, has a new supervisor"
    else
        begin "$@"
    fi
    watch
    if [ -n "$adopted" ]; then
        ended="ended"
        adopted=
    else
        wait "$agent" 2> /dev/null
        code=$?
        while kill -0 "$agent" 2> /dev/null; do
            wait "$agent" 2> /dev/null
            code=$?
        done
        [ $code -eq 0 ] || [ $code -eq 2 ] && exit $code
        ended="ended with exit code $code"
    fi
    [ -e "$folder/stopping" ] && break
    [ $((SECONDS - began)) -lt 60 ] || pause=1
    echo "holdfast: the agent $ended and is started again in $pause s"
    read -rt $pause -u 9
    pause=$((pause * 2))
    [ $pause -le 8 ] || pause=8
done
