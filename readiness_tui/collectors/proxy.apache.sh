# shellcheck shell=sh
# shellcheck disable=SC2154  # began, FINE are of proxy.nginx, which stands before this in the same shell
# about: Prints the Apache that runs, when it loaded its configuration, and the configuration as Apache itself reads it.
# after: proxy.nginx
# example: --
# root: apache2ctl -C LoadModule info_module /usr/lib/apache2/modules/mod_info.so -t -D DUMP_CONFIG
# timeout: 30
# subject: apc Apache configuration
# subject: apache_changed Apache configuration
# `-t -D DUMP_*` writes nothing; apache2ctl makes directories under /run, so it is asked only where they exist.
# Answers apc=FILE:LINE|DEPTH|{ or ;|DIRECTIVE|WORD..., only directives of the list below.
APC_KEEP='
function words(s,  i, c, q, w, any) { # splits into word[1..n] as Apache does: quotes, and backslashes before them
  n = 0; w = ""; q = ""; any = 0
  for (i = 1; i <= length(s); i++) {
    c = substr(s, i, 1)
    if (q != "") { if (c == "\\" && (substr(s, i + 1, 1) == q || substr(s, i + 1, 1) == "\\")) { i++; w = w substr(s, i, 1) } else if (c == q) q = ""; else w = w c; continue }
    if (c == " " || c == "\t") { if (any) word[++n] = w; w = ""; any = 0; continue }
    if ((c == "\"" || c == "\047") && !any) { q = c; any = 1; continue }
    w = w c; any = 1
  }
  if (any) word[++n] = w
}
function cut(v,  a, b, s) {
  s = ""; if (match(v, /^[a-z+-]+:\/\//)) { s = substr(v, 1, RLENGTH); v = substr(v, RLENGTH + 1) }
  a = v; sub(/[\/?].*/, "", a)
  while ((b = index(a, "@")) > 0) { v = substr(v, b + 1); a = substr(a, b + 1) }
  sub(/\?.*/, "", v); return s v
}
function escaped(w) { gsub(/\\/, "/", w); gsub(/\|/, "/", w); return w }
function emit(kind, name, count,  i, row) {
  row = "apc=" file ":" line "|" depth "|" kind "|" name
  for (i = 1; i <= count; i++) row = row "|" escaped(word[i])
  print row
}
BEGIN { depth = 0
  keep = " servername serveralias listen documentroot limitrequestbody limitrequestfields limitrequestfieldsize limitrequestline servertokens sslengine sslcertificatefile sslprotocol rewriteengine proxypreservehost alias aliasmatch scriptalias "
  blocks = " virtualhost location locationmatch directory directorymatch files filesmatch proxy proxymatch "
  shown = " strict-transport-security x-content-type-options x-frame-options content-security-policy referrer-policy permissions-policy "
}
/^# In file: / { file = substr($0, 12); next }
/^ *# +[0-9]+:$/ { line = $0; gsub(/[^0-9]/, "", line); next }
/^ *#/ { next }
{
  sub(/^[ \t]+/, ""); if ($0 == "") next
  if ($0 ~ /^<\//) { depth--; next }
  if ($0 ~ /^</) {
    sub(/^</, ""); sub(/>$/, ""); name = $1; sub(/^[^ \t]+[ \t]*/, ""); words($0)
    if (index(blocks, " " tolower(name) " ")) emit("{", tolower(name), n); else emit("{", tolower(name), 0)
    depth++; next
  }
  name = tolower($1); sub(/^[^ \t]+[ \t]*/, ""); words($0)
  if (name == "proxypass" || name == "proxypassmatch" || name == "balancermember") { for (i = 1; i <= n; i++) word[i] = cut(word[i]); emit(";", name, n > 2 ? 2 : n) }
  else if (name == "rewriterule") { if (word[3] ~ /[[,]P[],]/) { word[1] = "-"; word[2] = cut(word[2]); word[3] = "P"; emit(";", name, 3) } else emit(";", name, 0) }
  else if (name ~ /^redirect/) { for (i = 1; i <= n; i++) word[i] = cut(word[i]); emit(";", name, n) }
  else if (name == "header") { k = (word[1] == "always" || word[1] == "onsuccess") ? 3 : 2; if (index(shown, " " tolower(word[k]) " ")) emit(";", name, n); else emit(";", name, k) }
  else if (name == "customlog" || name == "errorlog" || name == "require") { if (word[1] ~ /^\|/) word[1] = "pipe"; emit(";", name, 1) }
  else if (index(keep, " " name " ")) emit(";", name, n)
}'
apc_main='' apc_kid='' apc_program=''
for apc_proc in /proc/[0-9]*; do
  apc_pid=${apc_proc#/proc/}
  { IFS= read -r apc_comm <"$apc_proc/comm"; } 2>/dev/null || continue
  case $apc_comm in apache2|httpd) ;; *) continue ;; esac
  if grep -qE 'docker|containerd|libpod|crio|lxc|machine' "$apc_proc/cgroup" 2>/dev/null && ! grep -qE 'docker|containerd|libpod|crio|lxc|machine' /proc/self/cgroup; then kv apache_contained "$apc_pid"; continue; fi
  apc_parent=$(sed 's/^.*) //' "$apc_proc/stat" 2>/dev/null | cut -d' ' -f2); apc_above=''
  { IFS= read -r apc_above <"/proc/${apc_parent:-0}/comm"; } 2>/dev/null
  if [ "$apc_above" = "$apc_comm" ]; then
    apc_kid="$apc_kid $(began "$apc_pid")"
  else apc_main=$apc_pid; apc_program=$apc_comm; kv apache_main "$apc_pid"; fi
done
apc_kid=$(printf '%s\n' "$apc_kid" | tr ' ' '\n' | grep . | sort -n | head -1); [ -n "$apc_kid" ] && kv apache_loaded "$apc_kid"
for apc_unit in apache2 httpd; do have systemctl || break
  apc_show=$(systemctl show "$apc_unit.service" -p ActiveState -p ExecMainStartTimestamp -p ExecReload 2>/dev/null </dev/null)
  printf '%s\n' "$apc_show" | grep -q '^ActiveState=active' || continue
  kv apache_unit active; : "${apc_program:=$apc_unit}"
  apc_t=$(printf '%s\n' "$apc_show" | sed -n 's/^ExecMainStartTimestamp=\(..*\)/\1/p'); [ -n "$apc_t" ] && apc_t=$(date -d "$apc_t" +%s 2>/dev/null) && kv apache_unit_began "$apc_t"
  apc_t=$(printf '%s\n' "$apc_show" | sed -n 's/^ExecReload=.*start_time=\[\([^]]*\)\].*code=exited.*status=0.*/\1/p'); [ -n "$apc_t" ] && apc_t=$(date -d "$apc_t" +%s 2>/dev/null) && kv apache_unit_reloaded "$apc_t"
done
for apc_p in apache2 httpd; do have "$apc_p" && { : "${apc_program:=$apc_p}"; kv apache "$("$apc_p" -v 2>/dev/null </dev/null | sed -n 's/^Server version: //p')"; break; }; done
if [ -n "$apc_main" ] || [ -n "${apc_t:-}" ] || [ "${apc_show#*=active}" != "${apc_show:-}" ]; then
  if have "${apc_program:-none}"; then
    apc_info=; for apc_d in /usr/lib/apache2/modules /usr/lib64/httpd/modules /usr/lib/httpd/modules /usr/lib/apache2; do [ -e "$apc_d/mod_info.so" ] && { apc_info=$apc_d/mod_info.so; break; }; done
    if [ -z "$apc_info" ]; then cant apc "no-mod_info: the module that prints the configuration is not installed"
    else
      set --
      if [ -n "$apc_main" ]; then # the arguments of the running main process
        apc_w=; for apc_a in $(tr '\000' '\n' <"/proc/$apc_main/cmdline" 2>/dev/null); do
          case $apc_w in -f|-d|-D) set -- "$@" "$apc_w" "$apc_a"; apc_w=; continue ;; esac
          case $apc_a in -f|-d|-D) apc_w=$apc_a ;; -f?*|-d?*|-D?*) set -- "$@" "$apc_a"; apc_w= ;; *) apc_w= ;; esac
        done
      fi
      apc_dump() { ( # shellcheck source=/dev/null
        [ -r /etc/apache2/envvars ] && . /etc/apache2/envvars >/dev/null 2>&1; exec "$apc_program" "$@" 2>&1 </dev/null ); }
      apc_out=$(apc_dump -C "LoadModule info_module $apc_info" "$@" -t -D DUMP_CONFIG); apc_rc=$?
      case $apc_rc:$apc_out in
        *ermission*denied*) if [ -d /run/apache2 ] && [ -d /run/lock/apache2 ] && have apache2ctl; then apc_out=$(root apache2ctl -C "LoadModule info_module $apc_info" "$@" -t -D DUMP_CONFIG 2>&1 </dev/null); apc_rc=$?; fi ;;
      esac
      case $apc_rc:$apc_out in
        0:*) printf '%s\n' "$apc_out" | grep -v '^AH[0-9]*:' | awk "$APC_KEEP" | head -20000
             kv apache_conf read
             printf '%s\n' "$apc_out" | sed -n 's/^# In file: //p' | sort -u | while IFS= read -r apc_f; do
               printf '%s\n' "$apc_f" "${apc_f%/*}"; [ -L "$apc_f" ] && readlink -f "$apc_f"; done | sort -u | while IFS= read -r apc_f; do
               stat -c "$FINE" "$apc_f" 2>/dev/null || printf 'unread %s\n' "$apc_f"; done | awk -F'|' '
                 /^unread / { sub(/^unread /, ""); print "!apache_changed=denied " $0; next }
                 { t = $1 + 0 > $2 + 0 ? $1 : $2; if (t + 0 > m + 0) { m = t; sub(/^[0-9.]+[|][0-9.]+[|]/, ""); f = $0 } }
                 END { if (m) print "apache_changed=" m "|" f }' ;;
        77:*|*ermission*denied*) cant apc denied ;;
        *) kv apache_broken "$(printf '%s\n' "$apc_out" | grep -vE '^AH00558|^$' | head -1 | cut -c1-100)" ;;
      esac
    fi
  else cant apc "unsupported: Apache runs, but its program is not on this host"; fi
fi
