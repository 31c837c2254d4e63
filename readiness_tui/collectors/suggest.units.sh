# shellcheck shell=sh
# about: Prints listening ports with their units, units that an administrator made, and backup jobs; for suggestions.
# arguments: BACKUP-PATTERN
# example: 'pg_dump|backup'
# root: ss -Hltnp
# subject: listen listening ports
# $1 ERE of a backup job. listen=port|address|unit or empty|process name or empty   own=unit|state   unit=name|start program|environment files by blanks|user
#   timer=timer|service|program   cron=file|program
if o=$(root ss -Hltnp 2>/dev/null); then :; elif o=$(ss -Hltn 2>/dev/null); then cant listen "denied: which process listens is hidden"; kv hint "sudoers: $(id -un) ALL=(root) NOPASSWD: $(command -v ss) -Hltnp"; else cant listen no-tool; o=; fi
unit_of() { sed -n 's#^.*/\([A-Za-z0-9@:_.\\-]*\.service\)\(/.*\)\{0,1\}$#\1#p' "/proc/$1/cgroup" 2>/dev/null | tail -1; }
rows=$(printf '%s\n' "$o" | awk 'NF >= 4 { a = $4; n = split(a, x, ":"); port = x[n]; a = substr(a, 1, length(a) - length(port) - 1); gsub(/[][]|%.*/, "", a)
  name = ""; pid = ""; if (match($0, /users:\(\("[^"]+"/)) name = substr($0, RSTART + 9, RLENGTH - 10); if (match($0, /pid=[0-9]+/)) pid = substr($0, RSTART + 4, RLENGTH - 4)
  print port " " a " " (pid == "" ? "-" : pid) " " name }' | sort -u | head -200)
units=''
while read -r port address pid name; do
  [ -n "${port:-}" ] || continue
  n=; [ "$pid" = - ] || n=$(unit_of "$pid")
  kv listen "$port|$address|$n|$name"
  case " $units " in *" $n "*) ;; *) units="$units $n" ;; esac
done <<EOF
$rows
EOF
if [ -d /run/systemd/system ] && have systemctl; then
  for f in /etc/systemd/system/*.service /usr/local/lib/systemd/system/*.service; do
    [ -f "$f" ] && [ ! -h "$f" ] || continue
    n=${f##*/}; case $n in *@.service) continue ;; esac
    kv own "$n|$(systemctl show -p ActiveState --value "$n" 2>/dev/null)"
    case " $units " in *" $n "*) ;; *) units="$units $n" ;; esac
  done
  for n in $units; do
    x=$(systemctl show -p ExecStart "$n" 2>/dev/null | sed -n 's/^ExecStart={ path=\([^ ;]*\) .*/\1/p' | head -1)
    e=$(systemctl show -p EnvironmentFiles "$n" 2>/dev/null | sed -n 's/^EnvironmentFiles=\([^ ]*\).*/\1/p' | tr '\n' ' ')
    kv unit "$n|$x|${e% }|$(systemctl show -p User --value "$n" 2>/dev/null)"
  done
  systemctl list-unit-files --type=timer --no-legend --no-pager 2>/dev/null | awk '{ print $1 }' | grep -vE '@\.timer|^(dpkg-db-backup|e2scrub)' | while read -r t; do
    s=$(systemctl show -p Unit --value "$t" 2>/dev/null); x=$(systemctl show -p ExecStart "$s" 2>/dev/null | sed -n 's/^ExecStart={ path=\([^ ;]*\) .*/\1/p' | head -1)
    printf '%s %s %s\n' "$t" "$s" "$x" | grep -qE "$1" && kv timer "$t|$s|$x"
  done
fi
for f in /etc/crontab /etc/cron.d/*; do
  [ -r "$f" ] && [ -f "$f" ] || continue
  grep -vE '^[[:space:]]*(#|$|[A-Za-z_]+=)' "$f" | grep -E "$1" | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\//) { print $i; exit } }' | sed "s#^#cron=$f|#"
done
for f in /etc/cron.daily/* /etc/cron.hourly/*; do
  [ -x "$f" ] && printf '%s\n' "${f##*/}" | grep -vE '^(dpkg|apt-compat)' | grep -qE "$1" && kv cron "$f|$f"
done; :
