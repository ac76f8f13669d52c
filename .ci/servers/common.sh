# Shared functions of the server scripts: folders, waiting, and ending processes.
set -euo pipefail

CACHE=${RELAYLOG_CI_CACHE:-$HOME/.cache/relaylog-ci}
RUN=$CACHE/run
mkdir -p "$RUN"

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$SERVER: $*"
  exit 1
}

# step DESCRIPTION COMMAND...: runs the command; its output is shown only if it fails.
step() {
  local description=$1 output=$RUN/$SERVER-install.log
  shift
  say "$SERVER: $description"
  "$@" >"$output" 2>&1 </dev/null || {
    tail -n 30 "$output" >&2
    die "not available: failed to $description"
  }
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port PORT: prints the first free port from PORT on.
free_port() {
  local port=$1
  while listening "$port"; do port=$((port + 1)); done
  echo "$port"
}

# wait_until SECONDS COMMAND...: repeats the command until it succeeds; fails after the time limit.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

has_ended() { ! kill -0 "$1" 2>/dev/null; }

# end_process NAME PATTERN SIGNAL: ends the process in $RUN/NAME.pid if its command line matches PATTERN, and waits for its end.
end_process() {
  local file=$RUN/$1.pid pid
  [ -f "$file" ] || return 0
  pid=$(cat "$file")
  # Another process may have the same id by now: do not end it.
  if ! has_ended "$pid" && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q "$2"; then
    kill "-$3" "$pid"
    wait_until 20 has_ended "$pid" || kill -KILL "$pid"
    wait_until 5 has_ended "$pid" || die "process $pid does not end"
  fi
  rm -f "$file"
}
