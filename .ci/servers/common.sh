# Shared by the server scripts: where things are kept, how they are waited for, how they end.
set -euo pipefail

CACHE=${RELAYLOG_CI_CACHE:-$HOME/.cache/relaylog-ci}
RUN=$CACHE/run
mkdir -p "$RUN"

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$SERVER: $*"
  exit 1
}

# step WHAT COMMAND...: runs it; its output goes to a file that is shown only where it fails.
step() {
  local what=$1 output=$RUN/$SERVER-install.log
  shift
  say "$SERVER: $what"
  "$@" >"$output" 2>&1 </dev/null || {
    tail -n 30 "$output" >&2
    die "could not be had: failed to $what"
  }
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first free port from PORT on.
free_port() {
  local port=$1
  while listening "$port"; do port=$((port + 1)); done
  echo "$port"
}

# wait_until SECONDS COMMAND...
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

gone() { ! kill -0 "$1" 2>/dev/null; }

# end_process NAME SIGNAL: ends what $RUN/NAME.pid names, and waits until it has gone.
end_process() {
  local file=$RUN/$1.pid pid
  [ -f "$file" ] || return 0
  pid=$(cat "$file")
  # A number that another process got since is not ours to end.
  if ! gone "$pid" && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q "$2"; then
    kill "-$3" "$pid"
    wait_until 20 gone "$pid" || kill -KILL "$pid"
    wait_until 5 gone "$pid" || die "process $pid does not end"
  fi
  rm -f "$file"
}
