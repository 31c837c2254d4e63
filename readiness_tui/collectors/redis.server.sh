# shellcheck shell=sh
# about: Prints which Redis servers run, are installed, and listen on a port.
# arguments: PORT
# $1 port. Whether anything listens there, which server processes run, and which server binaries are on disk.
for s in redis-server valkey-server keydb-server; do
  pgrep -x "$s" >/dev/null 2>&1 && kv running "$s"
  have "$s" && kv installed "$(command -v "$s")"
done
if have ss; then o=$(ss -Hlnt 2>/dev/null) && kv listening "$(printf '%s\n' "$o" | awk -v p=":$1" '{if (substr($4,length($4)-length(p)+1)==p) n++} END{print n+0}')" || cant listening ss-failed
elif have netstat; then kv listening "$(netstat -lnt 2>/dev/null | awk -v p=":$1" '{if (substr($4,length($4)-length(p)+1)==p) n++} END{print n+0}')"
elif [ -r /proc/net/tcp ]; then kv listening "$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v p="$(printf ':%04X' "$1")" '$4=="0A" && substr($2,length($2)-4)==p{n++} END{print n+0}')"
else cant listening no-tool; fi
