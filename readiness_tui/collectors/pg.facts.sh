# shellcheck shell=sh
# about: Tells what the statements about a PostgreSQL database answer to the application, the login user and postgres.
# arguments: UNIT FILE NAME DATABASE ROLE PORT AUDIT-TABLE POOL-VARIABLES CALLS MILLISECONDS
# after: env.reader+env.url+env.dblogin+pg.statements
# example: app.service {env} DATABASE_URL app app 5432 audit POOL 20 200
# user: postgres: psql
# timeout: 60
# subject: session PostgreSQL
# cause: ^no-session (password-refused|peer|no-role|host-refused|password-asked) auth
# cause: ^no-session timeout timeout
# cause: ^no-session unreachable
# cause: ^not-configured not-configured
# shellcheck disable=SC2154  # SQL, U_*, E_* and functions come from the collectors before this, in the same shell
# after env.reader, env.url, env.dblogin, pg.statements: $1 unit, $2 declared file, $3 variable; $4 database and $5 role where no URL
# is there; $6 port; $7 audit table; $8 names of pool variables; $9 and $10 bounds of a slow statement. Each statement is a fact
# NAME=column|column..., one a row; NAME_rows=0 without one; NAME_error=SQLSTATE; !NAME=denied. A statement is asked of the first
# session that may see the answer: the application's role through its URL, the login user (peer or ~/.pgpass), postgres; all of
# the same server process. Each is one transaction, read only, with settings local to it, because a pooler hands the session to
# the next client; its search path is pg_catalog alone, so that no function of the database's owner runs.
psql_word() { printf "'%s'" "$(printf '%s' "$1" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")"; }  # a value of psql's \set
script() {  # the statements whose names are in $1, each between marks that tell how it ended
  printf '%s\n' '\set ON_ERROR_ROLLBACK on' '\set VERBOSITY sqlstate' "\\set role $(psql_word "$role")" "\\set db $(psql_word "$db")" "\\set audit $(psql_word "$audit")" \
    'begin read only;' 'set local search_path = pg_catalog, pg_temp;' 'set local statement_timeout=5000;' 'set local lock_timeout=500;' \
    "select pg_has_role(current_user, 'pg_monitor', 'USAGE') as monitor, has_table_privilege('pg_authid', 'select') as passwords, coalesce(has_table_privilege(to_regclass('pg_hba_file_rules'), 'select'), false) as rules \\gset"
  printf '%s\n' "$SQL" | awk -v want=" $1 " -v m="$mark" -v calls="$calls" -v mean="$mean" '
    BEGIN { guard["m"] = "monitor"; guard["a"] = "passwords"; guard["h"] = "rules" }
    function ended() { if (on) { print "\\if :ERROR\n\\echo " m "no " n " :SQLSTATE\n\\else\n\\echo " m "ok " n "\n\\endif"; if (who in guard) print "\\else\n\\echo " m "no " n " 42501\n\\endif" } }
    /^-- / { ended(); n = $2; who = $3; on = index(want, " " n " "); if (on) { if (who in guard) print "\\if :" guard[who]; print "\\echo " m "of " n }; next }
    on { gsub(/:calls/, calls); gsub(/:mean/, mean); gsub(/:\$role\$/, ":\047role\047"); gsub(/:\$db\$/, ":\047db\047"); gsub(/:\$audit\$/, ":\047audit\047"); print }
    END { ended() }'
  echo 'commit;'
}
session() {  # $1 names, then what runs psql: the marked output, and at its end the status and the kind of refusal
  _names=$1; shift
  { _e=$(script "$_names" | "$@" psql -XAtqw -F'|' -f - ${conninfo:+-d "$conninfo"} 2>&1 >&3 3>&-); _rc=$?; printf '%s\n' "${mark}end $_rc $(pg_class "$_e")"; } 3>&1
}
as_app() { ( cd / || exit; pg_env "$U_pass" timeout 40 "$@" ); }
as_self() { ( cd / || exit; for _n in HOST HOSTADDR PORT USER PASSWORD DATABASE SSLMODE OPTIONS SERVICE; do unset "PG$_n"; done; timeout 40 "$@" ); }
as_postgres() { ( cd / || exit; asuser postgres "$@" ); }
less() { for _a in $1; do case " $2 " in *" $_a "*) ;; *) printf '%s ' "$_a" ;; esac; done; }  # the words of $1 that are not in $2
take() {  # $1 who, $2 marked output: prints what was answered; sets ident, why, server; takes it from pending
  ident=$(printf '%s\n' "$2" | awk -v m="$mark" '$0 == m "of ident" { on = 1; next } index($0, m) == 1 { on = 0 } on')
  why=$(printf '%s\n' "$2" | sed -n "s/^${mark}end [0-9]* //p")
  [ -n "$ident" ] || return 1
  _mine=$(printf '%s' "$ident" | cut -d'|' -f1,2)
  if [ -n "$server" ] && [ "$server" != "$_mine" ]; then why=another-server; return 1; fi
  server=$_mine; kv session "$1|$ident"
  _h=$(printf '%s\n' "$2" | sed -n 's/^hba_file|//p'); hba_file=${_h:-$hba_file}
  _h=$(printf '%s\n' "$2" | awk -v m="$mark" '$0 == m "of hbafiles" { on = 1; next } index($0, m) == 1 { on = 0 } on'); included=${_h:-$included}
  _h=$(printf '%s\n' "$2" | sed -n 's/^cluster_name|\([^|]*\)|.*/\1/p'); cluster=${_h:-$cluster}
  printf '%s\n' "$2" | awk -v m="$mark" '
    function told(  i) { if (n == "ident") return; for (i = 1; i <= rows; i++) print n "=" row[i]; if (!rows) print n "_rows=0" }
    index($0, m "of ") == 1 { n = substr($0, length(m) + 4); rows = 0; open = 1; next }
    index($0, m "ok ") == 1 { told(); open = 0; next }
    index($0, m "no ") == 1 { if ($3 != "42501") print n "_error=" $3; open = 0; next }
    open { row[++rows] = substr($0, 1, 400) }'
  pending=$(less "$pending" "$(printf '%s\n' "$2" | awk -v m="$mark" '$1 == m "ok" || ($1 == m "no" && $3 != "42501") { printf "%s ", $2 }')")
}
db_facts() {  # $1 prefix; the URL that the files set decides, not an older one of the process
  [ -z "$1" ] || return 0
  case $U_scheme in postgres|postgresql|postgresql+*|postgres+*) ;; *) return 0 ;; esac
  have_url=1; role=$U_user; db=${U_db:-$U_user}
  case $U_port in ''|*,*) ;; *) port=$U_port ;; esac
  case ${U_host:-localhost} in localhost|127.*|::1|/*) here=1 ;; *) here= ;; esac
  [ -n "$client" ] || return 0
  take app "$(session "ident $pending" as_app)"; app=$why
  [ -z "$server" ] || { app=ok; port=${server#*|}; }
}
mark="@$$.$(date +%s)$(od -An -N6 -tx1 /dev/urandom 2>/dev/null | tr -d ' \n')."
client=$(psql --version 2>/dev/null | sed -n 's/^psql (PostgreSQL) \([0-9]*\).*/\1/p'); [ "${client:-0}" -ge 11 ] || client=
db=$4; role=$5; port=$6; audit=$7; calls=${9:-20}; mean=${10:-200}
server=; why=; app=; have_url=; here=1; conninfo=; hba_file=; included=; cluster=
pending=$(printf '%s\n' "$SQL" | awk '/^-- / && $2 != "ident" { printf "%s ", $2 }')
each_url "$1" "$2" "$3" db_facts
for n in $(printf '%s' "$8" | tr ',' ' '); do
  f=$(hex_text "$(table_value v "$n")"); q=$(hex_text "$(table_value q "$n")")
  case $f$q in '') ;; *[!0-9]*) kv pool "$n|?|?" ;; *) kv pool "$n|$f|$q" ;; esac
