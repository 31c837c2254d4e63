# shellcheck shell=sh
# shellcheck disable=SC2034  # al_timed is for latency.sample, which may stand behind this
# about: Counts requests, errors and times in an access log; no line of it leaves the host.
# arguments: LOG SECONDS MARKER SKIP
# root: tail -c 200000000 {1}
# root: tail -c 200000000 {1}.1
# group: adm
# timeout: 60
# subject: log access log
# cause: ^absent not-configured
# $1 log, $2 window in seconds, $3 text before the request time, in seconds with decimals, $4 ERE of paths to leave out.
# Prints requests s4xx s5xx unparsed timed p50_ms p95_ms p99_ms log_age_s, unit (a time without decimals) and cut.
# A line's own time is in brackets (combined) or ISO 8601; its status follows the quoted request or "status":; requests of this program
# do not count.
al_tail() { tail -c 200000000 "$1" 2>/dev/null || root tail -c 200000000 "$1" 2>/dev/null; }
AL_READ='
BEGIN { split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", names, " "); for (i = 1; i <= 12; i++) month[names[i]] = sprintf("%02d", i)
  since = ENVIRON["AL_SINCE"]; utc = ENVIRON["AL_UTC"]; mark = ENVIRON["AL_MARK"]; skip = ENVIRON["AL_SKIP"] }
index($0, "readiness-tui") { next }
{
  zulu = 0; t = ""
  if (match($0, /\[[0-9][0-9]\/[A-Z][a-z][a-z]\/[0-9][0-9][0-9][0-9]:[0-9][0-9]:[0-9][0-9]:[0-9][0-9]/)) {
    d = substr($0, RSTART + 1, 20); t = substr(d, 8, 4) month[substr(d, 4, 3)] substr(d, 1, 2) substr(d, 13, 2) substr(d, 16, 2) substr(d, 19, 2)
  } else if (match($0, /[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]/)) {
    t = substr($0, RSTART, 19); d = substr($0, RSTART + 19, 12); sub(/^[.,][0-9]+/, "", d); zulu = (substr(d, 1, 1) == "Z"); gsub(/[-T:]/, "", t)
  }
  if (t == "") { print "U"; next }
  if (t < (zulu ? utc : since)) next
  if (match($0, /" [1-5][0-9][0-9]( |$)/)) s = substr($0, RSTART + 2, 1)
  else if (match($0, /"status" *: *"?[1-5][0-9][0-9]/)) s = substr($0, RSTART + RLENGTH - 3, 1)
  else { print "U"; next }
  p = ""
  if (match($0, /"[A-Z]+ [^ "]*/)) { p = substr($0, RSTART, RLENGTH); sub(/^"[A-Z]+ /, "", p) }
  else if (match($0, /"(uri|request_uri|path)" *: *"[^"]*/)) { p = substr($0, RSTART, RLENGTH); sub(/^.*"/, "", p) }
  sub(/\?.*/, "", p)
  if (skip != "" && p ~ skip) next
  r = "-"
  if (mark != "" && (i = index($0, mark))) { r = substr($0, i + length(mark)); sub(/^["=: ]*/, "", r); sub(/[^0-9.].*/, "", r) }
  else if (match($0, /"request_time" *: *"?[0-9.]+/)) { r = substr($0, RSTART, RLENGTH); sub(/^.*[^0-9.]/, "", r) }
  if (r == "") r = "-"
  if (r != "-" && r !~ /^[0-9]+\.[0-9]+$/) r = "unit"
  print s, r
}'
AL_COUNT='
$1 == "U" { unparsed++; next }
{ requests++; class[$1]++; if ($2 == "unit") unit++; else if ($2 != "-") times[++timed] = $2 }
END {
  print "requests=" requests + 0; print "s4xx=" class[4] + 0; print "s5xx=" class[5] + 0; print "unparsed=" unparsed + 0; print "timed=" timed + 0
  if (unit) print "unit=" unit
  if (timed) { a = int(timed * .5 + .999); b = int(timed * .95 + .999); c = int(timed * .99 + .999); printf "p50_ms=%d\np95_ms=%d\np99_ms=%d\n", times[a] * 1000, times[b] * 1000, times[c] * 1000 }
}'
al_timed=0
if gone "$1"; then cant log "absent $1"
elif ! { [ -r "$1" ] || root tail -c 1 "$1" >/dev/null 2>&1; }; then cant log "denied $1"
else
  al_now=$(date +%s); al_size=$(stat -c %s "$1" 2>/dev/null); al_changed=$(stat -c %Y "$1" 2>/dev/null)
  [ -n "$al_changed" ] && kv log_age_s $(( al_now - al_changed ))
  AL_SINCE=$(date -d "@$(( al_now - $2 ))" +%Y%m%d%H%M%S) AL_UTC=$(date -u -d "@$(( al_now - $2 ))" +%Y%m%d%H%M%S) AL_MARK=$3 AL_SKIP=$4; export AL_SINCE AL_UTC AL_MARK AL_SKIP
  [ "${al_size:-0}" -le 200000000 ] || kv cut yes
  al_out=$({ al_tail "$1.1"; al_tail "$1"; } | awk "$AL_READ" | sort -k2,2n | awk "$AL_COUNT")
  printf '%s\n' "$al_out"; al_timed=$(printf '%s\n' "$al_out" | sed -n 's/^timed=//p')
fi
