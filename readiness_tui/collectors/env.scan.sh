# shellcheck shell=sh
# about: Prints names, lengths and shapes of a unit's variables, and how its process has them; no value but those allowed.
# arguments: UNIT FILE NAMES PATTERN
# after: env.reader
# example: app.service {env} RUST_LOG,DATABASE_URL,JWT_SECRET,LOG_LEVEL STELLAR_
# shellcheck disable=SC2154  # E_* and ENV_AWK are set by env.reader, which stands before this in the same shell
# after env.reader: $1 unit, $2 declared file, $3 names to tell of, comma separated, $4 ERE of further names.
# Prints names that were asked for, lengths and shapes. Of four settings that are no secret, also the value. Nothing else.
case $(command -v printf) in printf) ;; *) cant env "no-builtin-printf"; exit 0 ;; esac
env_unit "$1" "$2"; E_reads=$(env_reads "$2")
kv unit "$E_unit"; kv reads "$E_reads"; [ "$(property NeedDaemonReload)" != yes ] || kv reload_due yes
[ -z "$E_show" ] || kv id "$(property Id)"
property PassEnvironment | tr ' ' '\n' | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)$/\1/p' | while IFS= read -r n; do case ",$3," in *",$n,"*) kv manager_var "$n" ;; esac; done
E_cmd=$(property ExecStart)
printf '%s\n' "$3" | tr ',' '\n' | while IFS= read -r n; do case $n in '') ;; *) case " $E_cmd" in *[\ \"\']"$n="*) kv command_var "$n" ;; esac ;; esac; done
env_stream "$2" | awk -v version="$E_version" "$ENV_AWK" | awk -v names=",$3," -v more="$4" '
function shape(h,  i, s) { s = ""; for (i = 1; i < length(h); i += 2) s = s C[substr(h, i, 2)]; return s }
function wanted(n) { return index(names, "," n ",") || (more != "" && n ~ /^[A-Z][A-Z0-9_]*$/ && length(n) < 64 && n ~ more) }
function entropy(s,  i, c, n, e, k, seen) {
  n = length(s); split("", seen); e = 0
  for (i = 1; i <= n; i++) seen[substr(s, i, 1)]++
  for (c in seen) e -= seen[c] / n * log(seen[c] / n) / log(2)
  return e
}
function longest_run(s,  i, r, m) { m = 1; r = 1; for (i = 2; i <= length(s); i++) { r = substr(s, i, 1) == substr(s, i - 1, 1) ? r + 1 : 1; if (r > m) m = r } return m }
function counts_up(s,  i, r, p, c) {  # half of it in the order of the digits or the alphabet, such as 1234567890
  r = 1
  for (i = 2; i <= length(s); i++) {
    p = index(ORDER, substr(s, i - 1, 1)); c = index(ORDER, substr(s, i, 1))
    r = (p && c && (c == p + 1 || substr(s, i - 1, 2) == "90" || substr(s, i - 1, 2) == "z0")) ? r + 1 : 1
    if (r >= length(s) / 2) return 1
  }
  return 0
}
function repeats(s,  n, p) {  # the same characters four times or more
  n = length(s)
  for (p = 1; p <= n / 4; p++) if (substr(s, 1, n - p) == substr(s, p + 1)) return 1
  return 0
}
function worded(s,  a, i, n, w) {  # three words or more between - and _, as no random key has
  n = split(s, a, /[-_]/)
  for (i = 1; i <= n; i++) if (a[i] ~ /^[a-z][a-z]+$/ || a[i] ~ /^[A-Z][A-Z]+$/) w++
  return w >= 3
}
function flags(v,  fl, lv, b, w) {
  fl = ""; lv = tolower(v); b = lv; sub(/^[sp]k_(live|test)_/, "", b)
  if (v == "") return "empty,"
  w = b; gsub(/[^a-z0-9]+/, " ", w); w = " " w " "
  if (b ~ /change[-_ ]?(me|this|it)|replace[-_ ]?(me|this|with)|placeholder|your[-_ ]|insert[-_ ]|put[-_ ].*[-_ ]here|[-_ ]goes[-_ ]here|[-_ ]here$|^<.*>$|^\$\{.*\}$|^\{\{.*\}\}$|^\.\.\.+$|xxxx|\*\*\*\*/ || w ~ / (todo|fixme|tbd|dummy|changeit|yourkey|fake) / || b ~ /^(x+|secret|password|test|example|dummy|none|null|undefined|foo|bar|sample)$/ || (v !~ /:\/\// && w ~ / (example|sample) /)) fl = fl "placeholder,"
  else if (v ~ /^[sp]k_(live|test)_/ && worded(substr(v, 9))) fl = fl "placeholder,"
  if (v ~ /[^!-~]/) fl = fl "blank,"
  if (v ~ /^sk_live_/) fl = fl "sk_live,"; if (v ~ /^pk_live_/) fl = fl "pk_live,"; if (v ~ /^[sp]k_test_/) fl = fl "paystack_test,"
  if (length(b) >= 12 && (entropy(b) < 2.5 || longest_run(b) >= 8 || counts_up(b) || repeats(b))) fl = fl "weak,"
  if (lv ~ /testnet|futurenet|test sdf|future network|standalone network|friendbot/) fl = fl "testnet,"
  if (lv ~ /^https?:\/\/(localhost|127\.|\[::1\])/) fl = fl "loopback,"
  if (v == "Public Global Stellar Network ; September 2015") fl = fl "public_passphrase,"
  return fl
}
function classes(v,  c) { c = 0; if (v ~ /[a-z]/) c++; if (v ~ /[A-Z]/) c++; if (v ~ /[0-9]/) c++; if (v ~ /[^A-Za-z0-9]/) c++; return c }
function shown(n, v,  a, i, c, out, p) {  # only the words such settings take: another value may be a secret in the wrong place
  v = tolower(v)
  if (n == "STELLAR_NETWORK") return v ~ /^(mainnet|public|pubnet|main|live|production|prod|testnet|test|futurenet|future|standalone|local|localnet|sandbox|staging|dev|development|quickstart)$/ ? v : ""
  if (n == "LOG_LEVEL") return v ~ LEVEL ? v : ""
  if (n != "RUST_LOG" || length(v) > 200) return ""
  sub(/\/.*/, "", v); c = split(v, a, ","); out = ""
  for (i = 1; i <= c; i++) {
    gsub(/^ +| +$/, "", a[i]); p = index(a[i], "=")
    if (a[i] ~ LEVEL) ;
    else if (p > 1 && p <= 33 && substr(a[i], 1, p - 1) ~ /^[a-z0-9_:-]+$/ && substr(a[i], p + 1) ~ LEVEL) ;
    else if (p == 0 && a[i] ~ /^[a-z][a-z0-9_:-]*$/ && c > 1) a[i] = "(a target)"
    else return ""
    out = out (i > 1 ? "," : "") a[i]
  }
  return out
}
function row(n, h,  v) { v = shape(h); return n "|len " length(v) "|classes " classes(v) "|" flags(v) "|" }
BEGIN { ORDER = "0123456789 abcdefghijklmnopqrstuvwxyz"; LEVEL = "^(off|error|err|warn|warning|notice|info|debug|trace|verbose|silly|critical|fatal|all|[0-5])$"; for (i = 0; i < 256; i++) C[sprintf("%02x", i)] = (i < 32 || i > 126) ? "~" : sprintf("%c", i) }
$1 == "f" { print "envfile=" substr($0, 3); if ($0 ~ /\|denied\|0$/) { split(substr($0, 3), part, "|"); print "!env=denied " part[1] } }
$1 == "v" { h = NF > 3 || $3 ~ /^([0-9a-f][0-9a-f])+$/ ? $3 : ""; V[$2] = h; f = $0; sub(/^v [^ ]* [0-9a-f]* /, "", f); F[$2] = f; o[++n] = $2 }
$1 == "q" { Q[$2] = $3; qo[++nq] = $2 }
$1 == "d" && wanted($2) { print "twice=" $2 }
$1 == "x" && wanted($2) { print "export=" $2 }
$1 == "w" && wanted($2) { print "only_in_file=" $2 }
$1 == "s" { state = $2; print "process=" substr($0, 3) }
END {
  for (i = 1; i <= n; i++) if (wanted(k = o[i])) {
    s = state != "seen" ? state : !(k in Q) ? "missing" : Q[k] == V[k] ? "same" : "differs"
    gsub(/\|/, "?", F[k])
    print "var=" row(k, V[k]) F[k] "|" s "|" shown(k, shape(V[k]))
  }
  for (i = 1; i <= nq; i++) if (wanted(k = qo[i]) && (!(k in V) || V[k] != Q[k]))
    print "process_var=" row(k, Q[k]) "process|" (k in V ? "differs" : "extra") "|" shown(k, shape(Q[k]))
  print "variables=" n + 0
}'
[ "$E_reads" != unseen ] || grant readlink -f "$2"
printf '%s\n' "$E_files" | while IFS= read -r r; do case $r in *'|denied') grant ls -a "$(dirname "${r%%|*}")" ;; ?*) [ -r "${r%%|*}" ] || gone "${r%%|*}" || grant cat "${r%%|*}" ;; esac; done
[ -z "$E_pid" ] || cat "/proc/$E_pid/environ" >/dev/null 2>&1 || grant cat '^/proc/[0-9]+/environ$'
:
