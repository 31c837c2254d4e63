# shellcheck shell=sh
# about: Sends GET requests through the reverse proxy and straight to the application, and prints how the answers compare.
# arguments: APP_PORT TLS_PORT HEALTH_PATH DOMAIN...
# example: 1 1 /health api.example.com
# root: ss -Hltnp
# timeout: 60
# subject: answer requests on the host
# Answers answer=DOMAIN|WAY|health or other|STATUS|TYPE|LOCATION|SERVER|HEADER NAMES|LENGTH|DIGEST|SHAPE, and failed=DOMAIN|WAY|WHICH|WHY;
# WAY is direct, https, http or plain (HTTP on the TLS port). Bodies stay on the host: their digests leave it.
px_app=$1 px_tls=$2 px_health=$3; shift 3
px_other=/readiness-nobody-has-this-path
CR=$(printf '\r'); px_tool=; px_tls_tool=
if have curl; then px_tool=curl px_tls_tool=curl
elif have python3 && python3 -I -c 'import ssl' 2>/dev/null; then px_tool=python3 px_tls_tool=python3
else
  if have bash; then px_tool=bash; elif have nc; then px_tool=nc; fi
  have openssl && px_tls_tool=openssl
fi
[ -n "$px_tool" ] || { cant answer "no-tool: none of curl, python3, bash and nc is installed to send a request"; exit 0; }
kv request_tool "$px_tool ${px_tls_tool:-without TLS}"
PX_PY='
import socket, ssl, sys
a, p, n, t = sys.argv[1:5]
try:
    s = socket.create_connection((a, int(p)), 5); s.settimeout(5)
    if t == "https":
        s = ssl._create_unverified_context().wrap_socket(s, server_hostname=n)
    s.sendall(sys.stdin.buffer.read()); left = 1 << 20
    while left > 0:
        d = s.recv(65536)
        if not d: break
        sys.stdout.buffer.write(d); left -= len(d)
except ConnectionRefusedError: sys.exit(7)
except (socket.timeout, TimeoutError): sys.exit(28)
except (ssl.SSLError, OSError) as e: sys.stderr.write(str(e)); sys.exit(35)
'
limit() { if have timeout; then timeout 6 "$@"; else "$@"; fi; }
wire() { printf 'GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: readiness-tui\r\nAccept: */*\r\nConnection: close\r\n' "$1" "$2"; [ -z "$3" ] || printf 'X-Forwarded-Proto: %s\r\n' "$3"; printf '\r\n'; }
fetch() { # $1 http or https, $2 address, $3 port, $4 host name, $5 path, $6 X-Forwarded-Proto or nothing
  px_use=$px_tool; [ "$1" = https ] && px_use=$px_tls_tool
  case $px_use in
    curl) px_a=$2; case $2 in *:*) px_a="[$2]" ;; esac
      if [ -n "$6" ]; then limit curl -q -sS -k -i --http1.1 --noproxy '*' --max-time 5 -A readiness-tui -H "Host: $4" -H "X-Forwarded-Proto: $6" --connect-to "::$px_a:$3" "$1://$4:$3$5"
      else limit curl -q -sS -k -i --http1.1 --noproxy '*' --max-time 5 -A readiness-tui -H "Host: $4" --connect-to "::$px_a:$3" "$1://$4:$3$5"; fi ;;
    python3) wire "$5" "$4" "$6" | limit python3 -I -c "$PX_PY" "$2" "$3" "$4" "$1" ;;
    openssl) px_a=$2; case $2 in *:*) px_a="[$2]" ;; esac; wire "$5" "$4" "$6" | limit openssl s_client -quiet -ign_eof -servername "$4" -connect "$px_a:$3" ;;
    bash) wire "$5" "$4" "$6" | limit bash -c 'exec 3<>"/dev/tcp/$0/$1" || exit 7; cat >&3; cat <&3' "$2" "$3" ;;
    nc) wire "$5" "$4" "$6" | limit nc "$2" "$3" ;;
    *) return 99 ;;
  esac
}
digest() { if have sha256sum; then sha256sum | cut -c1-16; else cksum | tr ' ' -; fi; }
heard() { # standard input: an HTTP response; $1 domain, $2 way, $3 which
  IFS= read -r px_line || [ -n "$px_line" ] || return 1
  px_line=${px_line%"$CR"}
  case $px_line in HTTP/*\ [1-5][0-9][0-9]*) ;; *) kv failed "$1|$2|$3|garbled"; cat >/dev/null; return 0 ;; esac
  px_status=${px_line#* }; px_status=${px_status%"${px_status#???}"}; px_type='' px_place='' px_server='' px_names=''
  while IFS= read -r px_line; do
    px_line=${px_line%"$CR"}; [ -n "$px_line" ] || break
    px_name=${px_line%%:*}; px_value=${px_line#*:}; px_value=${px_value# }
    case $px_name in
      [Cc]ontent-[Tt]ype) px_type=${px_value%%;*} ;;
      [Ll]ocation) px_place=${px_value%%\?*} ;;
      [Ss]erver) px_server=$px_value ;;
    esac
    px_names=$px_names,$px_name
  done
  px_body=$(head -c 1048576)
  px_shape=$(case $px_type in *json*) printf '%s' "$px_body" | tr ',{' '\n\n' | sed -n 's/^[[:space:]]*\("[^"]*"\)[[:space:]]*:.*/\1/p' | sort -u ;; *) printf '%s' "$px_body" | tr -d '0-9' ;; esac | digest)
  kv answer "$1|$2|$3|$px_status|$(printf '%s' "$px_type" | tr '|' /)|$(printf '%s' "$px_place" | tr '|' / | cut -c1-120)|$(printf '%s' "$px_server" | tr '|' / | cut -c1-60)|$(printf '%s' "${px_names#,}" | tr 'A-Z|' 'a-z/')|${#px_body}|$(printf '%s' "$px_body" | digest)|$px_shape"
}
get() { # $1 domain, $2 way, $3 which, then the arguments of fetch
  px_d=$1 px_w=$2 px_q=$3; shift 3
  px_all=$( { { fetch "$@" 2>/dev/null; printf 'rc=%s\n' "$?" >&3; } | { heard "$px_d" "$px_w" "$px_q" || :; }; } 3>&1 )
  px_rc=$(printf '%s\n' "$px_all" | sed -n 's/^rc=//p'); printf '%s\n' "$px_all" | grep -v '^rc='
  case $px_all in *answer=*|*failed=*) return ;; esac
  case $px_rc in 0) px_rc=52 ;; 124|143) px_rc=28 ;; esac
  px_err=$(fetch "$@" 2>&1 >/dev/null | tr '[:upper:]' '[:lower:]')
  case $px_rc:$px_err in
    *unrecognized*name*) px_why=unrecognized-name ;;
    *"wrong version number"*|*wrong_version*|*"record layer failure"*|*record_layer*|*"packet length too long"*) px_why=not-tls ;;
    7:*|*refused*) px_why=refused ;; 28:*) px_why=timeout ;; 52:*) px_why=closed ;; 99:*) px_why=no-tool ;; *) px_why=broken ;;
  esac
  kv failed "$px_d|$px_w|$px_q|$px_why"
}
# who listens where: every user may read this, also where processes are hidden
px_listens() { awk -v p="$(printf '%04X' "$1")" 'FNR > 1 && $4 == "0A" { n = split($2, a, ":"); if (a[n] == p) print a[1] }' /proc/net/tcp /proc/net/tcp6 2>/dev/null | sort -u; }
for px_p in "$px_tls" 80 "$px_app"; do for px_l in $(px_listens "$px_p"); do kv listens "$px_p|$px_l"; done; done
if [ "$(id -u)" = 0 ] || [ -z "${RTUI_NOROOT:-}" ]; then
  root ss -Hltnp 2>/dev/null </dev/null | awk -v a="$px_tls" -v b="$px_app" '{ n = split($4, s, ":"); p = s[n]; if (p == a || p == 80 || p == b) { t = $0; while (match(t, /\("[^"]*"/)) { print "owner=" p "|" substr(t, RSTART + 2, RLENGTH - 3); t = substr(t, RSTART + RLENGTH) } } }' | sort -u
