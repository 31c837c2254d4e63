# shellcheck shell=sh
# about: Reads the environment that systemd gives a unit and the one its process has; for the collector that follows.
# arguments: UNIT FILE
# root: cat {2}
# root: readlink -f {2}
# root: ls -a {2/}
# root: cat ^/proc/[0-9]+/environ$
# subject: env environment file
# shellcheck disable=SC2034,SC2016  # the variables are used by the collector that follows in the same shell
# $1 unit, $2 declared file. Defines env_table: the environment systemd would give the unit, and the one its process has.
# It prints for the next awk only, never as facts, because it holds the values in hexadecimal:
#   f PATH|optional|state|variables   v NAME HEX PATH   d NAME (set twice in one file)   x NAME (written "export NAME=")
#   q NAME HEX (in the process)   w NAME (only in the declared file, which the unit does not read)
#   s seen, none or unseen (the process), then: start, newest mtime, newest ctime of the files read (epoch seconds or ?)
# Grammar and order: systemd.exec(5) EnvironmentFile=, Environment=, UnsetEnvironment=; systemd's env-file.c.
ENV_AWK='
function text(h,  i, s) { s = ""; for (i = 1; i < length(h); i += 2) s = s C[substr(h, i, 2)]; return s }
function utf8(h,  i, b, n, cp, c) {
  for (i = 1; i < length(h); i += 2) {
    b = N[substr(h, i, 2)]; if (b < 128) continue
    if (b >= 194 && b < 224) { n = 1; cp = b - 192 } else if (b >= 224 && b < 240) { n = 2; cp = b - 224 }
    else if (b >= 240 && b < 245) { n = 3; cp = b - 240 } else return 0
    c = n
    while (c-- > 0) { i += 2; if (i >= length(h)) return 0; b = N[substr(h, i, 2)]; if (b < 128 || b > 191) return 0; cp = cp * 64 + b - 128 }
    if ((n == 2 && cp < 2048) || (n == 3 && cp < 65536) || cp > 1114111) return 0
    if ((cp >= 55296 && cp < 57344) || (cp >= 64976 && cp < 65008) || cp % 65536 >= 65534) return 0
  }
  return 1
}
function name(h,  s) { s = text(h); return s ~ /^[A-Za-z_][A-Za-z0-9_]*$/ ? s : "" }
function put(k, v) {
  if (!utf8(k) || !utf8(v)) { bad = "encoding"; return }
  s0 = name(k)
  if (s0 == "") { s0 = text(k); if (sub(/^export[ \t]+/, "", s0) && s0 ~ /^[A-Za-z_][A-Za-z0-9_]*$/) expo[++ne] = s0; return }
  if ((s0 in mine) && mine[s0] != v) twice[s0] = 1
  if (!(s0 in mine)) order[++no] = s0
  mine[s0] = v
}
function open_file() { st = "prekey"; k = ""; v = ""; kb = 0; vb = 0; bad = ""; size = 0; no = 0; ne = 0; split("", mine); split("", twice) }
function byte(b) {
  if (b == "00") { bad = "nul"; return }
  if (++size > 1048576) { bad = "too-large"; return }
  nl = (b == "0a" || b == "0d"); ws = (nl || b == "20" || b == "09")
  if (st == "prekey") { if (b == "23" || b == "3b") st = "comment"; else if (!ws) { st = "key"; k = b; kb = 0 } }
  else if (st == "key") {
    if (nl) { st = "prekey"; k = "" }
    else if (b == "3d") { if (kb) k = substr(k, 1, kb - 1); st = "prevalue"; v = ""; vb = 0 }
    else { if (!ws) kb = 0; else if (!kb) kb = length(k) + 1; k = k b }
  }
  else if (st == "prevalue") {
    if (nl) { put(k, v); st = "prekey" } else if (b == "27") st = "single"; else if (b == "22") st = "double"
    else if (b == "5c") st = "escape"; else if (!ws) { st = "value"; v = v b }
  }
  else if (st == "value") {
    if (nl) { if (vb) v = substr(v, 1, vb - 1); put(k, v); st = "prekey" }
    else if (b == "5c") { st = "escape"; vb = 0 }
    else { if (!ws) vb = 0; else if (!vb) vb = length(v) + 1; v = v b }
  }
  else if (st == "escape") { st = "value"; if (!nl) v = v b }
  else if (st == "single") { if (b == "27") st = "prevalue"; else v = v b }
  else if (st == "double") { if (b == "22") st = "prevalue"; else if (b == "5c") st = "descape"; else v = v b }
  else if (st == "descape") {
    st = "double"
    if (b == "22" || b == "5c" || b == "60" || b == "24") v = v b; else if (b != "0a") v = v "5c" b
  }
  else if (st == "comment") { if (b == "5c") st = "swallow"; else if (nl) st = "prekey" }
  else if (st == "swallow") st = (nl && version >= 254) ? "prekey" : "comment"
}
function close_file(  i) {
  if (bad == "" && (st == "value" || st == "prevalue" || st == "escape" || st == "single" || st == "double" || st == "descape")) {
    if (st == "value" && vb) v = substr(v, 1, vb - 1)
    put(k, v)
  }
  if (bad != "") { print "f " path "|" optional "|" bad "|0"; return }
  if (optional == "d") { for (i = 1; i <= no; i++) print "w " order[i]; print "f " path "|d|read|" no; return }
  for (i = 1; i <= no; i++) set(order[i], mine[order[i]], path)
  for (i = 1; i <= ne; i++) print "x " expo[i]
  for (i in twice) print "d " i
  print "f " path "|" optional "|read|" no
}
function set(n, h, from) { if (!(n in V)) names[++nn] = n; V[n] = h; from_[n] = from }
function word(h,  p) {  # one word of a systemctl list, NAME=VALUE in hexadecimal
  for (p = 1; p < length(h) && substr(h, p, 2) != "3d"; p += 2) ;
  s1 = name(substr(h, 1, p - 1)); if (s1 == "") return
  if (list == "E") set(s1, substr(h, p + 2), "Environment=")
  else { U[s1] = 1; if (p < length(h)) UV[s1] = substr(h, p + 2) }
}
function lbyte(b,  c) {  # systemctl quotes words as a POSIX shell would: plain, "...", $\47...\47
  if (q == "") {
    if (b == "20" || b == "0a") { if (any) word(w); w = ""; any = 0 }
    else if (b == "22") { q = "d"; any = 1 } else if (b == "24") { dollar = 1; any = 1; return }
    else if (b == "27" && dollar) { q = "c"; any = 1 }
    else { if (dollar) w = w "24"; w = w b; any = 1 }
    dollar = 0
  }
  else if (esc) {
    esc = 0
    if (q == "d") w = w b
    else if (b == "78") { hex = 2; hx = "" }
    else if (b >= "30" && b <= "37") { oct = 2; ov = b - 30 }
    else { c = E[b]; w = w (c == "" ? b : c) }
  }
  else if (hex) { hx = hx C[b]; if (--hex == 0) w = w tolower(hx) }
  else if (oct) { ov = ov * 8 + b - 30; if (--oct == 0) w = w sprintf("%02x", ov % 256) }
  else if (b == "5c") esc = 1
  else if ((q == "d" && b == "22") || (q == "c" && b == "27")) q = ""
  else w = w b
}
function pbyte(b,  p) {
  if (b != "00") { w = w b; return }
  for (p = 1; p < length(w) && substr(w, p, 2) != "3d"; p += 2) ;
  s1 = name(substr(w, 1, p - 1)); if (s1 != "" && !(s1 in P)) { P[s1] = substr(w, p + 2); pn[++np] = s1 }
  w = ""
}
BEGIN {
  for (i = 0; i < 256; i++) { h = sprintf("%02x", i); N[h] = i; C[h] = (i < 32 || i > 126) && i != 9 ? "\001" : sprintf("%c", i) }
  E["61"] = "07"; E["62"] = "08"; E["66"] = "0c"; E["6e"] = "0a"; E["72"] = "0d"; E["74"] = "09"; E["76"] = "0b"; mode = ""
}
/^[A-Z]/ {
  c0 = substr($0, 1, 1); rest = substr($0, 3)
  if (mode == "F") close_file(); else if (mode == "E" || mode == "X") lbyte("0a"); else if (mode == "P" && w != "") pbyte("00")
  mode = c0; w = ""; q = ""; any = 0; dollar = 0; esc = 0
  if (c0 == "F") { optional = substr(rest, 1, 1); path = substr(rest, 3); open_file() }
  else if (c0 == "N") print "f " rest
  else if (c0 == "S") { print "s " rest; mode = "" }
  else if (c0 == "E" || c0 == "X") list = c0
  next
}
mode == "F" { for (i0 = 1; i0 <= NF && bad != "nul"; i0++) byte($i0); next }
mode == "E" || mode == "X" { for (i0 = 1; i0 <= NF; i0++) lbyte($i0); next }
mode == "P" { for (i0 = 1; i0 <= NF; i0++) pbyte($i0); next }
END {
  for (i = 1; i <= nn; i++) {
    n = names[i]
    if ((n in U) && (!(n in UV) || UV[n] == V[n])) continue
    print "v " n " " V[n] " " from_[n]
  }
  for (i = 1; i <= np; i++) print "q " pn[i] " " P[pn[i]]
}'
bytes() { od -An -v -tx1 -N 1048578; }
grant() { [ "$(id -u)" = 0 ] || { _c=$(command -v "$1") || return 0; shift; kv hint "sudoers: $(id -un) ALL=(root) NOPASSWD: $_c $*"; }; }  # what would let this user see it
strip_status() { S_rc=$(printf '%s\n' "$1" | tr -d ' \n' | tail -c 6); S_hex=$(printf '%s\n' "$1" | tr -d ' \n' | sed 's/......$//; s/../& /g'); }
root_bytes() { strip_status "$({ _rc=0; root cat "$1" 2>/dev/null || _rc=$?; printf '%03d' "$_rc"; } | bytes)"; }  # S_rc: status digits in hexadecimal
one_file() {  # $1 path, $2 0, 1 (optional) or d (declared, not read by the unit)
  if [ -e "$1" ] && [ ! -f "$1" ]; then echo "N $1|$2|not-a-file|0"; return; fi
  if [ -r "$1" ]; then echo "F $2 $1"; bytes <"$1"; return; fi
  if gone "$1"; then echo "N $1|$2|absent|0"; return; fi
  root_bytes "$1"
  case $S_rc in 303030) echo "F $2 $1"; printf '%s\n' "$S_hex" ;; 303737) echo "N $1|$2|denied|0" ;; *) echo "N $1|$2|absent|0" ;; esac
}
matching() {  # the files a pattern names, sorted bytewise; a wildcard in a directory's name needs that directory open to us
  _d=${1%/*}; _b=${1##*/}; _d=${_d:-/}
  case $_d in *[*?[]*) for _f in $1; do [ -e "$_f" ] && printf '%s\n' "$_f"; done; return 0 ;; esac
  if [ -r "$_d" ] && [ -x "$_d" ]; then _l=$(ls -a "$_d"); elif gone "$_d"; then return 0; else _l=$(root ls -a "$_d" 2>/dev/null) || return 77; fi
  printf '%s\n' "$_l" | sort | while IFS= read -r _n; do
    case $_n in .*) case $_b in .*) ;; *) continue ;; esac ;; esac
    # shellcheck disable=SC2254  # it is a pattern
    case $_n in $_b) printf '%s\n' "${_d%/}/$_n" ;; esac
  done
}
property() { printf '%s\n' "$E_show" | sed -n "s/^$1=//p"; }
worker() {  # the process whose environment counts: the main process, or below it what a wrapper started
  E_pid=$(property MainPID); [ "${E_pid:-0}" != 0 ] || { E_pid=; return; }
  case $(cat "/proc/$E_pid/comm" 2>/dev/null) in sh|dash|bash|su|runuser|setpriv|sudo|gosu|tini|dumb-init) ;; *) return ;; esac
  _g=$(property ControlGroup)
  for _p in $(cat "/proc/$E_pid/task/$E_pid/children" 2>/dev/null) $(cat "/sys/fs/cgroup/systemd$_g/cgroup.procs" 2>/dev/null || cat "/sys/fs/cgroup$_g/cgroup.procs" 2>/dev/null); do
    case $(cat "/proc/$_p/comm" 2>/dev/null) in ''|sh|dash|bash|su|runuser|setpriv|sudo|gosu|tini|dumb-init) ;; *) E_pid=$_p ;; esac
  done
}
file_times() {  # start of the process; newest change of the files read; ? where it cannot be seen
  _s=$(date -d "$(property ExecMainStartTimestamp)" +%s 2>/dev/null) || _s='?'
  _m=0; _c=0
  while IFS= read -r _f; do
    [ -n "$_f" ] || continue
    if _t=$(stat -L -c '%Y %Z' "$_f" 2>/dev/null); then
      [ "$_m" = '?' ] || { [ "${_t% *}" -gt "$_m" ] && _m=${_t% *}; [ "${_t#* }" -gt "$_c" ] && _c=${_t#* }; }
    elif ! gone "$_f"; then _m='?'; _c='?'; fi
  done
  echo "${_s:-?} $_m $_c"
}
env_unit() {  # sets E_unit (loaded, not-found, template, no-bus, no-systemd ...), E_show, E_files (path|0 or 1), E_pid
  E_show=; E_files=; E_pid=; E_version=0
  case $1 in *@.service|*@) E_unit=template; return ;; '') E_unit=no-unit; E_files="$2|0"; return ;; esac
  if ! [ -d /run/systemd/system ] || ! have systemctl; then E_unit=no-systemd; E_files="$2|0"; return; fi
  E_show=$(systemctl show -p Id,LoadState,NeedDaemonReload,MainPID,ControlGroup,EnvironmentFiles,Environment,UnsetEnvironment,PassEnvironment,ExecStart,ExecMainStartTimestamp "$1" 2>/dev/null) || { E_unit=no-bus; return; }
  E_version=$(systemctl show -p Version --value 2>/dev/null | sed 's/[^0-9].*//'); E_version=${E_version:-0}
  E_unit=$(property LoadState)
  _rows=$(property EnvironmentFiles | sed 's/ (ignore_errors=no)$/|0/; s/ (ignore_errors=yes)$/|1/')
  E_files=$(printf '%s\n' "$_rows" | while IFS= read -r _r; do
    _p=${_r%|*}
    case $_p in '') ;; *[*?[]*)
      _o=$(matching "$_p") || { printf '%s\n' "$_p|${_r##*|}|denied"; continue; }
      if [ -n "$_o" ]; then printf '%s\n' "$_o" | sed "s/\$/|${_r##*|}/"; else printf '%s\n' "$_p|${_r##*|}|absent"; fi ;;
    *) printf '%s\n' "$_r" ;; esac
  done)
  worker
}
real_path() { readlink -f "$1" 2>/dev/null || root readlink -f "$1" 2>/dev/null; }
env_reads() {  # does the unit read the declared file? listed, other, none, or unseen (a directory is closed to this user)
  [ -n "$E_files" ] || { echo none; return; }
  _want=$(printf '%s\n' "$1" | sed 's|//*|/|g')
  if printf '%s\n' "$E_files" | sed 's/|.*//; s|//*|/|g' | grep -qxF -e "$_want"; then echo listed; return; fi
  _real=$(real_path "$_want") || { echo unseen; return; }
  printf '%s\n' "$E_files" | sed 's/|.*//' | { _o=other; while IFS= read -r _p; do
    [ -n "$_p" ] || continue
    if _t=$(real_path "$_p"); then [ "$_t" != "$_real" ] || _o=listed; elif [ "$_o" = other ]; then _o=unseen; fi
  done; echo "$_o"; }
}
env_stream() {  # $1 declared file
  if [ -n "$E_show" ]; then
    echo E; property Environment | bytes; echo X; property UnsetEnvironment | bytes
  fi
  printf '%s\n' "$E_files" | while IFS= read -r _r; do
    case $_r in '') ;; *'|denied'|*'|absent') echo "N $_r|0" ;; *) one_file "${_r%|*}" "${_r##*|}" ;; esac
  done
  [ "$E_reads" = listed ] || [ "$E_unit" = no-systemd ] || [ "$E_unit" = no-unit ] || one_file "$1" d
  if [ -z "$E_pid" ]; then echo "S none"
  else
    _x=$(bytes 2>/dev/null <"/proc/$E_pid/environ"); [ -n "$_x" ] || { root_bytes "/proc/$E_pid/environ"; [ "$S_rc" != 303030 ] || _x=$S_hex; }
    if [ -n "$_x" ]; then echo P; printf '%s\n' "$_x"; echo "S seen"
    else echo "S unseen $(printf '%s\n' "$E_files" | sed 's/|.*//' | file_times)"; fi
  fi
  echo Z
}
env_table() { env_unit "$1" "$2"; E_reads=$(env_reads "$2"); env_stream "$2" | awk -v version="$E_version" "$ENV_AWK"; }
