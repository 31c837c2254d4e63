# shellcheck shell=sh
# about: Prints the time zone and the state of time synchronisation.
if have timedatectl && o=$(timedatectl show -p Timezone -p NTP -p NTPSynchronized 2>/dev/null) && [ -n "$o" ]; then
  printf '%s\n' "$o" | sed 's/^Timezone=/tz=/;s/^NTP=/ntp_enabled=/;s/^NTPSynchronized=/synced=/'
else
  l=$(readlink -f /etc/localtime 2>/dev/null); case $l in */zoneinfo/*) kv tz "${l##*/zoneinfo/}" ;; *) [ -r /etc/timezone ] && kv tz "$(head -1 /etc/timezone)" || kv tz "abbr:$(date +%Z)" ;; esac
fi
kv utc_offset "$(date +%z)"; kv epoch "$(date +%s)"
have pgrep || cant daemon no-pgrep
for d in chronyd systemd-timesyn ntpd openntpd; do pgrep -x "$d" >/dev/null 2>&1 && kv daemon "$d"; done
if have chronyc; then chronyc -n -c tracking 2>/dev/null | awk -F, 'NF>10{print "chrony=" $2 "|stratum " $3 "|offset " $5 "|leap " $14}'; fi
have ntpq && ntpq -pn 2>/dev/null | awk '/^\*/{print "ntp_peer=" $1 "|offset_ms " $9}'
have ntpctl && kv ntpctl "$(ntpctl -s status 2>/dev/null | head -1)"
have adjtimex && kv adjtimex "$(adjtimex 2>/dev/null | sed -n 's/.*status: *//p' | head -1)"
:
