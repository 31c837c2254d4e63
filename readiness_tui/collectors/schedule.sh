# shellcheck shell=sh
# about: Finds jobs in cron's tables, in run-parts directories and in systemd's timers, and tells whether they run.
# arguments: PATTERN IGNORED-PATTERN
# example: 'pg_dump|secret'
# root: grep -rsnE {1} /var/spool/cron
# timeout: 30
# subject: usercron users' crontabs
# subject: cron cron's tables
# subject: timer systemd's timers
# $1 ERE of the job, $2 ERE of names to ignore (of the distribution's own jobs). A job matches by its command, or by the text of
# a script that the command names. Commands are not printed, they may hold secrets:
#   cron=TABLE|USER|TIME FIELDS|FLAGS   parts=FILE|PERIOD|FLAGS   timer=UNIT|ENABLED|ACTIVE|CALENDAR|LAST|NEXT|RESULT|ONFAILURE
#   FLAGS: name, mode, writable, no-newline, no-user, percent; crond=NAME for each that runs
re=$1; no=${2:-dpkg|e2scrub|etckeeper|apt-compat|man-db|logrotate}; deb=; [ -e /etc/debian_version ] && deb=1
names_job() {  # the command $1 matches, or a script of which it gives the path does
  printf '%s\n' "$1" | grep -qE -e "$re" && return 0
  for _w in $(printf '%s\n' "$1" | tr ' \t;&|()"'"'"'=' '\n\n\n\n\n\n\n\n\n\n' | grep '^/' | head -5); do
    [ -f "$_w" ] && [ -r "$_w" ] && head -c 2 "$_w" | grep -q '^#!' && head -c 65536 "$_w" | grep -v '^[[:space:]]*#' | grep -qE -e "$re" && return 0
  done
  return 1
}
entry() {  # $1 table, $2 user or empty (then it stands in the line), $3 line, $4 flags
  _l=$(printf '%s\n' "$3" | sed 's/^[[:space:]]*//')
  case $_l in '#'*|'') return ;; [A-Za-z_]*=*) case ${_l%%=*} in *[!A-Za-z0-9_\ ]*) ;; *) return ;; esac ;; esac
  case $_l in
    @*) _when=${_l%%[[:space:]]*}; _rest=${_l#"$_when"} ;;
    *) _when=$(printf '%s\n' "$_l" | awk '{ print $1, $2, $3, $4, $5 }'); _rest=$(printf '%s\n' "$_l" | sed 's/^[^[:space:]]*[[:space:]]*[^[:space:]]*[[:space:]]*[^[:space:]]*[[:space:]]*[^[:space:]]*[[:space:]]*[^[:space:]]*//') ;;
  esac
  _rest=$(printf '%s\n' "$_rest" | sed 's/^[[:space:]]*//'); _u=$2; _f=$4
  if [ -z "$_u" ]; then _u=${_rest%%[[:space:]]*}; _rest=${_rest#"$_u"}; fi
  names_job "$_rest" || return 0
  id -u "$_u" >/dev/null 2>&1 || _f="$_f no-user"
  printf '%s\n' "$_rest" | sed 's/\\%//g' | grep -q % && _f="$_f percent"
  case $_u in *[!A-Za-z0-9._-]*) _u='?' ;; esac
  kv cron "$1|$_u|$_when|${_f# }"
}
table() {  # $1 file with a user in each line
  if [ -r "$1" ]; then
    _f=$2; m=$(stat -L -c '%a %u' "$1" 2>/dev/null)
    case ${m% *} in *[2367]?|*?[2367]) _f="$_f writable" ;; esac; [ "${m#* }" = 0 ] || _f="$_f writable"
    [ -z "$deb" ] || [ -z "$(tail -c 1 "$1")" ] || _f="$_f no-newline"
    while IFS= read -r line || [ -n "$line" ]; do entry "$1" '' "$line" "$_f"; done <"$1"
  else cant cron "denied $1"; fi
}
dotted() { case ${1##*/} in *[!A-Za-z0-9_-]*) [ -n "$deb" ] && printf ' name' ;; esac; }
[ ! -e /etc/crontab ] || table /etc/crontab ''
for f in /etc/cron.d/*; do [ -f "$f" ] || continue; printf '%s' "$f" | grep -qE -e "$no" || table "$f" "$(dotted "$f")"; done
for p in hourly daily weekly monthly; do for f in /etc/cron.$p/* /etc/periodic/$p/*; do
  [ -f "$f" ] || continue; printf '%s' "${f##*/}" | grep -qE -e "$no" && continue
  [ -r "$f" ] || { cant cron "denied $f"; continue; }
  if printf '%s' "$f" | grep -qE -e "$re" || names_job "$f"; then i=$(dotted "$f"); [ -x "$f" ] || i="$i mode"; kv parts "$f|@$p|${i# }"; fi
done; done
if [ -d /var/spool/cron ]; then
  l=$(grep -rsnE -e "$re" /var/spool/cron 2>/dev/null); rc=$?
  if [ "$rc" -gt 1 ]; then l=$(root grep -rsnE "$re" /var/spool/cron 2>/dev/null); rc=$?; fi
  if [ $rc -gt 1 ]; then cant usercron denied; else
    printf '%s\n' "$l" | while IFS= read -r r; do [ -n "$r" ] || continue; u=${r%%:*}; x=${r#*:}; case $u in */cron/atjobs/*|*/cron/atspool/*|*/cron/lastrun/*) continue ;; esac; entry "$u" "${u##*/}" "${x#*:}" ''; done
  fi
fi
if [ -d /run/systemd/system ] && have systemctl; then
  t=$({ systemctl list-unit-files --type=timer --no-legend --no-pager 2>/dev/null; systemctl list-units --all --type=timer --plain --no-legend --no-pager 2>/dev/null; } | awk '$1 ~ /[.]timer$/ && $1 !~ /@[.]timer$/ && !s[$1]++ { print $1 }' | grep -vE -e "$no")
  # shellcheck disable=SC2086  # names of units, one a word
  if [ -n "$t" ] && o=$(systemctl show -p Id,Unit,UnitFileState,ActiveState,TimersCalendar,TimersMonotonic,LastTriggerUSec,NextElapseUSecRealtime $t 2>/dev/null); then
    printf '%s\n\n' "$o" | awk -v RS= -v FS='\n' '{ delete v; c = ""; for (i = 1; i <= NF; i++) { p = index($i, "="); k = substr($i, 1, p - 1); x = substr($i, p + 1); if (k ~ /^Timers/) { if (match(x, /On[A-Za-z]*=[^;]*/)) c = c (c == "" ? "" : ",") substr(x, RSTART, RLENGTH - 1) } else v[k] = x }
      print v["Id"] "|" v["Unit"] "|" v["UnitFileState"] "|" v["ActiveState"] "|" c "|" v["LastTriggerUSec"] "|" v["NextElapseUSecRealtime"] }' |
    while IFS='|' read -r i u e a c z n; do
      s=$(systemctl show -p ExecStart,Result,OnFailure,LoadState "$u" 2>/dev/null)
      x=$(printf '%s\n' "$s" | sed -n 's/^ExecStart=//p')
      names_job "$i $u $x" || continue
      w=$(printf '%s\n' "$s" | sed -n 's/^OnFailure=//p'); [ -z "$w" ] || case $(systemctl show -p LoadState --value "${w%% *}" 2>/dev/null) in loaded) ;; *) w="${w%% *} (missing)" ;; esac
      z=$(date -d "$z" +%s 2>/dev/null); n=$(date -d "$n" +%s 2>/dev/null)
      kv timer "$i|$e|$a|$c|$z|$n|$(printf '%s\n' "$s" | sed -n 's/^Result=//p')|$w"
    done
  elif [ -n "$t" ]; then cant timer no-bus; fi
fi
boxes='docker|containerd|libpod|crio|lxc|machine[.-]|nspawn'  # a container's own cron is not this host's
for d in /proc/[0-9]*/comm; do
  read -r c <"$d" || continue
  case $c in cron|crond|anacron|dcron|fcron) ;; *) continue ;; esac
  if grep -qE "$boxes" "${d%comm}cgroup" && ! grep -qE "$boxes" /proc/self/cgroup; then continue; fi
  kv crond "$c"
done 2>/dev/null
if [ -r /proc/1/comm ]; then :; else cant crond "denied /proc is mounted with hidepid"; fi
kv now "$(date +%s)"