done
kv target "$(plain_word "$db")|$(plain_word "$role")|$port|${have_url:-0}|${app:-none}|${here:-0}"
if [ -z "$client" ]; then
  if have psql; then cant session "unsupported psql is older than 11"; else cant session no-psql; fi
elif [ -z "$db" ]; then cant session not-configured
else
  if [ -n "$server$here" ]; then  # the server on this host, unless the URL names another; of which one is told by its start
    quoted=$(printf '%s' "$db" | sed "s/\\\\/\\\\\\\\/g; s/'/\\\\'/g")
    # root asks as postgres at once: a login as root is refused, and the server writes that to its log
    logins='self postgres'; [ "$(id -u)" != 0 ] || ! id postgres >/dev/null 2>&1 || logins='postgres self'
    for who in $logins; do
      [ -n "$pending" ] || break
      conninfo="dbname='$quoted' port=$port connect_timeout=5 application_name=readiness-tui"
      take $who "$(session "ident $pending" as_$who)" && continue
      [ "$why" = no-database ] || continue
      conninfo="dbname=postgres port=$port connect_timeout=5 application_name=readiness-tui"
      take $who "$(session "ident dbexists role supers" as_$who)"
    done
  fi
  if [ -z "$server" ]; then cant session "no-session ${app:-$why}"; fi
  for n in $pending; do cant "$n" denied; done
fi
if [ -n "$here" ]; then
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v a="$(printf ':%04X' "$port")" -v b="$(printf ':%04X' "$6")" '$4 == "0A" && (k = substr($2, length($2) - 4)) && (k == a || k == b || k == ":1920") { print "listen=" substr(k, 2) "|" substr($2, 1, length($2) - 5) }'
  [ -r /proc/net/tcp ] || cant listen denied
  grep -q "/\.s\.PGSQL\.$port\$" /proc/net/unix 2>/dev/null && kv socket yes
  if [ -n "$hba_file" ]; then
    t=$(printf '%s\n' "$hba_file" "$included" | grep . | while IFS= read -r f; do stat -L -c '%Y %Z' "$f" 2>/dev/null || echo unseen; done)
    case $t in *unseen*) ;; *) kv hba_times "$(printf '%s' "$t" | tr '\n' ' ')" ;; esac
  fi
  l=/var/log/postgresql/postgresql-$(printf '%s' "$cluster" | tr / -).log  # where Debian's pg_ctlcluster sends the server's stderr
  if [ -n "$cluster" ] && t=$(stat -L -c '%Y' "$l" 2>/dev/null); then kv log_file "$l|$t"; fi
  awk '/^MemTotal:/ { print "mem_kb=" $2 }' /proc/meminfo
fi
