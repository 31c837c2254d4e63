# shellcheck shell=sh
# about: Logs in to Redis with the URL that env.url read, and asks for its version.
# arguments: UNIT FILE NAME PORT
# after: env.reader+env.url
# example: app.service {env} REDIS_URL
# subject: ping Redis
# timeout: 30
# shellcheck disable=SC2154,SC2153,SC2059  # U_* are set by env.url, which stands before this in the same shell
# after env.url (with more than four arguments it only defines what redis.facts needs): PING, AUTH, SELECT, PING, INFO, HELLO with the application's own credentials, written to the client's standard
# input. Exit statuses prove nothing and error texts may repeat the password: only the kind of each reply is told.
rquote() { printf '"%s"' "$(printf '%s' "$1" | od -An -v -tx1 | tr -d '\n' | sed 's/ /\\x/g')"; }
redis_ask() {  # $1 cli, $2 host, $3 port; with TLS when $4 is set; commands on standard input
  unset REDISCLI_AUTH
  set -- "$1" "$2" "$3" "${4:-}"
  case $2 in /*) timeout 6 "$1" -s "$2" 2>&1 ;; *) if [ -n "$4" ]; then timeout 6 "$1" -h "$2" -p "$3" --tls 2>&1; else timeout 6 "$1" -h "$2" -p "$3" 2>&1; fi ;; esac
}
redis_class() {  # the kind of a reply
  case $1 in
    PONG|OK) echo "$1" ;; NOAUTH*) echo NOAUTH ;; WRONGPASS*|*'invalid password'*|*'invalid username-password'*) echo WRONGPASS ;; NOPERM*) echo NOPERM ;;
    *'without any password'*|*'no password is set'*) echo not-asked ;; *'index is out of range'*|*'invalid DB index'*) echo no-such-database ;; *'not allowed in cluster'*) echo cluster ;;
    LOADING*|MASTERDOWN*|*'max number of clients'*) echo busy ;; *'onnection refused'*) echo refused ;; *'ame or service not known'*|*'No address associated'*|*'emporary failure in name'*) echo no-such-host ;;
    *'ertificate verify failed'*) echo certificate-refused ;; *'onnection reset'*|*'erver closed the connection'*) echo reset ;; *'No such file'*) echo no-socket ;; *'ermission denied'*) echo denied ;;
    *'nrecognized option'*) echo no-tls-client ;; *'unknown command'*|*'Unknown command'*) echo unknown-command ;; *'timed out'*) echo timeout ;; '') echo nothing ;; *) echo other ;;
  esac
}
redis_login() {  # $1 prefix
  case $U_scheme in redis*|valkey*|unix*) U_asked=1 ;; *) return ;; esac
  cli=; for c in redis-cli valkey-cli keydb-cli; do have $c && { cli=$c; break; }; done
  [ -n "$cli" ] || { cant "$1ping" no-redis-cli; return; }
  tls=; case $U_scheme in rediss*|valkeys*) tls=1 ;; esac
  h=${U_host:-127.0.0.1}; p=${U_port:-6379}
  o=$({ echo PING
    if [ "$U_haspass" != 0 ] && [ -n "$U_pass" ]; then printf 'AUTH '; [ -z "$U_user" ] || { rquote "$U_user"; printf ' '; }; rquote "$U_pass"; echo; else echo PING; fi
    echo "SELECT ${U_db:-0}"; echo PING; echo 'INFO server'; echo 'INFO replication'; echo 'HELLO 2'; } | redis_ask "$cli" "$h" "$p" "$tls"); rc=$?
  o=$(printf '%s\n' "$o" | tr -d '\r' | grep -v '^$'); line() { redis_class "$(printf '%s\n' "$o" | sed -n "$1p")"; }
  case $rc in 124|137|143)
    if [ -n "$tls" ]; then w=$(redis_class "$(echo PING | redis_ask "$cli" "$h" "$p" '' | head -1)"); case $w in PONG|NOAUTH) kv "$1ping" plain-port; return ;; esac; fi
    kv "$1ping" timeout; return ;; esac
  f=$(line 1)
  case $f in PONG|NOAUTH|NOPERM) ;; *) kv "$1ping" "$f"; return ;; esac
  kv "$1first" "$f"; kv "$1auth" "$([ "$U_haspass" != 0 ] && [ -n "$U_pass" ] && line 2 || echo none)"; kv "$1select" "$(line 3)"; kv "$1ping" "$(line 4)"
  printf '%s\n' "$o" | awk -F: 'NR > 4 && /^(redis_version|redis_mode|valkey_version|server_name|role):[A-Za-z0-9._-]+$/ { n = $1; sub(/^redis_/, "", n); print "redis_" n "=" $2; next }
    NR > 4 { if (prev ~ /^(server|version|mode|role)$/ && $0 ~ /^[A-Za-z0-9._-]+$/) print "hello_" prev "=" $0; prev = $0 }'
}
[ $# -gt 4 ] || each_url "$1" "$2" "$3" redis_login
if [ $# = 4 ] && [ -n "$4" ]; then  # the server on this host itself, without a password, when no URL was there to ask with
  U_scheme=redis; U_user=; U_pass=; U_haspass=0; U_host=127.0.0.1; U_port=$4; U_db=0; [ -n "${U_asked:-}" ] || redis_login default_
fi; :
