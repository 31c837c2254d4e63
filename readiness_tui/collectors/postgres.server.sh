# shellcheck shell=sh
# about: Prints the versions of running and installed PostgreSQL servers without a login.
# root: readlink /proc/PID/exe
# The server's version without a login: running=path|version of server processes, installed=path|version on disk, client=version.
# Only binaries in the places packages put them are asked for -V: a process may be called postgres and be anything.
v() { "$1" -V 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([^ ]*\).*/\1/p'; }
if have pgrep; then
  for p in $(pgrep -x postgres 2>/dev/null; pgrep -x postmaster 2>/dev/null); do
    x=$(readlink "/proc/$p/exe" 2>/dev/null || root readlink "/proc/$p/exe" 2>/dev/null || tr '\000' '\n' <"/proc/$p/cmdline" 2>/dev/null | sed -n '1s/^\(\/[^ ]*\).*/\1/p')
    case $x$(head -c 9 "/proc/$p/cmdline" 2>/dev/null | tr '\000' ' ') in postgres:*) continue ;; esac  # a worker; its parent is in the list
    printf '%s\n' "${x:-unseen}"
  done | sort -u | while IFS= read -r b; do
    case $b in
      /usr/lib/postgresql/*/bin/postgres|/usr/pgsql-*/bin/postgres|/usr/pgsql-*/bin/postmaster|/usr/libexec/postgresql*/postgres|/usr/local/pgsql/bin/postgres|/usr/bin/postgres) kv running "$b|$(v "$b")" ;;
      unseen) cant running denied ;;
      *) cant running "unknown-place $b" ;;
    esac
  done
else cant running no-pgrep; fi
for b in /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres /usr/libexec/postgresql*/postgres /usr/local/pgsql/bin/postgres /usr/bin/postgres; do
  [ -x "$b" ] && kv installed "$b|$(v "$b")"
done
have psql && kv client "$(psql --version 2>/dev/null | sed -n 's/^psql (PostgreSQL) \([^ ]*\).*/\1/p')"
:
