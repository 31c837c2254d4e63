# shellcheck shell=sh
# shellcheck disable=SC2034,SC2016  # the variables are used by the collector that follows in the same shell
# $1 unit, $2 declared file. Defines env_table: the environment systemd would give the unit, and the one its process has.
# It prints for the next awk only, never as facts, because it holds the values in hexadecimal:
#   f PATH|optional|state|variables   v NAME HEX PATH   d NAME (set twice in one file)   x NAME (written "export NAME=")
#   u NAME (UnsetEnvironment)   q NAME HEX (in the process)   s seen|unseen|none (the process)
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
function open_file() { st = "prekey"; k = ""; v = ""; kb = 0; vb = 0; bad = ""; no = 0; ne = 0; split("", mine); split("", twice) }
function byte(b) {
  if (b == "00") { bad = "nul"; return }
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
    if ((n in U) && (!(n in UV) || UV[n] == V[n])) { print "u " n; continue }
    print "v " n " " V[n] " " from_[n]
  }
  for (i = 1; i <= np; i++) print "q " pn[i] " " P[pn[i]]
}'
bytes() { od -An -v -tx1; }
