# shellcheck shell=sh
# about: Counts lines of a unit's own processes in the journal; no text leaves the host.
# arguments: UNIT SECONDS ERROR-PATTERN REQUEST-PATTERN
# example: app.service 3600 ERROR ''
# root: timeout 30 journalctl -q --no-pager MATCHES
# root: readlink /proc/PID/fd/1 /proc/PID/fd/2
# group: systemd-journal
# group: adm
# timeout: 60
# $1 unit, $2 window in seconds, $3 ERE of an error line, $4 ERE of a request line. No message leaves the host, only numbers:
#   own_lines (written by the unit's own processes since it was started), lines, errors (in the window),
#   storing=no, newest and journald_since (epoch), stdout and stderr (where the process's descriptors lead), persistent
have journalctl || { cant journal no-journald; exit 0; }
R=; if [ "$(id -u)" != 0 ]; then case " $(id -nG) " in *" systemd-journal "*|*" adm "*|*" wheel "*) ;; *) R=root
  root timeout 30 journalctl -q --no-pager -n 0 >/dev/null 2>&1 || { cant journal denied; kv hint "group: usermod -aG systemd-journal $(id -un)"; exit 0; } ;; esac; fi
o=$(systemctl show -p Id,InvocationID,LogNamespace,MainPID "$1" 2>/dev/null) || { cant journal no-bus; exit 0; }
value() { printf '%s\n' "$o" | sed -n "s/^$1=//p"; }
id=$(value Id); inv=$(value InvocationID); ns=$(value LogNamespace); pid=$(value MainPID)
J="$R timeout 30 journalctl -q --no-pager${ns:+ --namespace=$ns}"
if [ -n "$inv" ]; then kv own_lines "$($J "_SYSTEMD_INVOCATION_ID=$inv" -n 10000 -o json --output-fields=_PID 2>/dev/null | grep -c .)"; else kv own_lines 0; fi
w=$($J "_SYSTEMD_UNIT=$id" --since "-$2s" -n 100000 -o cat 2>/dev/null)
kv lines "$(printf '%s\n' "$w" | grep -c .)"; kv errors "$(printf '%s\n' "$w" | grep -cE "$3")"
[ -z "${4:-}" ] || kv requests "$(printf '%s\n' "$w" | grep -cE "$4")"
# of journald's own start and stop, which was stored last? Stopped: what runs now stores nothing (Storage=none)
$J MESSAGE_ID=f77379a8490b408bbe5f6940505a777b + MESSAGE_ID=d93fb3c9c24d451a97cea615ce59c00b -n 1 -o json 2>/dev/null | grep -q d93fb3c9c24d451a97cea615ce59c00b && kv storing no
n=$($J -n 1 -o short-unix 2>/dev/null | tail -1 | cut -d. -f1); kv newest "${n:-0}"
s=$(date -d "$(systemctl show -p ActiveEnterTimestamp --value systemd-journald 2>/dev/null)" +%s 2>/dev/null) && kv journald_since "$s"
if [ "${pid:-0}" != 0 ]; then
  d=$(readlink "/proc/$pid/fd/1" "/proc/$pid/fd/2" 2>/dev/null) || d=$(root readlink "/proc/$pid/fd/1" "/proc/$pid/fd/2" 2>/dev/null)
  if [ -n "$d" ]; then kv stdout "$(printf '%s\n' "$d" | sed -n '1{s/:.*//;p;}')"; kv stderr "$(printf '%s\n' "$d" | sed -n '2{s/:.*//;p;}')"
  else cant stdout denied; kv hint "sudoers: $(id -un) ALL=(root) NOPASSWD: $(command -v readlink) ^/proc/[0-9]+/fd/1 /proc/[0-9]+/fd/2\$"; fi
fi
# the file being written is under /run while nothing is kept over a reboot
case $(ls -d /run/log/journal/*/system.journal 2>/dev/null):$(ls -d /var/log/journal/*/system.journal 2>/dev/null) in :?*) kv persistent yes ;; *) kv persistent no ;; esac
