# shellcheck shell=sh
# about: Prints the time zone's data and what the time daemons say of themselves.
# arguments: ZONE
# example: --
# root: chronyc -n -c -m tracking sources
# root: ntpctl -s status
# subject: zone_file the time zone
# subject: daemon the process list
# subject: chrony chronyd
# subject: ntpctl openntpd
# $1 the expected time zone. Reads the zone's data and asks the time daemons; starts and asks nothing of systemd-timedated.
Z=/usr/share/zoneinfo L=/etc/localtime

rule() { # the POSIX rule in the last line of a zone file; TZif is its first word
  [ "$(head -c 4 "$1" 2>/dev/null)" = TZif ] && tail -c 80 "$1" | tail -n 1 | tr -cd '[:print:]'
}
zone_offsets() { # in January and in July 2026
  date -d @1767225600 +%z 2>/dev/null | tr '\n' ' '; date -d @1782864000 +%z 2>/dev/null
}

if [ -L $L ] && [ ! -e $L ]; then if gone "$(readlink -f $L)"; then kv zone_file dangling; else cant zone_file "denied $L"; fi
elif [ ! -e $L ]; then kv zone_file absent
elif [ ! -r $L ]; then cant zone_file "denied $L"
elif [ "$(head -c 4 $L)" = TZif ]; then kv zone_file valid
else kv zone_file garbage; fi
kv zone_link "$(readlink -f $L 2>/dev/null | sed -n "s|^$Z/\(posix/\|right/\)\{0,1\}||p")"
n=$(head -n 1 /etc/timezone 2>/dev/null); [ -n "$n" ] && cmp -s "$Z/$n" $L && kv zone_name "$n"
kv zone_rule "$(rule $L)"; kv zone_offsets "$(zone_offsets)"; kv utc_offset "$(date +%z)"; kv epoch "$(date +%s)"
case ${1:-} in
  ''|*[!A-Za-z0-9_+/-]*) kv expected_file unusable ;;
  *) if [ -f "$Z/$1" ]; then
       kv expected_file valid; kv expected_rule "$(rule "$Z/$1")"; kv expected_offsets "$(TZ="$1"; export TZ; zone_offsets)"
       if cmp -s "$Z/$1" $L; then kv same_data yes; else kv same_data no; fi
     elif [ -d $Z ]; then kv expected_file absent
     else kv expected_file no-zoneinfo; fi ;;
esac

if cat /proc/1/comm >/dev/null 2>&1; then
  grep -shxE 'chronyd|systemd-timesyn|ntpd|openntpd|ptp4l|phc2sys|timemaster|VBoxService|vmtoolsd' /proc/[0-9]*/comm | sort -u | sed 's/^/daemon=/'
elif have systemctl; then
  systemctl show -p Id,ActiveState chrony chronyd systemd-timesyncd ntp ntpd ntpsec openntpd ptp4l 2>/dev/null | awk -F= '
    $1=="Id"{i=$2} $1=="ActiveState"{a=$2} i!="" && a!="" {if (a=="active") print "unit=" i; i=a=""}'
  cant daemon 'denied other processes are hidden'
else cant daemon 'denied other processes are hidden'; fi

if have chronyc; then
  # over UDP: with its socket chronyc would make a file beside chronyd's
  c=$(chronyc -h 127.0.0.1,::1 -n -c -m tracking sources 2>/dev/null)
  case $c in *,*,*) ;; *) c=
    if pgrep -x chronyd >/dev/null 2>&1 || systemctl -q is-active chrony chronyd 2>/dev/null; then c=$(root chronyc -n -c -m tracking sources 2>/dev/null); [ $? != 77 ] || cant chrony denied; fi ;;
  esac
  printf '%s\n' "$c" | awk -F, 'NF == 14 { print "chrony=" $0 } NF > 5 && NF < 14 { print "chrony_source=" $0 }'
fi
if [ -e /run/systemd/timesync/synchronized ]; then kv timesyncd_synced "$(stat -c %Y /run/systemd/timesync/synchronized)"; fi
if have ntpq; then ntpq -pn 2>/dev/null | awk '/^[*o]/{print "ntp_peer=" substr($1, 2) "|" $2 "|" $3 "|" $9}'; fi
if have ntpctl; then
  c=$(ntpctl -s status 2>/dev/null | head -n 1); [ -n "$c" ] || c=$(root ntpctl -s status 2>/dev/null | head -n 1)
  if [ -n "$c" ]; then kv ntpctl "$c"; else cant ntpctl denied; fi
fi
if have systemd-detect-virt; then kv virt "$(systemd-detect-virt 2>/dev/null)"
elif [ -e /run/systemd/container ]; then kv virt "$(cat /run/systemd/container)"
elif [ -e /.dockerenv ] || [ -e /run/.containerenv ] || [ -e /dev/.lxc ]; then kv virt container
else kv virt unmarked; fi
:
