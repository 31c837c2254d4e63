# shellcheck shell=sh
# about: Prints a unit's properties, what starts it at boot, and its processes.
# arguments: UNIT
# example: app.service
# subject: init service manager
# $1 unit. The unit's properties, what pulls it in at boot, and its processes.
#   pull=UNIT|PARENT|file or link that says so, or none|yes or no (whether the default target reaches PARENT)
#   trigger=UNIT|ActiveState|SubState|UnitFileState   proc=pid|effective uid|user|name|parent   instance=UNIT|ActiveState
u=$1
now=$(date +%s)
show() { systemctl show -p "$@" 2>/dev/null; }
value() { printf '%s\n' "$o" | sed -n "s/^$1=//p"; }
epoch() { [ -n "$1" ] && [ "$1" != n/a ] && date -d "$1" +%s 2>/dev/null; }
reaches() {  # does the default target pull this unit in? Walks up at most eight levels, thirty units
  _l=$1; _n=0; _all=" $1 "
  while [ -n "$_l" ] && [ $_n -lt 8 ]; do
    for _x in $_l; do [ "$_x" != "$boot" ] || { echo yes; return; }; done
    # shellcheck disable=SC2086
    _up=$(show WantedBy,RequiredBy,RequisiteOf,UpheldBy,BoundBy $_l | sed 's/^[A-Za-z]*=//' | tr ' ' '\n' | sort -u); _l=
    for _x in $_up; do case $_all in *" $_x "*) ;; *) _l="$_l $_x"; _all="$_all$_x " ;; esac; done
    _n=$((_n + 1))
  done
  echo no
}
source_of() {  # $1 parent, $2 the unit's names: the link, or the parent's own file, that pulls the unit in after a reboot
  for _d in /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system /run/systemd/generator /run/systemd/generator.late /run/systemd/generator.early /run/systemd/system /run/systemd/transient; do
    for _k in wants requires upholds; do for _x in $2; do [ ! -h "$_d/$1.$_k/$_x" ] && [ ! -e "$_d/$1.$_k/$_x" ] || { echo "$_d/$1.$_k/$_x"; return; }; done; done
  done
  show FragmentPath,DropInPaths "$1" | sed 's/^[A-Za-z]*=//' | tr ' ' '\n' | while IFS= read -r _f; do
    [ -n "$_f" ] || continue
    for _x in $2; do grep -qE "^(Wants|Requires|Requisite|BindsTo|Upholds)=(.*[[:space:]])?$_x([[:space:]]|\$)" "$_f" 2>/dev/null && { echo "$_f"; break 2; }; done
  done | grep . || echo none
}
pulls() {  # $1 unit, $2 its names, $3 its parents
  for _par in $3; do kv pull "$1|$_par|$(source_of "$_par" "$2")|$(reaches "$_par")"; done
}
process() { awk -v p="$1" '/^Name:/ { n = $2 } /^PPid:/ { pp = $2 } /^Uid:/ { u = $3 } END { if (u != "") print p "|" u "|" n "|" pp }' "/proc/$1/status" 2>/dev/null; }
case $u in *@.service|*@)
  kv init systemd; kv unit_name template
  systemctl list-units --all --plain --no-legend "${u%@*}@*" 2>/dev/null | awk '{ print "instance=" $1 "|" $3 }'; exit 0 ;;
