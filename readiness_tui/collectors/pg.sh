# shellcheck shell=sh
# about: Runs one SQL statement, read-only.
# arguments: DATABASE STATEMENT ROLE NAME
# example: 'dbname=postgres port=1' 'show server_version_num'
# user: postgres: psql
# subject: sql PostgreSQL
# $1 database to connect to (a name, or a conninfo such as "dbname=postgres port=5433"), $2 one statement, $3 :role, $4 :db.
# As the login user (peer or ~/.pgpass), else as postgres; root as postgres first. One transaction, read only, with settings local to it: a pooler
# hands the session to the next client, who must find nothing changed.
have psql || { cant sql no-psql; exit 0; }
cd / || exit 0
PGCONNECT_TIMEOUT=5; PGAPPNAME=readiness-tui; export PGCONNECT_TIMEOUT PGAPPNAME
unset PGOPTIONS
q="begin read only;
set local statement_timeout=5000;
set local lock_timeout=500;
${2%;};
commit;"
ask() { printf '%s\n' "$q" | "$@" psql -XAtqw -F'|' -v ON_ERROR_STOP=1 -v role="$role" -v db="$db" -d "$name" -f - 2>&1; }
name=$1; role=${3:-}; db=${4:-}
# root asks as postgres at once: a login as root is refused, and the server writes that to its log
if [ "$(id -u)" = 0 ] && id postgres >/dev/null 2>&1; then first='asuser postgres' other='env'; else first='env' other='asuser postgres'; fi
# shellcheck disable=SC2086
o=$(ask $first); rc=$?
if [ $rc = 2 ]; then
  # shellcheck disable=SC2086
  p=$(ask $other); r=$?
  [ $r = 77 ] || { o=$p; rc=$r; }
fi
e=$(printf '%s' "$o" | grep -vE '^(LINE|[[:space:]])' | tail -1 | sed 's/^psql:<stdin>:[0-9]*: //; s/^psql: error: //' | cut -c1-140)
case $rc:$o in
  0:) kv rows 0 ;;
  0:*) printf '%s\n' "$o" | sed 's/^/sql=/' ;;
  2:*) cant sql "no-connection $e" ;;
  *"permission denied"*|*"must be superuser"*) cant sql "denied $e" ;;
  *"does not exist"*) kv sql_missing "$e" ;;
  *) kv sql_error "$e" ;;
esac
