# shellcheck shell=sh
# about: Prints the nginx that runs, when it loaded its configuration, and the statements of its files.
# arguments: CONFIG
# example: --
# root: cat NGINX_FILE
# root: ls -1A NGINX_DIR
# root: stat -c %.2Y|%.2Z|%n NGINX_FILE
# root: stat -L -c %.2Y|%.2Z|%n NGINX_FILE
# root: stat -c %.2Y|%.2Z|%n NGINX_DIR
# timeout: 30
# subject: ngx nginx configuration
# subject: ngx_changed nginx configuration
# Never runs `nginx -t` or `-T`: both create files and listen on ports (web-readers 1.1).
# Answers ngx=FILE:LINE|DEPTH|{ or ;|DIRECTIVE|WORD..., only directives of the list in NGX_KEEP; in words
# \ | LF TAB CR are written \\ \p \n \t \r.
NGX_SPLIT='
function put(kind,  i, row) {
  if (n == 0) { bad(kind == "{" ? "{ without a directive" : "; without a directive"); return }
  if (kind == ";" && word[1] == "include") { print "I|" depth "|" f ":" first "|" word[2]; n = 0; return }
  row = f ":" first "|" depth "|" kind
  for (i = 1; i <= n; i++) row = row "|" word[i]
  print row
  if (kind == "{") { depth++; if (word[1] ~ /_by_lua_block$/) { lua = 1; luadepth = 1 } }
  n = 0
}
function bad(why) { print "E|" f ":" NR "|" why; broken = 1; exit }
function unescaped(w,  out, i, c, d) {
  out = ""
  for (i = 1; i <= length(w); i++) {
    c = substr(w, i, 1)
    if (c == "\\") {
      d = substr(w, i + 1, 1)
      if (d == "\"" || d == "\047" || d == "\\") { i++; c = d }
      else if (d == "t") { i++; c = "\t" }
      else if (d == "r") { i++; c = "\r" }
      else if (d == "n") { i++; c = "\n" }
    }
    if (c == "\\") c = "\\\\"; else if (c == "|") c = "\\p"; else if (c == "\n") c = "\\n"
    else if (c == "\t") c = "\\t"; else if (c == "\r") c = "\\r"
    out = out c
  }
  return out
}
function add(w) { word[++n] = unescaped(w); if (n == 1) first = start }
function luachar(c, line, i,  two, three) { # returns how many further characters to skip
  two = substr(line, i, 2)
  if (luaq == "]]") { if (two == "]]") { luaq = ""; return 1 } return 0 }
  if (luaq != "") { if (c == "\\") return 1; if (c == luaq) luaq = ""; return 0 }
  if (substr(line, i, 4) == "--[[") { luaq = "]]"; return 3 }
  if (two == "--") return length(line)
  if (two == "[[") { luaq = "]]"; return 1 }
  if (c == "\"" || c == "\047") luaq = c
  else if (c == "{") luadepth++
  else if (c == "}" && --luadepth == 0) { lua = 0; depth-- }
  return 0
}
BEGIN { f = ENVIRON["NGX_FILE"]; depth = base = ENVIRON["NGX_DEPTH"] + 0; space = 1; n = 0; q = ""; w = "" }
{
  line = $0 "\n"; len = length(line)
  for (i = 1; i <= len; i++) {
    c = substr(line, i, 1)
    if (lua) { i += luachar(c, line, i); continue }
    if (skip) { skip = 0; w = w c; continue }
    blank = (c == " " || c == "\t" || c == "\r" || c == "\n")
    if (need) {
      if (blank) { space = 1; need = 0; continue }
      if (c == ";" || c == "{") { need = 0; space = 1; put(c); continue }
      if (c != ")") bad("\"" c "\" after a closing quote")
      space = 1; need = 0
    }
    if (space) {
      if (blank) continue
      if (c == ";" || c == "{") { put(c); continue }
      if (c == "}") { if (n) bad("} inside a directive"); if (--depth < base) bad("} without a block"); continue }
      if (c == "#") break
      space = 0; start = NR; w = ""; q = ""; var = 0
      if (c == "\"" || c == "\047") { q = c; continue }
      w = c
      if (c == "\\") skip = 1
      else if (c == "$") var = 1
      continue
    }
    if (c == "{" && var) { w = w c; continue }
    var = 0
    if (c == "\\") { w = w c; skip = 1; continue }
    if (c == "$") { w = w c; var = 1; continue }
    if (q != "") {
      if (c == q) { add(w); q = ""; need = 1 } else w = w c
    } else if (blank || c == ";" || c == "{") {
      add(w); space = 1
      if (!blank) put(c)
    } else w = w c
  }
}
END { if (!broken) { if (lua || n || !space) print "E|" f ":" NR "|the file ends inside a directive"; else if (depth != base) print "E|" f ":" NR "|a block is not closed" } }
'
ngx_gone() { # true when the file, or the file a link leads to, does not exist and that could be seen
  if [ -e "$1" ]; then return 1; fi
  if [ -L "$1" ]; then ngx_to=$(readlink "$1"); case $ngx_to in /*) ;; *) ngx_to=${1%/*}/$ngx_to ;; esac; gone "$ngx_to"; else gone "$1"; fi
}
ngx_read() { # $1 file, $2 depth of blocks, $3 depth of includes
  [ "$3" -le 20 ] || { printf 'U|unsupported: includes nested deeper than 20, at %s\n' "$1"; return; }
  if ! ngx_gone "$1"; then
    ngx_text=$(rd "$1" </dev/null && echo x) || { printf 'U|denied %s\n' "$1"; return; }
    printf 'F|%s\n' "$1"
    printf '%s' "${ngx_text%x}" | NGX_FILE=$1 NGX_DEPTH=$2 awk "$NGX_SPLIT" | while IFS= read -r ngx_row; do
      case $ngx_row in
        "I|"*) ngx_row=${ngx_row#I|}; ngx_d=${ngx_row%%|*}; ngx_row=${ngx_row#*|}; ngx_include "${ngx_row#*|}" "$ngx_d" $(( $3 + 1 )) "${ngx_row%%|*}" ;;
        *) printf '%s\n' "$ngx_row" ;;
      esac
    done
  else printf 'E|%s|the file does not exist\n' "$1"; fi
}
ngx_include() { # $1 pattern, $2 depth of blocks, $3 depth of includes, $4 place of the include
  ngx_p=$1
  case $ngx_p in *\\*) printf 'U|unsupported include %s\n' "$4"; return ;; /*) ;; *) ngx_p=$NGX_DIR/$ngx_p ;; esac
  case $ngx_p in *[*?[]*) ;; *) ngx_read "$ngx_p" "$2" "$3"; return ;; esac
  ngx_dir=${ngx_p%/*}; ngx_base=${ngx_p##*/}
  case $ngx_dir in
    *[*?[]*) ;;
    *) printf 'D|%s\n' "$ngx_dir"
       if [ -d "$ngx_dir" ] || ! gone "$ngx_dir"; then
         if ! [ -r "$ngx_dir" ] || ! [ -x "$ngx_dir" ]; then
           ngx_names=$(root ls -1A "$ngx_dir" 2>/dev/null) || { printf 'U|denied %s\n' "$ngx_dir"; return; }
           printf '%s\n' "$ngx_names" | while IFS= read -r ngx_name; do
             case $ngx_name in .*) ;; '') ;; *) # shellcheck disable=SC2254
               case $ngx_name in $ngx_base) ngx_read "$ngx_dir/$ngx_name" "$2" "$3" ;; esac ;; esac
           done
           return
         fi
       fi ;;
  esac
  ( IFS=; for ngx_f in $ngx_p; do
      if [ "$ngx_f" != "$ngx_p" ] || [ -e "$ngx_f" ] || [ -L "$ngx_f" ]; then unset IFS; ngx_read "$ngx_f" "$2" "$3"; IFS=; fi
    done )
}
# What may leave the host. Values of map, geo and set leave only when a *_pass uses the variable and they
# look like an address; conditions of `if` never do.
NGX_KEEP='
function split_row(r,  i) { nf = split(r, p, "|"); return nf }
function plain_target(v) { return v ~ /^([a-z]+:\/\/)?(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(:[0-9]+)?(\/[A-Za-z0-9._\/-]*)?$/ && length(v) <= 64 }
function cut(v,  a, b, s) { # no credentials, no query in a target
  s = ""; if (match(v, /^[a-z]+:\/\//)) { s = substr(v, 1, RLENGTH); v = substr(v, RLENGTH + 1) }
  a = v; sub(/[\/?].*/, "", a)
  while ((b = index(a, "@")) > 0) { v = substr(v, b + 1); a = substr(a, b + 1) }
  sub(/\?.*/, "", v); return s v
}
BEGIN {
  keep = " listen server_name root alias index try_files error_page location limit_except upstream server http events stream mail types map geo split_clients http2 ssl ssl_protocols ssl_reject_handshake ssl_certificate server_tokens client_max_body_size limit_req limit_req_zone limit_req_status limit_req_dry_run limit_conn limit_conn_zone limit_conn_status limit_conn_dry_run limit_rate proxy_intercept_errors proxy_hide_header add_header_inherit access_log error_log gzip proxy_cache proxy_cache_path keepalive_timeout keepalive_requests keepalive allow deny satisfy auth_basic auth_request real_ip_header set_real_ip_from worker_processes worker_connections worker_rlimit_nofile worker_shutdown_timeout user pid resolver internal merge_slashes proxy_pass fastcgi_pass uwsgi_pass scgi_pass grpc_pass memcached_pass stub_status "
  shown = " strict-transport-security x-content-type-options x-frame-options content-security-policy referrer-policy permissions-policy "
}
/^[EUFD]\|/ { print; next }
{ rows[++count] = $0; split_row($0); if (p[4] ~ /_pass$/) { v = p[5]; while (match(v, /\$\{?[A-Za-z0-9_]+/)) { u = substr(v, RSTART, RLENGTH); gsub(/[${]/, "", u); used[u] = 1; v = substr(v, RSTART + RLENGTH) } } }
function emit(to,  i, out) { out = p[1]; for (i = 2; i <= to; i++) out = out "|" p[i]; print out }
END {
  for (r = 1; r <= count; r++) {
    split_row(rows[r]); d = p[2]; name = p[4]; lower = tolower(p[5])
    if (d <= mapdepth) mapdepth = -1
    if (mapdepth >= 0 && d > mapdepth) { # inside map, geo, split_clients, types
      if (mapuse && p[3] == ";" && (name == "hostnames" || name == "volatile")) emit(4)
      else if (mapuse && p[3] == ";" && plain_target(p[5])) emit(5)
      continue
    }
    if (p[3] == "{" && (name == "map" || name == "geo" || name == "split_clients" || name == "types")) {
      mapdepth = d; v = p[nf]; sub(/^\$/, "", v)
      mapuse = (name == "map" && (v in used) && p[5] ~ /^\$(host|http_host|server_name|ssl_server_name)$/)
      if (name == "map") emit(mapuse ? 6 : 4); else emit(4)
      continue
    }
    if (name == "if") { emit(4); continue }
    if (name == "set") { v = p[5]; sub(/^\$/, "", v); if ((v in used) && plain_target(p[6])) emit(6); else emit(5); continue }
    if (name ~ /_pass$/) { p[5] = cut(p[5]); emit(5); continue }
    if (name == "server" && p[3] == ";") { p[5] = cut(p[5]); emit(nf); continue }
    if (name == "add_header") { if (index(shown, " " lower " ")) emit(nf); else if (nf > 6 && p[nf] == "always") { p[6] = "-"; p[7] = "always"; emit(7) } else emit(5); continue }
    if (name == "return") { if (p[6] ~ /^https?:\/\// || p[5] ~ /^https?:\/\//) { if (nf > 5) p[6] = cut(p[6]); else p[5] = cut(p[5]); emit(nf) } else if (nf > 5) { p[6] = "text " length(p[6]); emit(6) } else if (p[5] ~ /^[0-9]+$/) emit(5); else { p[5] = "text " length(p[5]); emit(5) } continue }
    if (name == "rewrite") { if (p[6] ~ /^https?:\/\//) p[6] = cut(p[6]); else p[6] = "-"; p[5] = "-"; emit(nf); continue }
    if (name == "log_format") { emit(5); continue }
    if (index(keep, " " name " ") || name ~ /^[a-z_]+_timeout$/) { emit(nf); continue }
    if (p[3] == "{") { p[4] = "other"; emit(4) }
  }
}
'
ngx_kin() { # $1 master's pid: the start, in seconds since 1970, of its oldest worker or cache manager
  for ngx_kid in $(cat "/proc/$1/task/$1/children" 2>/dev/null || awk -v p="$1" '{l = $0; sub(/^.*\) /, "", l); split(l, s, " "); if (s[2] == p) print $1}' /proc/[0-9]*/stat 2>/dev/null); do
    ngx_title=$(tr '\000' ' ' <"/proc/$ngx_kid/cmdline" 2>/dev/null)
    case $ngx_title in *"is shutting down"*) continue ;; "nginx: worker process"*|"nginx: cache manager process"*) ;; *) continue ;; esac
    ngx_start=$(began "$ngx_kid"); [ -n "$ngx_start" ] || continue
    printf '%s\n' "$ngx_start"
  done | sort -n | head -1
}
began() { # $1 pid: when it began, in seconds since 1970, to a hundredth where date can; nothing when that cannot be told
  awk -v h="$(getconf CLK_TCK 2>/dev/null || echo 100)" -v n="$NOW" -v s="$UPTIME" '{sub(/^.*\) /, ""); a = s - $20 / h; if (a >= 0 && a <= s) { if (n ~ /\./) printf "%.2f\n", n - a; else printf "%d\n", n - a }}' "/proc/$1/stat" 2>/dev/null
}
read -r up_1 _ </proc/uptime; NOW=$(date +%s.%N); read -r up_2 _ </proc/uptime; UPTIME=$(awk -v a="$up_1" -v b="$up_2" 'BEGIN { printf "%.3f", (a + b) / 2 }')
case $NOW in *[!0-9.]*|*.) NOW=$(date +%s) ;; esac
FINE=%.2Y; case $(stat -c "$FINE" / 2>/dev/null) in *.[0-9]*) ;; *) FINE="" ;; esac; if [ -n "$FINE" ]; then FINE="%.2Y|%.2Z|%n"; else FINE="%Y|%Z|%n"; fi
kv ngx_hostname "$(uname -n)"
ngx_conf=${1:-} ngx_prefix='' ngx_found=0
for ngx_proc in /proc/[0-9]*; do
  ngx_pid=${ngx_proc#/proc/}
  { IFS= read -r ngx_comm <"$ngx_proc/comm"; } 2>/dev/null || continue
  [ "$ngx_comm" = nginx ] || continue
  ngx_args=$(tr '\000' ' ' <"$ngx_proc/cmdline" 2>/dev/null)
  case $ngx_args in "nginx: master process "*) ;; *) kv ngx_other "$ngx_pid"; continue ;; esac
  ngx_parent=$(sed 's/^.*) //' "$ngx_proc/stat" 2>/dev/null | cut -d' ' -f2)
  case $(tr '\000' ' ' <"/proc/${ngx_parent:-0}/cmdline" 2>/dev/null) in "nginx: master process "*) kv ngx_upgrade "$ngx_pid"; continue ;; esac
  if grep -qE 'docker|containerd|libpod|crio|lxc|machine' "$ngx_proc/cgroup" 2>/dev/null && ! grep -qE 'docker|containerd|libpod|crio|lxc|machine' /proc/self/cgroup; then kv ngx_contained "$ngx_pid"; continue; fi
  ngx_c=$(printf '%s' "$ngx_args" | sed -n 's/^nginx: master process .* -c *\([^ ]*\).*/\1/p'); ngx_p=$(printf '%s' "$ngx_args" | sed -n 's/^nginx: master process .* -p *\([^ ]*\).*/\1/p')
  if [ -n "${1:-}" ] && [ "$ngx_c" != "$1" ]; then kv ngx_other "$ngx_pid"; continue; fi # the argument chooses among several
  ngx_found=$(( ngx_found + 1 ))
  kv ngx_master "$ngx_pid"
  [ -n "$ngx_c" ] && ngx_conf=$ngx_c; [ -n "$ngx_p" ] && ngx_prefix=$ngx_p
  ngx_load=$(ngx_kin "$ngx_pid"); [ -n "$ngx_load" ] && kv ngx_loaded "$ngx_load"
done
# where processes are hidden (hidepid, another name of the service), the service manager still tells
if have systemctl; then
  ngx_show=$(systemctl show nginx.service -p ActiveState -p ExecMainStartTimestamp -p ExecReload -p FragmentPath 2>/dev/null </dev/null)
  printf '%s\n' "$ngx_show" | grep -q '^ActiveState=active' && kv ngx_unit active
  ngx_t=$(printf '%s\n' "$ngx_show" | sed -n 's/^ExecMainStartTimestamp=\(..*\)/\1/p'); [ -n "$ngx_t" ] && ngx_t=$(date -d "$ngx_t" +%s 2>/dev/null) && kv ngx_unit_began "$ngx_t"
  ngx_t=$(printf '%s\n' "$ngx_show" | sed -n 's/^ExecReload=.*start_time=\[\([^]]*\)\].*code=exited.*status=0.*/\1/p'); [ -n "$ngx_t" ] && ngx_t=$(date -d "$ngx_t" +%s 2>/dev/null) && kv ngx_unit_reloaded "$ngx_t"
fi
ngx_version=; have nginx && ngx_version=$(nginx -V 2>&1 </dev/null) && kv nginx "$(printf '%s\n' "$ngx_version" | sed -n 's/^nginx version: //p')"
: "${ngx_prefix:=$(printf '%s' "$ngx_version" | sed -n 's/.*--prefix=\([^ ]*\).*/\1/p')}"
: "${ngx_conf:=$(printf '%s' "$ngx_version" | sed -n 's/.*--conf-path=\([^ ]*\).*/\1/p')}"
: "${ngx_conf:=/etc/nginx/nginx.conf}"
case $ngx_conf in /*) ;; *) ngx_conf=${ngx_prefix%/}/$ngx_conf ;; esac
NGX_DIR=${ngx_conf%/*}
if [ "$ngx_found" = 0 ] && [ -z "$ngx_version" ] && [ ! -e "$ngx_conf" ] && gone "$ngx_conf"; then :; elif [ "$ngx_found" -gt 1 ]; then cant ngx "unsupported: $ngx_found nginx masters run, each with its own configuration"
elif [ ! -e "$ngx_conf" ] && gone "$ngx_conf"; then kv ngx_conf "absent $ngx_conf"
else
  kv ngx_conf "$ngx_conf"
  ngx_rows=$(ngx_read "$ngx_conf" 0 0 | awk "$NGX_KEEP")
  if [ "${#ngx_rows}" -gt 1048576 ]; then cant ngx "unsupported: more than 1 MiB of configuration"; ngx_rows=; fi
  printf '%s\n' "$ngx_rows" | sed -n '/^[EUFD]|/d; /./s/^/ngx=/p'
  printf '%s\n' "$ngx_rows" | sed -n 's/^E|\([^|]*\)|/ngx_broken=\1|/p; s/^U|/!ngx=/p'
  # the newest change of any file read, of a link to it, or of a directory that an include listed
  printf '%s\n' "$ngx_rows" | sed -n 's/^[FD]|//p' | sort -u | while IFS= read -r ngx_f; do
    for ngx_l in '' -L; do # shellcheck disable=SC2086
      stat $ngx_l -c "$FINE" "$ngx_f" 2>/dev/null || root stat $ngx_l -c "$FINE" "$ngx_f" 2>/dev/null || printf 'unread %s\n' "$ngx_f"
      [ -L "$ngx_f" ] || break
    done; done | awk -F'|' '
      /^unread / { sub(/^unread /, ""); print "!ngx_changed=denied " $0; next }
      { t = $1 + 0 > $2 + 0 ? $1 : $2; if (t + 0 > m + 0) { m = t; sub(/^[0-9.]+[|][0-9.]+[|]/, ""); f = $0 } }
      END { if (m) print "ngx_changed=" m "|" f }'
fi
