# shellcheck shell=sh
# about: Splits a URL of a unit's environment; the password stays in the shell.
# arguments: UNIT FILE NAME
# subject: url environment file
# shellcheck disable=SC2154,SC2059,SC2034  # E_* and ENV_AWK come from env.reader, U_* are for the login; the formats are octal escapes made here
# after env.reader: $1 unit, $2 declared file, $3 variable. Splits the URL as the drivers do and defines each_url, which calls a
# login for the URL the unit would get and for the one its process has. Secrets stay in shell variables (U_*); a URL that does
# not split cleanly is only called malformed, because its parts may be the secret's. Grammar: RFC 3986, libpq, sqlx, redis-rs.
URL_AWK='
function bad(why) { print "bad " why; done = 1; exit }
function oct(s,  i, o) { o = ""; for (i = 1; i <= length(s); i++) o = o "\\" O[substr(s, i, 1)]; return o }
function out(k, s) { print k " " oct(s) }
function pct(s, strict,  o, h) {
  o = ""
  while ((p0 = index(s, "%")) > 0) {
    o = o substr(s, 1, p0 - 1); h = tolower(substr(s, p0 + 1, 2))
    if (h ~ /^[0-9a-f][0-9a-f]$/ && h != "00") { o = o B[h]; s = substr(s, p0 + 3) }
    else { if (strict || h == "00") bad("percent"); o = o "%"; s = substr(s, p0 + 1) }
  }
  return o s
}
function port(s) { if (s != "" && (s !~ /^[0-9]+$/ || s + 0 > 65535 || s + 0 < 1)) bad("port"); return s }
function hostport(s,  p) {  # sets HOST and PORT
  if (s ~ /^\[/) { p = index(s, "]"); if (!p) bad("host"); HOST = substr(s, 2, p - 2); PORT = substr(s, p + 1); if (PORT != "" && PORT !~ /^:/) bad("host"); sub(/^:/, "", PORT) }
  else { p = index(s, ":"); HOST = p ? substr(s, 1, p - 1) : s; PORT = p ? substr(s, p + 1) : ""; HOST = pct(HOST, 1) }
  PORT = port(PORT)
}
function params(s,  n, a, i, p, k) {
  n = split(s, a, "&")
  for (i = 1; i <= n; i++) {
    if (a[i] == "") continue
    p = index(a[i], "="); if (!p) { if (pg) bad("query"); continue }
    k = pct(substr(a[i], 1, p - 1), pg); Q[k] = pct(substr(a[i], p + 1), pg)
  }
}
function keywords(s,  k, v, c) {  # the keyword form of libpq: host=a password=\47b c\47
  while (s !~ /^[ \t]*$/) {
    if (!match(s, /^[ \t]*[a-z_]+[ \t]*=[ \t]*/)) bad("keyword")
    k = substr(s, 1, RLENGTH); s = substr(s, RLENGTH + 1); gsub(/[ \t=]/, "", k); v = ""
    if (k !~ /^(host|hostaddr|port|user|password|dbname|service|sslmode|sslrootcert|sslcert|sslkey|target_session_attrs|channel_binding|gssencmode|options|connect_timeout|application_name|keepalives[a-z_]*|load_balance_hosts|client_encoding|passfile|require_auth)$/) bad("keyword")
    if (substr(s, 1, 1) == "\47") {
      s = substr(s, 2)
      while ((c = substr(s, 1, 1)) != "\47") { if (c == "") bad("keyword"); if (c == "\\") { s = substr(s, 2); c = substr(s, 1, 1) } v = v c; s = substr(s, 2) }
      s = substr(s, 2)
    } else while ((c = substr(s, 1, 1)) != "" && c != " " && c != "\t") { if (c == "\\") { s = substr(s, 2); c = substr(s, 1, 1) } v = v c; s = substr(s, 2) }
    Q[k] = v
  }
  hosts = Q["host"]; ports = Q["port"]; user = Q["user"]; pass = Q["password"]; haspass = ("password" in Q); db = Q["dbname"]
  m = split(ports, a, ","); for (i = 1; i <= m; i++) port(a[i])
  server()
}
function server() {  # what is the same however the parts were written
  ssl = ("sslmode" in Q) ? Q["sslmode"] : ("ssl-mode" in Q) ? Q["ssl-mode"] : (Q["ssl"] == "true") ? "require" : ""
  if (ssl == "no-verify") ssl = "require"
  if (ssl != "" && ssl !~ /^(disable|allow|prefer|require|verify-ca|verify-full)$/) bad("sslmode")
  if (hosts ~ /[^A-Za-z0-9._:%\/,-]/ ) bad("host")
  out("hostaddr", Q["hostaddr"]); out("ssl", ssl); out("options", Q["options"]); out("attrs", Q["target_session_attrs"]); out("binding", Q["channel_binding"])
  out("rootcert", ("sslrootcert" in Q) ? Q["sslrootcert"] : ("ssl-root-cert" in Q) ? Q["ssl-root-cert"] : Q["ssl-ca"]); out("cert", Q["sslcert"]); out("key", Q["sslkey"]); out("service", Q["service"])
}
BEGIN { for (i = 0; i < 256; i++) { c = sprintf("%c", i); h = sprintf("%02x", i); B[h] = c; O[c] = sprintf("%03o", i) } }
{
  url = ""; for (i = 1; i < length($1); i += 2) url = url B[substr($1, i, 2)]
  p = index(url, "://")
  if (url ~ /^[ \t]*[a-z_]+[ \t]*=/ && url !~ /^[^=]*:\/\//) {
    if (url ~ /[\001-\037\177]/) bad("control")
    keywords(url); print "scheme " oct("keywords")
    out("user", user); out("pass", pass); out("host", hosts); out("port", ports); out("db", db); print "haspass " oct(haspass ""); exit
  }
  if (!p) bad("scheme")
  scheme = substr(url, 1, p - 1); r = substr(url, p + 3); low = tolower(scheme)
  if (low !~ /^[a-z][a-z0-9+.-]*$/ || length(low) > 24) bad("scheme")
  pg = (low ~ /^postgres(ql)?([+]|$)/); cache = (low ~ /^(redis|rediss|valkey|valkeys|unix)([+-]|$)/)
  print "scheme " oct(pg ? scheme : low)
  if (!pg && !cache) exit
  if (url ~ /[\001-\037\177]/) bad("control")
  p = match(r, /[\/?#]/); auth = p ? substr(r, 1, p - 1) : r; r = p ? substr(r, p) : ""
  if (pg && r ~ /#/) bad("hash")
  frag = ""; if ((p = index(r, "#")) > 0) { frag = substr(r, p + 1); r = substr(r, 1, p - 1) }
  query = ""; if ((p = index(r, "?")) > 0) { query = substr(r, p + 1); r = substr(r, 1, p - 1) }
  at = gsub(/@/, "@", auth)
  if (pg && (at > 1 || index(r, "@"))) bad("at")
  if (!at && (index(r frag, "@") || (cache && index(query, "@") && low !~ /unix/))) bad("at")
  user = ""; pass = ""; haspass = 0
  if (at) {
    p = 0; for (i = 1; i <= length(auth); i++) if (substr(auth, i, 1) == "@") p = i
    info = substr(auth, 1, p - 1); auth = substr(auth, p + 1)
    p = index(info, ":"); if (p) { haspass = 1; user = pct(substr(info, 1, p - 1), pg); pass = pct(substr(info, p + 1), pg) } else user = pct(info, pg)
  }
  params(query)
  if (pg) {
    n = split(auth, a, ","); hosts = ""; ports = ""; given = 0
    for (i = 1; i <= n; i++) { hostport(a[i]); hosts = hosts (i > 1 ? "," : "") HOST; ports = ports (i > 1 ? "," : "") PORT; if (PORT != "") given++ }
    db = pct(substr(r, 2), 1)
    if ("host" in Q) hosts = Q["host"]; if ("port" in Q) { ports = Q["port"]; m = split(ports, a, ","); for (i = 1; i <= m; i++) port(a[i]) }
    if ("user" in Q) user = Q["user"]; if ("password" in Q) { pass = Q["password"]; haspass = 1 } if ("dbname" in Q) db = Q["dbname"]
    for (k in Q) if (k !~ /^(host|hostaddr|port|user|password|dbname|ssl|sslmode|ssl-mode|sslrootcert|ssl-root-cert|ssl-ca|sslcert|sslkey|target_session_attrs|channel_binding|gssencmode|options|options\[.*\]|connect_timeout|application_name|keepalives.*|statement-cache-capacity|load_balance_hosts)$/) odd++
    server()
    print "odd " oct(odd + 0 "")
  } else {
    if (low ~ /unix/) { hosts = pct(r, 0); ports = ""; db = Q["db"]; if ("user" in Q) user = Q["user"]; if ("username" in Q) user = Q["username"]
      if ("pass" in Q) { pass = Q["pass"]; haspass = 1 } if ("password" in Q) { pass = Q["password"]; haspass = 1 }
      if (auth != "" || hosts !~ /^\//) bad("path") }
    else {
      split(auth, a, ","); hostport(a[1]); hosts = HOST; ports = PORT; db = substr(r, 2); sub(/\/$/, "", db)
      if (hosts ~ /[^A-Za-z0-9._:%-]/) bad("host")
      if (low ~ /^(rediss|valkeys)/ && frag != "" && frag != "insecure") bad("fragment")
      if (frag == "insecure") print "insecure \\061"
    }
    if (db != "" && db !~ /^[0-9]+$/) bad("database")
  }
  out("user", user); out("pass", pass); out("host", hosts); out("port", ports); out("db", db); print "haspass " oct(haspass "")
}'
url_split() {  # $1 hexadecimal; sets U_*; U_bad says why it is malformed
  U_bad=; U_scheme=; U_user=; U_pass=; U_haspass=0; U_host=; U_port=; U_db=; U_ssl=; U_hostaddr=; U_options=; U_attrs=; U_binding=; U_rootcert=; U_cert=; U_key=; U_service=; U_odd=0; U_insecure=
  _o=$(printf '%s\n' "$1" | awk "$URL_AWK")
  _ifs=$IFS; IFS='
'
  for _l in $_o; do
    IFS=$_ifs; _v=
    case $_l in bad\ *) U_bad=${_l#bad }; continue ;; *' '?*) _v=$(printf "${_l#* }."); _v=${_v%.} ;; esac
    case ${_l%% *} in scheme) U_scheme=$_v ;; user) U_user=$_v ;; pass) U_pass=$_v ;; haspass) U_haspass=$_v ;; host) U_host=$_v ;; port) U_port=$_v ;; db) U_db=$_v ;; ssl) U_ssl=$_v ;;
      hostaddr) U_hostaddr=$_v ;; options) U_options=$_v ;; attrs) U_attrs=$_v ;; binding) U_binding=$_v ;; rootcert) U_rootcert=$_v ;; cert) U_cert=$_v ;; key) U_key=$_v ;; service) U_service=$_v ;; odd) U_odd=$_v ;; insecure) U_insecure=$_v ;; esac
  done
  IFS=$_ifs
}
plain_word() {  # a part that is no secret, unless it looks like one in the wrong place
  case $1 in
    '') echo none ;;
    *[!A-Za-z0-9._:%,/@-]*) echo '(not shown)' ;;
    *) printf '%.120s\n' "$1" | awk '{ s = $0; while (match(s, /[A-Za-z0-9]+/)) { w = substr(s, RSTART, RLENGTH); if (length(w) > 15 && w ~ /[a-z]/ && w ~ /[A-Z]/ && w ~ /[0-9]/) { print "(not shown)"; exit } s = substr(s, RSTART + RLENGTH) } print }' ;;
  esac
}
pass_shape() {  # of the password: characters (of one period, if it repeats), classes, different characters, 1 if it is a usual word or a row
  printf '%s\n' "$U_pass" | awk '{
    s = $0; n = length(s); few = 0; c = 0; l = tolower(s); asc = "0123456789 abcdefghijklmnopqrstuvwxyz qwertyuiop asdfghjkl zxcvbnm"
    for (i = 1; i <= n; i++) { x = substr(s, i, 1); if (x >= "\200" && x <= "\277") few++; if (!(x in S)) { S[x] = 1; d++ } if (i < n && index(asc, substr(l, i, 2))) row++ }
    for (p = 1; p <= n / 2; p++) if (substr(s, p + 1) == substr(s, 1, n - p)) break
    if (s ~ /[a-z]/) c++; if (s ~ /[A-Z]/) c++; if (s ~ /[0-9]/) c++; if (s ~ /[^A-Za-z0-9]/) c++
    w = (l ~ /change.?me|replace.?me|your.*(pass|secret)|placeholder|todo|fixme|passw[o0]rd|xxxx|insert.*here/ || row > n / 2)
    print (p <= n / 2 ? p : n - few) "|" c "|" d + 0 "|" w }'
}
url_facts() {  # $1 prefix of the facts
  if [ -n "$U_bad" ]; then kv "$1url" "malformed|$U_bad"; return 1; fi
  case $U_scheme in
    keywords|[pP][oO][sS][tT]*) ;;
    redis*|valkey*|unix*) [ "$U_haspass" != 0 ] || [ -z "$U_user" ] || U_hide=1 ;;
    mysql|mariadb|mongodb*|sqlite*|http|https|amqp|jdbc|memcached) kv "$1url" "set|$U_scheme|none|none|default|none||0|0"; return 1 ;;
    *) kv "$1url" 'set|another scheme|none|none|default|none||0|0'; return 1 ;;
  esac
  kv "$1url" "set|$U_scheme|$([ -n "${U_hide:-}" ] && echo '(not shown)' || plain_word "$U_user")|$(plain_word "$U_host")|${U_port:-default}|$(plain_word "$U_db")|$U_ssl|$(printf '%s' "$U_pass" | wc -c | tr -d ' ')|$U_odd"
  [ "$U_haspass" = 0 ] || [ -z "$U_pass" ] || kv "$1pass_shape" "$(pass_shape)"
  U_hide=
}
table_value() { printf '%s\n' "$E_table" | sed -n "s/^$1 $2 \([0-9a-f]*\)\( .*\)\{0,1\}\$/\1/p" | tail -1; }
hex_text() { _t=$(printf '%s\n' "$1" | sed 's/../& /g' | awk 'BEGIN { for (i = 0; i < 256; i++) O[sprintf("%02x", i)] = sprintf("%03o", i) } { for (i = 1; i <= NF; i++) printf "\\%s", O[$i] }'); printf "$_t"; }
each_url() {  # $1 unit, $2 file, $3 variable, $4 what logs in (called with the prefix)
  case $(command -v printf) in printf) ;; *) cant url "no-builtin-printf"; return ;; esac
  env_unit "$1" "$2"; E_reads=$(env_reads "$2"); kv unit "$E_unit"; kv reads "$E_reads"; [ "$(property NeedDaemonReload)" != yes ] || kv reload_due yes
  E_table=$(env_stream "$2" | awk -v version="$E_version" "$ENV_AWK")
  printf '%s\n' "$E_table" | sed -n 's/^f /envfile=/p; s/^s /process=/p'
  printf '%s\n' "$E_table" | sed -n 's/^f \(.*\)|[01d]|denied|0$/\1/p' | grep . | while IFS= read -r f; do cant env "denied $f"; grant cat "$f"; done
  if printf '%s\n' "$E_table" | grep -q '^s unseen'; then grant cat '^/proc/[0-9]+/environ$'; fi
  case $E_table in *'|denied|0'*) return ;; esac
  if ! printf '%s\n' "$E_table" | grep -q "^v $3 "; then
    if printf '%s\n' "$E_table" | grep -qx "w $3"; then kv url only-in-file; else kv url unset; fi
  else
    E_file=$(table_value v "$3")
    url_split "$E_file"; if url_facts ''; then "$4" ''; fi
    printf '%s\n' "$E_table" | grep -q "^q $3 " || { case $E_table in *'
s seen'*) kv process_url missing ;; esac; return; }
    E_live=$(table_value q "$3")
    if [ "$E_live" = "$E_file" ]; then kv process_url same; else url_split "$E_live"; if url_facts process_; then "$4" process_; fi; fi
  fi
}
