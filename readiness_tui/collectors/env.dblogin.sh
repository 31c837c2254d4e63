# shellcheck shell=sh
# about: Logs in to PostgreSQL with the URL that env.url read; the password is passed in the environment.
# subject: dblogin database login
# subject: sql PostgreSQL
# shellcheck disable=SC2154  # U_* are set by env.url, which stands before this in the same shell
# after env.url: log in with the application's own credentials, read-only. The password goes by environment, never by argument.
# No password file stands in for a password the URL lacks.
if [ -n "${U:-}" ]; then
  case $U_scheme in postgres|postgresql) ;; *) exit 0 ;; esac
  if have psql; then
    ssl=$(printf '%s' "$U_query" | tr '&' '\n' | sed -n 's/^sslmode=//p')
    o=$(cd /; PGHOST=$U_host PGPORT=${U_port:-5432} PGUSER=$U_user PGPASSWORD=$U_pass PGPASSFILE=/nonexistent PGDATABASE=$U_db PGSSLMODE=${ssl:-prefer} PGCONNECT_TIMEOUT=5 PGAPPNAME=readiness-tui PGOPTIONS='-c default_transaction_read_only=on -c statement_timeout=5000 -c client_min_messages=error' \
      psql -XAtqw -F'|' -c "select current_database(), current_user, current_setting('server_version_num'), pg_is_in_recovery(), (select count(*) from pg_class c join pg_namespace n on n.oid=c.relnamespace where relkind in ('r','p') and nspname='public')" 2>&1); rc=$?
    o=$(printf '%s\n' "$o" | grep -v '^[[:space:]]' | tail -1)
    if [ $rc = 0 ]; then kv dblogin "$o"; else kv dblogin_error "$(printf '%s' "$o" | cut -c1-160)"; fi
  elif have pg_isready; then pg_isready -q -h "$U_host" -p "${U_port:-5432}" -t 5; kv pg_isready $?; cant dblogin no-psql
  else cant dblogin no-psql; fi
fi; :