fi
# the address whose sockets the public meets: never 127.0.0.1 first, because servers bound to it hide the others
px_mine=$( (ip -o addr show 2>/dev/null || ifconfig -a 2>/dev/null) | sed -n 's/.*inet6\{0,1\} \(addr:\)\{0,1\} *\([0-9a-fA-F.:]*\).*/\2/p')
[ -n "$px_mine" ] || px_mine=$(hostname -I 2>/dev/null | tr ' ' '\n')
px_global=$(printf '%s\n' "$px_mine" | grep -vE '^(127\.|::1|fe80|169\.254\.|172\.17\.)' | sort | awk '/\./ && !v4 { v4 = $0 } /:/ && !v6 { v6 = $0 } END { print v4 ? v4 : v6 }')
: "${px_global:=127.0.0.1}"
# without any listener the TLS port is tried all the same: a container's port may be forwarded by the kernel
px_scheme=http; if [ -n "$(px_listens "$px_tls")" ] || [ -z "$(px_listens 80)" ]; then px_scheme=https; fi
for px_domain in "$@"; do
  px_address=$(getent ahosts "$px_domain" 2>/dev/null | awk '{print $1}' | grep -vE '^(127\.|::1)' | while IFS= read -r px_a; do printf '%s\n' "$px_mine" | grep -qxF "$px_a" && { printf '%s\n' "$px_a"; break; }; done)
  : "${px_address:=$px_global}"
  kv address "$px_domain|$px_address"
  get "$px_domain" direct health http 127.0.0.1 "$px_app" "$px_domain" "$px_health" "$px_scheme"
  get "$px_domain" direct other http 127.0.0.1 "$px_app" "$px_domain" "$px_other" "$px_scheme"
  if [ "$px_scheme" = https ]; then
    if [ -z "$px_tls_tool" ]; then cant answer "no-tool: none of curl, python3 and openssl is installed to send a TLS request"; break; fi
    px_seen=$(get "$px_domain" https health https "$px_address" "$px_tls" "$px_domain" "$px_health" ''); printf '%s\n' "$px_seen"
    case $px_seen in
      *'|not-tls'|*'|broken'|*'|closed') get "$px_domain" plain health http "$px_address" "$px_tls" "$px_domain" "$px_health" '' ;;
      *) get "$px_domain" https other https "$px_address" "$px_tls" "$px_domain" "$px_other" '' ;;
    esac
  elif [ -n "$(px_listens 80)" ]; then
    get "$px_domain" http health http "$px_address" 80 "$px_domain" "$px_health" ''
    get "$px_domain" http other http "$px_address" 80 "$px_domain" "$px_other" ''
  fi
done
for px_s in caddy haproxy traefik envoy lighttpd varnishd; do pgrep -x "$px_s" >/dev/null 2>&1 && kv other_proxy "$px_s"; done; :
