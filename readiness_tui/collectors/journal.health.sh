# shellcheck shell=sh
# about: Counts error lines, crashes and dropped lines of a unit in the journal, and tells how the journal keeps them; no text leaves.
# arguments: UNIT SECONDS ERROR-PATTERN
# example: app.service 3600 ERROR
# root: journalctl
# group: systemd-journal
# group: adm
# timeout: 60
# subject: journal journal
# $1 unit, $2 window in seconds, $3 ERE of an error line. lines, errors=of the unit's own processes in the window   exits=times its main process ended badly
#   dropped=lines that journald dropped for their rate   oldest=seconds since 1970 of the oldest entry kept   persistent=yes or no (the newest entry lies under /var/log)
have journalctl || { cant journal no-journald; exit 0; }
R=; if [ "$(id -u)" != 0 ]; then case " $(id -nG) " in *" systemd-journal "*|*" adm "*|*" wheel "*) ;; *) R=root
  root journalctl -q -n 0 >/dev/null 2>&1 || { cant journal denied; kv hint "group: usermod -aG systemd-journal $(id -un)"; exit 0; } ;; esac; fi
o=$(systemctl show -p Id,LogNamespace,LoadState "$1" 2>/dev/null) || { cant journal no-bus; exit 0; }
value() { printf '%s\n' "$o" | sed -n "s/^$1=//p"; }
id=$(value Id); ns=$(value LogNamespace); kv loaded "$(value LoadState)"
J="$R timeout 30 journalctl -q --no-pager${ns:+ --namespace=$ns}"
w=$($J "_SYSTEMD_UNIT=$id" --since "-$2s" -n 200000 -o cat 2>/dev/null); rc=$?
[ "$rc" = 0 ] || { cant journal "error: journalctl ended with status $rc"; exit 0; }
kv lines "$(printf '%s\n' "$w" | grep -c .)"; kv errors "$(printf '%s\n' "$w" | grep -cE "$3")"
# a process exit that systemd(1) logs with its code, and Restart= jobs are told by catalog ids, not by words
kv exits "$($J MESSAGE_ID=98e322203f7a4ed290d09fe03c09fe15 "UNIT=$id" --since "-$2s" -o json --output-fields=EXIT_CODE,EXIT_STATUS 2>/dev/null | grep -vcE '"EXIT_STATUS":"0"')"
kv dropped "$($J MESSAGE_ID=a596d6fe7bfa4994828e72309e95d61e "OBJECT_SYSTEMD_UNIT=$id" + MESSAGE_ID=a596d6fe7bfa4994828e72309e95d61e "_SYSTEMD_UNIT=systemd-journald.service" --since "-$2s" -o json --output-fields=N_DROPPED 2>/dev/null | sed -n 's/.*"N_DROPPED":"\([0-9]*\)".*/\1/p' | awk '{ n += $1 } END { print n + 0 }')"
n=$($J -o short-unix 2>/dev/null | head -1 | cut -d. -f1); case $n in ''|*[!0-9]*) ;; *) kv oldest "$n" ;; esac
if ls -d /var/log/journal/*/ >/dev/null 2>&1 && [ "$($J -n 1 -o short-unix --directory=/var/log/journal 2>/dev/null | tail -1)" = "$($J -n 1 -o short-unix 2>/dev/null | tail -1)" ]; then kv persistent yes; else kv persistent no; fi