esac
if [ -d /run/systemd/system ] && have systemctl; then
  kv init systemd
  if ! o=$(show Id,Names,LoadState,ActiveState,SubState,Result,UnitFileState,FragmentPath,SourcePath,DropInPaths,NeedDaemonReload,Type,RemainAfterExit,User,UID,DynamicUser,Restart,RestartUSec,RestartPreventExitStatus,SuccessExitStatus,RestartForceExitStatus,NRestarts,StartLimitBurst,StartLimitIntervalUSec,StandardOutput,StandardError,LogNamespace,LogLevelMax,MainPID,ExecMainStatus,ExecMainStartTimestamp,ConditionResult,ConditionTimestamp,AssertResult,AssertTimestamp,ControlGroup,EnvironmentFiles,OnFailure,WatchdogUSec,MemoryCurrent,MemoryPeak,MemoryMax,NoNewPrivileges,AmbientCapabilities,WantedBy,RequiredBy,RequisiteOf,UpheldBy,BoundBy,TriggeredBy,InvocationID "$u"); then cant unit no-bus; exit 0; fi
  printf '%s\n' "$o"
  boot=$(show Id --value default.target); kv default_target "${boot:-none}"
  show ExecStartEx "$u" | grep -q 'flags=[a-z-]*privileged' && kv privileged_start yes
  show ExecStart "$u" | sed -n 's/^ExecStart={ path=\([^ ;]*\) .*/exec_path=\1/p' | head -1
  # names only: the value of Environment= is world-readable and may hold secrets
  show Environment --value "$u" | tr ' ' '\n' | sed -n 's/^"\{0,1\}\([A-Z_][A-Z0-9_]*\)=.*/inline_env=\1/p'
  pulls "$(value Id)" "$(value Names)" "$(value WantedBy) $(value RequiredBy) $(value RequisiteOf) $(value UpheldBy) $(value BoundBy)"
  for t in $(value TriggeredBy); do
    q=$(show ActiveState,SubState,UnitFileState,WantedBy,RequiredBy,Names "$t")
    g() { printf '%s\n' "$q" | sed -n "s/^$1=//p"; }
    kv trigger "$t|$(g ActiveState)|$(g SubState)|$(g UnitFileState)"; pulls "$t" "$(g Names)" "$(g WantedBy) $(g RequiredBy)"
  done
  # the last start was given up because a condition or assertion of the unit did not hold
  for c in Condition Assert; do [ "$(value ${c}Result)" != no ] || [ -z "$(value ${c}Timestamp)" ] || kv unmet $c; done
  f=$(value FragmentPath)
  if [ -n "$f" ]; then
    r=$(readlink -f "$f" 2>/dev/null) || r=; l=$(readlink "$f" 2>/dev/null)
    # a link into a directory closed to us: its text tells where it leads
    if [ -z "$r" ] && [ -n "$l" ]; then case $l in /*) r=$l ;; *) r=${f%/*}/$l ;; esac; fi
    kv fragment_real "${r:-$f}"
    ! gone "$f" || kv fragment_gone yes # systemd runs what it read before the file was removed
  fi
  pid=$(value MainPID); cg=$(value ControlGroup)
  s=$(epoch "$(value ExecMainStartTimestamp)") && [ "${pid:-0}" != 0 ] && kv pid_age_s $((now - s))
  procs=$(cat "/sys/fs/cgroup/systemd$cg/cgroup.procs" 2>/dev/null || cat "/sys/fs/cgroup$cg/cgroup.procs" 2>/dev/null); [ -n "$cg" ] || procs=
  case " $(printf '%s' "$procs" | tr '\n' ' ') " in *" ${pid:-0} "*) ;; *) [ "${pid:-0}" = 0 ] || procs="$pid $procs" ;; esac
elif have rc-service; then
  kv init openrc; n=${u%.service}
  if rc-service -e "$n" 2>/dev/null; then kv LoadState loaded; kv FragmentPath "/etc/init.d/$n"; else kv LoadState not-found; kv FragmentPath ''; fi
  rc-service "$n" status >/dev/null 2>&1; case $? in 0) kv ActiveState active;; 3|32) kv ActiveState inactive;; *) kv ActiveState rc;; esac
  rc-update show 2>/dev/null | awk -v n="$n" '$1==n{f=1; print "UnitFileState=enabled(" $3 ")"} END{if(!f) print "UnitFileState=disabled"}'
  pid=$(pgrep -o -x "$n" 2>/dev/null); procs=$pid
  [ -z "$pid" ] || kv pid_age_s "$(pidage "$pid")"
else cant init "unsupported, neither systemd nor OpenRC"; pid=$(pgrep -o -x "${u%.service}" 2>/dev/null); procs=$pid; [ -z "$pid" ] || kv pid_age_s "$(pidage "$pid")"; fi
# what su or runuser started may be in a session of its own, outside the unit's group
for p in $procs; do
  for k in $(cat "/proc/$p/task/$p/children" 2>/dev/null); do
    case " $(printf '%s' "$procs" | tr '\n' ' ') " in *" $k "*) ;; *) procs="$procs $k $(cat "/proc/$k/task/$k/children" 2>/dev/null)" ;; esac
  done
done
n=0
for p in $procs; do
  n=$((n + 1)); [ $n -le 300 ] || break
  r=$(process "$p"); [ -n "$r" ] || { [ "$p" = "${pid:-0}" ] && cant proc "denied /proc/$p"; continue; }
  x=${r#*|}; id=${x%%|*}; w=$(id -nu "$id" 2>/dev/null) || w=$id; kv proc "${r%%|*}|$id|$w|${x#*|}"
done; :
