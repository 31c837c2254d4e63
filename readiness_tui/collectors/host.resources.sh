# shellcheck shell=sh
# about: Prints memory, processors and file systems.
# arguments: DIRECTORY...
# example: --
awk '/^MemTotal:/{print "mem_kb=" $2} /^SwapTotal:/{print "swap_kb=" $2}' /proc/meminfo
kv cpus "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null || grep -c '^processor' /proc/cpuinfo)"
for f in /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max; do [ -r $f ] && kv "cgroup_${f##*/}" "$(cat $f)"; done
# the usual places, local disks mounted below them, and the volumes named by arguments: of a path not yet there, its parent
places=$(awk '$1 ~ /^\/dev\// && $3 != "squashfs" && $2 ~ /^\/(var|opt|srv|home)\// {print $2}' /proc/mounts 2>/dev/null)
for v in "$@"; do
  while [ ! -e "$v" ] && [ "${v%/*}" != "$v" ] && [ -n "${v%/*}" ]; do v=${v%/*}; done
  [ -e "$v" ] && places="$places
$v"
done
# shellcheck disable=SC2046  # one place a line
printf '%s\n' / /var /opt /home /srv /var/lib "$places" | { set -f; IFS='
'; set -- $(grep '^/' | sort -u); unset IFS; df -Pk "$@" 2>/dev/null; } | awk 'NR>1 && !s[$1]++ {print "fs=" $1 "|" $2 "|" $4 "|" $6}'
. /etc/os-release 2>/dev/null && kv os "${ID:-?} ${VERSION_ID:-?}"
if have systemd-detect-virt; then kv virt "$(systemd-detect-virt 2>/dev/null)"
elif [ -e /run/systemd/container ]; then kv virt "$(cat /run/systemd/container)"
elif [ -e /.dockerenv ] || [ -e /run/.containerenv ] || [ -e /dev/.lxc ]; then kv virt container
else kv virt unmarked; fi
