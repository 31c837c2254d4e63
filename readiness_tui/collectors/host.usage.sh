# shellcheck shell=sh
# about: Measures processors, memory, disks and pressure over some seconds, and what a unit's memory and files have come to.
# arguments: SECONDS UNIT
# example: 1 app.service
# timeout: 40
# root: ls -1 /proc/PID/fd
# group: systemd-journal
# group: adm
# subject: fds open files of the process
# $1 seconds between two readings, $2 unit. busy, iowait, steal=per cent of all processors   mem_avail=per cent   swapped=pages swapped out in between
#   disk=mount point|per cent used   inode=mount point|per cent used   psi_memory=per cent of the last 5 minutes in which something waited for memory
#   rss_kb, rss_peak_kb, fds, fd_limit, age_s=of the unit's main process   oom=kills in the unit's group since it was started   active=state of the unit
s1=$(grep '^cpu ' /proc/stat); w1=$(awk '/^pswpout/ { print $2 }' /proc/vmstat); sleep "$1"; s2=$(grep '^cpu ' /proc/stat); w2=$(awk '/^pswpout/ { print $2 }' /proc/vmstat)
printf '%s\n%s\n' "$s1" "$s2" | awk 'NR == 1 { for (i = 2; i <= 9; i++) a[i] = $i } NR == 2 { for (i = 2; i <= 9; i++) { d[i] = $i - a[i]; t += d[i] } if (t > 0) printf "busy=%d\niowait=%d\nsteal=%d\n", 100 * (t - d[5] - d[6]) / t, 100 * d[6] / t, 100 * d[9] / t }'
[ -z "$w1" ] || kv swapped $((w2 - w1))
awk '/^MemTotal/ { t = $2 } /^MemAvailable/ { a = $2 } END { if (t && a != "") printf "mem_avail=%d\n", 100 * a / t }' /proc/meminfo
df -Pk 2>/dev/null | awk 'NR > 1 && $1 ~ /^\// && $1 !~ /^\/dev\/loop/ && !s[$1]++ { gsub(/%/, "", $5); print "disk=" $6 "|" $5 }'
df -Pi 2>/dev/null | awk 'NR > 1 && $1 ~ /^\// && $1 !~ /^\/dev\/loop/ && !s[$1]++ { gsub(/%/, "", $5); if ($5 ~ /^[0-9]+$/) print "inode=" $6 "|" $5 }'
[ -r /proc/pressure/memory ] && sed -n 's/^some.*avg300=\([0-9.]*\).*/psi_memory=\1/p' /proc/pressure/memory 2>/dev/null
if [ -n "$2" ] && [ -d /run/systemd/system ] && have systemctl; then
  kv active "$(systemctl show -p ActiveState --value "$2" 2>/dev/null)"
  pid=$(systemctl show -p MainPID --value "$2" 2>/dev/null); cg=$(systemctl show -p ControlGroup --value "$2" 2>/dev/null)
  o=$(cat "/sys/fs/cgroup$cg/memory.events" 2>/dev/null) && [ -n "$cg" ] && kv oom "$(printf '%s\n' "$o" | sed -n 's/^oom_kill //p')"
  if [ "${pid:-0}" != 0 ] && [ -r "/proc/$pid/status" ]; then
    awk '/^VmRSS/ { print "rss_kb=" $2 } /^VmHWM/ { print "rss_peak_kb=" $2 }' "/proc/$pid/status"; kv age_s "$(pidage "$pid")"
    awk '/^Max open files/ { if ($4 ~ /^[0-9]+$/) print "fd_limit=" $4 }' "/proc/$pid/limits" 2>/dev/null
    if l=$(ls -1 "/proc/$pid/fd" 2>/dev/null) && [ -n "$l" ] || l=$(root ls -1 "/proc/$pid/fd" 2>/dev/null); then kv fds "$(printf '%s\n' "$l" | grep -c .)"; else cant fds denied; fi
  fi
fi
if have journalctl; then case " $(id -u) $(id -nG) " in " 0 "*|*" systemd-journal "*|*" adm "*) kv oom_host "$(journalctl -q --no-pager -k --since -7d -o cat 2>/dev/null | grep -ciE 'out of memory: killed|oom-kill:')" ;; esac; fi; :
