#!/usr/bin/env bash
# Parent of the postmaster. It kills what works in the data directory when its deadline passes or its agent is gone, and shares
# neither thread nor process with the agent. It starts no process while it waits or kills: a machine that is short of them fences too.
#
#   fencer.sh DATA_DIRECTORY POSTGRES [ARGUMENT...]
#
# stdout  "postmaster PID" once, then each deadline that was taken
# stdin   one deadline a line, in nanoseconds of CLOCK_BOOTTIME, which is what /proc/uptime shows in hundredths of a second
# stderr  the log of the server
set -u

readonly LONGEST_WAIT=100          # hundredths of a second between two looks at the postmaster
readonly MOST_LOOKS=6000           # for processes that do not die, one each hundredth of a second
readonly NANOS_PER_HUNDREDTH=10000000
readonly LONGEST_DEADLINE=18       # digits

data=$1
shift

# Ignored, not handled: a handler would interrupt reads. A broken pipe is noticed as the end of the input.
trap '' HUP INT TERM PIPE

# A pipe that never ends and never says anything: waiting on it is a sleep without a process.
exec {silence}<> <(:)

# Nothing of the agent's pipes goes to the server: a copy of them would hide the agent's end. Ignored signals would be inherited.
(
  trap - HUP INT TERM PIPE
  exec "$@" </dev/null >&2 {silence}<&-
) &
postmaster=$!
echo "postmaster $postmaster"

read_clock() {
  local uptime rest
  read -r uptime rest </proc/uptime
  now=$((10#${uptime/./}))
}

fence() {
  local look process name left
  echo "fencer: $1, killing what works in $data" >&2
  kill -KILL "$postmaster" 2>/dev/null # it may not have entered the data directory yet
  for ((look = 0; look < MOST_LOOKS; look++)); do
    left=0
    for process in /proc/[0-9]*; do
      # A person's shell may stand there too.
      if [[ $process/cwd -ef $data ]] && read -r name <"$process/comm" && [[ $name == postgres* ]]; then
        kill -KILL "${process#/proc/}"
        left=1
      fi
    done 2>/dev/null
    ((left)) || exit 0
    read -r -t 0.01 -u "$silence" name
  done
  echo "fencer: processes in $data cannot be killed, end them by hand" >&2
  exit 1
}

deadline=0 # none yet
piece=     # what was read of a line: after a stall the wait is over as soon as its first character is there
while :; do
  kill -0 "$postmaster" 2>/dev/null || fence "the postmaster has ended"
  wait=$LONGEST_WAIT
  if ((deadline)); then
    read_clock
    # The clock shows whole hundredths, so one is given away: early by up to two of them, never late.
    left=$((deadline - now - 1))
    ((left > 0)) || fence "its deadline has passed"
    ((left < wait)) && wait=$left
  fi
  printf -v seconds '%d.%02d' $((wait / 100)) $((wait % 100))
  line=
  if read -r -t "$seconds" line; then
    line=$piece$line
    piece=
    [[ $line =~ ^[1-9][0-9]{0,17}$ ]] || fence "a deadline cannot be read: '$line'"
    if ((deadline)); then
      # It may have been frozen meanwhile; a line that waited in the pipe does not bring a passed deadline back.
      read_clock
      ((now < deadline)) || fence "its deadline has passed"
    fi
    deadline=$((line / NANOS_PER_HUNDREDTH))
    echo "$line"
  elif (($? <= 128)); then
    fence "its agent is gone"
  else
    piece=$piece$line
    ((${#piece} <= LONGEST_DEADLINE)) || fence "a deadline cannot be read: '$piece'"
  fi
done
