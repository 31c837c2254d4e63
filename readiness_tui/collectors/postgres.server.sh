# shellcheck shell=sh
# about: Prints which PostgreSQL servers run, on which ports, and what is installed.
# arguments: PORT
# example: 5432
# root: readlink /proc/PID/exe
# subject: running PostgreSQL processes
# $1 port. The servers that run, and which of them has the port, without a login:
#   running=PORT or ?|path|version   installed=path|version   socket=yes (a server's Unix socket for the port)   client=version
# Only binaries in the places packages put them are asked for -V: a process may be called postgres and be anything.
v() { "$1" -V 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([^ ]*\).*/\1/p'; }
args() { tr '\000' '\n' <"/proc/$1/cmdline" 2>/dev/null; }
conf_port() { [ -r "$1" ] && sed -n "s/^[[:space:]]*port[[:space:]]*[= ][[:space:]]*'\{0,1\}\([0-9][0-9]*\).*/\1/p" "$1" | tail -1; }
port_of() {  # the port in a server's arguments, else in the configuration file they name
  _a=$(args "$1")
  _p=$(printf '%s\n' "$_a" | awk 'prev == "-p" { print } /^-p[0-9]+$/ { print substr($0, 3) } /^(-c)?port=[0-9]+$/ { sub(/.*=/, ""); print } /^--port=/ { sub(/.*=/, ""); print } { prev = $0 }' | tail -1)
  [ -z "$_p" ] || { echo "$_p"; return; }
  _c=$(printf '%s\n' "$_a" | sed -n 's/^\(-c\)\{0,1\}config_file=//p; s/^--config[_-]file=//p' | tail -1)
  [ -n "$_c" ] || _c=$(printf '%s\n' "$_a" | awk 'prev == "-D" { print } /^-D./ { print substr($0, 3) } { prev = $0 }' | tail -1)/postgresql.conf
  if [ -r "$_c" ]; then _p=$(conf_port "$_c"); echo "${_p:-5432}"; else echo '?'; fi
}
seen=
if [ -r /proc/1/stat ]; then
  for d in /proc/[0-9]*; do
    p=${d#/proc/}
    case $(cat "$d/comm" 2>/dev/null) in postgres|postmaster) ;; *) continue ;; esac
    parent=$(sed 's/.*) [^ ]* \([0-9]*\) .*/\1/' "$d/stat" 2>/dev/null)
    case $(cat "/proc/$parent/comm" 2>/dev/null) in postgres|postmaster) continue ;; esac
    seen=1; x=$(args "$p" | head -1)
    case $x in /*) ;; *) x=$(readlink "$d/exe" 2>/dev/null || root readlink "$d/exe" 2>/dev/null) ;; esac
    case $x in
      /usr/lib/postgresql/*/bin/postgres|/usr/pgsql-*/bin/postgres|/usr/pgsql-*/bin/postmaster|/usr/libexec/postgresql*/postgres|/usr/local/pgsql/bin/postgres|/usr/bin/postgres)
        b=$(stat -c %Z "$x" 2>/dev/null); a=$(pidage "$p"); n=$(date +%s)
        if [ -n "$b" ] && [ -n "$a" ] && [ "$b" -gt $((n - a + 1)) ]; then cant running "replaced $x changed after the server started"; else kv running "$(port_of "$p")|$x|$(v "$x")"; fi ;;
      '') cant running denied ;;
      *) cant running "unknown-place $x" ;;
    esac
  done
  [ -n "$seen" ] || { case $(cat /proc/1/comm 2>/dev/null) in '') cant running "denied /proc is mounted with hidepid" ;; esac; }
else cant running "denied /proc is mounted with hidepid"; fi
grep -q "/\.s\.PGSQL\.$1\$" /proc/net/unix 2>/dev/null && kv socket yes
cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v p="$(printf ':%04X' "$1")" '$4 == "0A" && substr($2, length($2) - 4) == p { n++ } END { print "listening=" n + 0 }'
for b in /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres /usr/libexec/postgresql*/postgres /usr/local/pgsql/bin/postgres /usr/bin/postgres; do
  [ -x "$b" ] && kv installed "$b|$(v "$b")"
done
have psql && kv client "$(psql --version 2>/dev/null | sed -n 's/^psql (PostgreSQL) \([^ ]*\).*/\1/p')"
:
