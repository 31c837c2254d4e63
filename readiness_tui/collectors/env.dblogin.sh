# shellcheck shell=sh
# about: Logs in to PostgreSQL with the URL that env.url read, in one read-only transaction.
# after: env.reader+env.url
# example: app.service {env} DATABASE_URL
# subject: dblogin database login
# shellcheck disable=SC2154  # U_* are set by env.url, which stands before this in the same shell
# after env.url: logs in to PostgreSQL as the application would. With more than three arguments it only defines what pg.facts
# needs. Secrets go by environment, never by argument; one transaction, read only, with settings local to it, because a pooler hands the session to the next client.
pg_env() {  # $1 password or empty; then psql and its arguments
  _w=$1; shift
  for _n in HOST HOSTADDR PORT USER PASSWORD DATABASE SSLMODE; do
    case $_n in PORT) _k=$U_port ;; HOST) _k=$U_host ;; USER) _k=$U_user ;; DATABASE) _k=$U_db ;; SSLMODE) _k=$U_ssl ;; PASSWORD) _k=$_w ;; HOSTADDR) _k=$U_hostaddr ;; esac
    unset "PG$_n"
    [ -n "$_k" ] || _k=$(hex_text "$(table_value v "PG$_n")")
    [ -n "$_k" ] || { [ "$_n" = HOST ] && _k=localhost; }
    [ -z "$_k" ] || export "PG$_n=$_k"
  done
  for _n in "PGOPTIONS=$U_options" "PGTARGETSESSIONATTRS=$U_attrs" "PGCHANNELBINDING=$U_binding" "PGSSLROOTCERT=$U_rootcert" "PGSSLCERT=$U_cert" "PGSSLKEY=$U_key"; do unset "${_n%%=*}"; [ -z "${_n#*=}" ] || export "${_n?}"; done
  unset PGSERVICE PGSERVICEFILE PGREQUIREPEER
  PGPASSFILE=/nonexistent PGCONNECT_TIMEOUT=5 PGAPPNAME=readiness-tui "$@"
}
pg_ask() { printf '%s\n' 'begin read only;' 'set local statement_timeout=5000;' 'set local lock_timeout=500;' "$2" 'commit;' | ( cd /; pg_env "$1" timeout 12 psql -XAtqw -F'|' -v ON_ERROR_STOP=1 -f - 2>&1 ); }
pg_class() {  # the kind of refusal, from the client's and the server's English; anything else is not forwarded
  case $1 in
    *'no password supplied'*) echo password-asked ;;
    *'password authentication failed'*|*'SASL authentication failed'*|*'authentication failed for user'*|*'auth failed'*|*'password retrieval'*) case $1 in *'eer authentication failed'*|*'dent authentication failed'*) echo peer ;; *) echo password-refused ;; esac ;;
    *'not permitted to log in'*) echo login-refused ;;
    *'no pg_hba.conf entry'*|*'rejects connection'*) echo host-refused ;;
    *'role "'*'does not exist'*|*'no such user'*) echo no-role ;;
    *'database "'*'does not exist'*|*'no such database'*) echo no-database ;;
    *'ermission denied for database'*) echo database-refused ;;
    *'onnection refused'*) echo refused ;;
    *'translate host name'*) echo no-such-host ;;
    *'timeout expired'*|*'imed out'*) echo timeout ;;
    *'does not support SSL'*|*'SSL not in use'*|*'channel binding required'*) echo no-tls ;;
    *'oot certificate file'*'does not exist'*) echo no-root-certificate ;;
    *'could not read roo'*|*'ermission denied'*) echo denied ;;
    *'certificate verify failed'*|*'does not match host name'*) echo certificate-refused ;;
    *'No such file or directory'*) echo no-socket ;;
    *'too many'*|*'remaining connection slots'*|*'starting up'*|*'shutting down'*|*'recovery mode'*) echo busy ;;
    *'session is read-only'*|*'session is not read-only'*|*'server is in hot standby'*|*'server is not in hot standby'*) echo wrong-server ;;
    *'unreachable'*) echo unreachable ;;
    *) echo other ;;
  esac
}
db_login() {  # $1 prefix
  case $U_scheme in keywords|postgres|postgresql|postgresql+*|postgres+*) ;; *) return ;; esac
  [ -z "$U_service" ] || { cant "$1dblogin" unsupported-service; return; }
  have psql || { cant "$1dblogin" no-psql; return; }
  [ -z "$U_key" ] || [ -r "$U_key" ] || { cant "$1dblogin" "denied client key"; return; }
  if [ -n "$U_pass" ]; then
    _o=$(U_pass=; pg_ask '' 'select 1;'); _rc=$?
    if [ "$_rc" = 0 ]; then kv "$1password_asked" no
    else _c=$(pg_class "$_o"); case $_c in password-asked) kv "$1password_asked" yes ;; password-refused|other) ;; *) kv "$1dblogin_error" "$_c"; return ;; esac; fi
  fi
  _o=$(pg_ask "$U_pass" "select current_database(), current_user, current_setting('server_version_num'), pg_is_in_recovery(), (select count(*) from pg_class c join pg_namespace n on n.oid=c.relnamespace where relkind in ('r','p') and nspname='public');"); _rc=$?
  case $_rc in
    0) _r=$(printf '%s\n' "$_o" | grep '|' | tail -1)
       _db=${U_db:-${U_user}}; _as=no; [ "${_r%%|*}" = "$_db" ] && _u=${_r#*|} && [ "${_u%%|*}" = "${U_user:-${_u%%|*}}" ] && _as=yes
       _r2=${_r#*|}; kv "$1dblogin" "$(plain_word "${_r%%|*}")|$(plain_word "${_r2%%|*}")|${_r2#*|}|$_as" ;;
    124|137|143) kv "$1dblogin_error" timeout ;;
    *) kv "$1dblogin_error" "$(pg_class "$_o")" ;;
  esac
}
[ $# -gt 3 ] || each_url "$1" "$2" "$3" db_login; :
