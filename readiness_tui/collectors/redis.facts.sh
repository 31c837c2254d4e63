# shellcheck shell=sh
# about: Asks Redis for its memory limit, hits and persistence, with the URL that env.url read.
# arguments: UNIT FILE NAME PORT ONLY-THESE
# after: env.reader+env.url+env.redislogin
# example: app.service {env} REDIS_URL 1 facts
# subject: info Redis
# timeout: 20
# shellcheck disable=SC2154  # U_* are set by env.url, and functions by env.redislogin, in the same shell
# after env.reader, env.url, env.redislogin: AUTH and one INFO, as a refused command leaves an entry in the server's ACL log.
# info_NAME=VALUE for the names that a rule needs; info_state=ok, or the kind of reply that kept INFO from being read.
redis_info() {  # $1 prefix of each_url; the URL that the files set
  [ -z "$1" ] || return 0
  case $U_scheme in redis*|valkey*|unix*) have_url=1 ;; *) return 0 ;; esac
  cli=; for c in redis-cli valkey-cli keydb-cli; do have $c && { cli=$c; break; }; done
  [ -n "$cli" ] || { cant info no-redis-cli; return; }
  tls=; case $U_scheme in rediss*|valkeys*) tls=1 ;; esac
  o=$({ if [ "$U_haspass" != 0 ] && [ -n "$U_pass" ]; then printf 'AUTH '; [ -z "$U_user" ] || { rquote "$U_user"; printf ' '; }; rquote "$U_pass"; echo; fi; echo INFO; } |
    redis_ask "$cli" "${U_host:-127.0.0.1}" "${U_port:-6379}" "$tls" | tr -d '\r')
  if printf '%s\n' "$o" | grep -q '^redis_version:'; then
    kv info_state ok
    printf '%s\n' "$o" | sed -n 's/^\(maxmemory\|maxmemory_policy\|used_memory\|keyspace_hits\|keyspace_misses\|evicted_keys\|aof_enabled\|aof_last_write_status\|rdb_last_save_time\|rdb_changes_since_last_save\|rdb_last_bgsave_status\|uptime_in_seconds\|role\|server_time_usec\):\([A-Za-z0-9._-]*\)$/info_\1=\2/p; s/^db[0-9]*:keys=\([0-9]*\),expires=\([0-9]*\).*/info_keys=\1|\2/p'
    kv info_now "$(date +%s)"
  else
    w=$(redis_class "$(printf '%s\n' "$o" | grep -v '^OK$' | grep . | head -1)"); kv info_state "${w:-nothing}"
  fi
}
have_url=
each_url "$1" "$2" "$3" redis_info
if [ -z "$have_url" ] && [ -n "$4" ]; then  # no URL here: the server on this host itself, without a password
  U_scheme=redis; U_user=; U_pass=; U_haspass=0; U_host=127.0.0.1; U_port=$4; redis_info ''
fi; :
