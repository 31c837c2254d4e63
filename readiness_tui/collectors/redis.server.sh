# shellcheck shell=sh
# about: Prints which Redis servers run and what is installed.
# arguments: PORT
# example: 6379
# subject: running Redis processes
# $1 port. Whether a server has the port or a Unix socket, and the version of the binary that runs:
#   running=program|arguments' first word|version or ?   installed=path   listening=number of TCP sockets
if [ -r /proc/1/stat ]; then
  for d in /proc/[0-9]*; do
    c=$(cat "$d/comm" 2>/dev/null)
    case $c in redis-server|valkey-server|keydb-server) ;; *) continue ;; esac
    t=$(tr '\000' ' ' <"$d/cmdline" 2>/dev/null); ver='?'
    if b=$(command -v "$c"); then
      z=$(stat -L -c %Z "$b" 2>/dev/null); a=$(pidage "${d#/proc/}"); n=$(date +%s)
      if [ -n "$z" ] && [ -n "$a" ] && [ "$z" -le $((n - a)) ]; then ver=$("$b" --version 2>/dev/null | sed -n 's/.* v=\([0-9.]*\).*/\1/p'); fi
    fi
    case $t in *:"$1 "*|*:"$1") kv running "$c|on port|${ver:-?}" ;; *) kv running "$c|other|${ver:-?}" ;; esac
  done
else cant running "denied /proc is mounted with hidepid"; fi
for s in redis-server valkey-server keydb-server; do have "$s" && kv installed "$(command -v "$s")"; done
if [ -r /proc/net/tcp ]; then cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v p="$(printf ':%04X' "$1")" '$4 == "0A" && substr($2, length($2) - 4) == p { n++ } END { print "listening=" n + 0 }'
else cant listening no-tool; fi
