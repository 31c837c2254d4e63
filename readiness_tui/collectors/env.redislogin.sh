# shellcheck shell=sh
# about: Logs in to Redis with the URL that env.url read, and asks for its version.
# subject: ping Redis
# shellcheck disable=SC2154,SC2153  # U_* are set by env.url, which stands before this in the same shell
# after env.url: PING and INFO with the application's own credentials. Exit statuses prove nothing here: the text is told.
if [ -n "${U:-}" ]; then
  case $U_scheme in redis|rediss|valkey|valkeys) ;; *) exit 0 ;; esac
  cli=; for c in redis-cli valkey-cli keydb-cli; do have $c && { cli=$c; break; }; done
  if [ -n "$cli" ]; then
    case $U_db in ''|*[!0-9]*) U_db=0 ;; esac
    ask() {
      set -- -h "$U_host" -p "${U_port:-6379}" "$@"
      [ -z "$U_user" ] || set -- --user "$U_user" "$@"
      case $U_scheme in rediss|valkeys) set -- --tls "$@" ;; esac
      if [ -n "$U_pass" ]; then REDISCLI_AUTH=$U_pass timeout 5 "$cli" "$@"; else timeout 5 "$cli" "$@"; fi
    }
    unset REDISCLI_AUTH
    o=$(ask -n "$U_db" PING 2>&1); rc=$?
    case $o in
      PONG) kv ping PONG ;;
      *"AUTH failed"*PONG) kv ping PONG; kv auth "url has a password, server accepts none" ;;
      *) kv ping_error "$(printf '%s' "$o" | tail -1 | cut -c1-120) rc=$rc" ;;
    esac
    o=$(ask INFO 2>/dev/null | tr -d '\r')
    printf '%s\n' "$o" | awk -F: '/^(redis_version|redis_mode|valkey_version|server_name|maxmemory|maxmemory_policy|used_memory|keyspace_hits|keyspace_misses|evicted_keys|aof_enabled|rdb_last_bgsave_status|connected_clients|role):/{n=$1; sub(/^redis_/,"",n); print "redis_" n "=" $2}'
  else cant ping no-redis-cli; fi
fi; :
