# shellcheck shell=sh
# about: Prints a unit's properties and its main process.
# arguments: UNIT
# root: readlink /proc/PID/exe
# subject: init service manager
# $1 unit
u=$1
if [ -d /run/systemd/system ] && have systemctl; then
  kv init systemd
  systemctl show -p LoadState,ActiveState,SubState,Result,UnitFileState,FragmentPath,DropInPaths,NeedDaemonReload,Type,User,DynamicUser,Restart,RestartUSec,NRestarts,StartLimitBurst,StartLimitIntervalUSec,StandardOutput,StandardError,MainPID,ExecMainStatus,EnvironmentFiles,OnFailure,WatchdogUSec,MemoryCurrent,MemoryPeak,MemoryMax,NoNewPrivileges,AmbientCapabilities,WantedBy "$u" 2>/dev/null || cant unit no-bus
  # names only: the value of Environment= is world-readable and may hold secrets
  systemctl show -p Environment --value "$u" 2>/dev/null | tr ' ' '\n' | sed -n 's/^"\{0,1\}\([A-Za-z_][A-Za-z0-9_]*\)=.*/inline_env=\1/p'
  for s in $(systemctl show -p TriggeredBy --value "$u" 2>/dev/null); do kv trigger "$s|$(systemctl show -p UnitFileState --value "$s" 2>/dev/null)"; done
  f=$(systemctl show -p FragmentPath --value "$u" 2>/dev/null); [ -n "$f" ] && kv fragment_real "$(readlink -f "$f" 2>/dev/null)"
  pid=$(systemctl show -p MainPID --value "$u" 2>/dev/null)
elif have rc-service; then
  kv init openrc; n=${u%.service}
  if rc-service -e "$n" 2>/dev/null; then kv LoadState loaded; kv FragmentPath "/etc/init.d/$n"; else kv LoadState not-found; kv FragmentPath ''; fi
  rc-service "$n" status >/dev/null 2>&1; case $? in 0) kv ActiveState active;; 3|32) kv ActiveState inactive;; *) kv ActiveState rc;; esac
  rc-update show 2>/dev/null | awk -v n="$n" '$1==n{f=1; print "UnitFileState=enabled(" $3 ")"} END{if(!f) print "UnitFileState=disabled"}'
  pid=$(pgrep -o -x "$n" 2>/dev/null)
else cant init "unsupported, neither systemd nor OpenRC"; pid=$(pgrep -o -x "${u%.service}" 2>/dev/null); fi
if [ -n "${pid:-}" ] && [ "$pid" != 0 ]; then
  if [ -d "/proc/$pid" ]; then
    kv pid_uid "$(stat -c '%u %U' "/proc/$pid")"; kv pid_age_s "$(pidage "$pid")"
    awk '/^VmRSS:/{print "rss_kb=" $2}' "/proc/$pid/status" 2>/dev/null
    x=$(readlink "/proc/$pid/exe" 2>/dev/null || root readlink "/proc/$pid/exe" 2>/dev/null); [ -n "$x" ] && kv exe "$x" || cant exe denied
  else cant pid_uid denied; cant pid_age_s denied; fi  # hidepid
fi; :
