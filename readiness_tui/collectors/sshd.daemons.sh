# shellcheck shell=sh
# about: Prints every listening SSH server with its arguments, its configuration files and when it loaded them.
# example: --
# root: ps -ww -o pid=,uid=,netns=,args= -C sshd,dropbear
# root: sshd -T -ddd -C user=root,host=203.0.113.10,addr=203.0.113.10,laddr=192.0.2.1,lport=22,rdomain=
# root: stat -L -c %y|%z SSH_FILE
# subject: daemon sshd
# subject: processes the process list
QUESTION='user=root,host=203.0.113.10,addr=203.0.113.10,laddr=192.0.2.1,lport=22,rdomain='
SHOWN='port|listenaddress|pidfile|usedns'
KEY=; asroot=; [ "$(id -u)" = 0 ] || KEY=$(openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null)

clean() { tr '\000\n\t|' '    '; }

plain() { printf '%s\n' "$1" | tr -d '\r'; } # sshd ends its lines on a terminal's stream with CR LF

sshd_test() { # the program and its arguments: sshd -T; as ourselves with a throwaway host key, else with root
  _p=$1; shift
  if [ "$(id -u)" = 0 ]; then "$_p" -T "$@" 2>&1; return; fi
  if [ -z "$asroot" ] && [ -n "$KEY" ]; then printf '%s\n' "$KEY" | "$_p" -T "$@" -h /dev/stdin 2>&1; return; fi
  root "$_p" -T "$@" 2>&1
}

closed() { # the directories of Include patterns ($1: output of sshd -T -ddd) that this user cannot list
  printf '%s\n' "$1" | sed -n 's/^debug2: .* line [0-9]*: new include \(.*\)\/[^/]*$/\1/p' | sort -u | while read -r d; do
    if [ -e "$d" ]; then [ -r "$d" ] && [ -x "$d" ] || echo "$d"; else gone "$d" || echo "$d"; fi
  done
}

words() { # keep only -4 -6 -f -o -p of the daemon's words; a word without a dash continues the one before it
  _n=$#; _t=
  while [ "$_n" -gt 0 ]; do
    case $1 in -*) [ -z "$_t" ] || set -- "$@" "$_t"; _t=$1 ;; *) _t="${_t:+$_t }$1" ;; esac
    shift; _n=$((_n-1))
  done
  [ -z "$_t" ] || set -- "$@" "$_t"
  _n=$#
  while [ "$_n" -gt 0 ]; do
    _t=${1#-}; shift; _n=$((_n-1))
    while [ -n "$_t" ]; do
      _c=${_t%"${_t#?}"}; _t=${_t#?}
      case $_c in
        f|o|p) _v=${_t# }; _t=; printf '%s\n' "-$_c" "$_v" ;;
        C|E|b|c|g|h|k|u) _t= ;;
        4|6) printf '%s\n' "-$_c" ;;
      esac
    done
  done
}

logged() { # where the daemon was told to log: -E
  case " $1 " in *" -E"*) kv logfile "$2|$(printf '%s' "$1" | sed -n 's/.* -E *\([^ ]*\).*/\1/p')" ;; esac
}

describe() { # $1 name of the daemon, $2 pid or 0, $3 program and words as one line
  # shellcheck disable=SC2086  # the words are split on purpose, set -f is on
  set -f; set -- "$1" "$2" $3; _id=$1; _pid=$2; shift 2; _all="$*"; _prog=$1; shift
  case $_prog in /*) ;; *) _prog=$(command -v sshd || echo /usr/sbin/sshd) ;; esac
  if [ ! -x "$_prog" ] || [ "$(stat -L -c %u "$_prog")" != 0 ]; then cant daemon "$_id|program $_prog"; return; fi
  case $(stat -L -c %a "$_prog") in *[2367]?|*[2367]) cant daemon "$_id|program $_prog"; return ;; esac
  _w=$(words "$@"); _old=$IFS; IFS='
'; set -- $_w; IFS=$_old
  kv daemon "$_id|$_pid|$_prog|$(printf '%s' "$_all" | cut -d' ' -f2-)"
  logged "$_all" "$_id"
  for _v; do kv word "$_id|$_v"; done
  asroot=; [ "$(id -u)" = 0 ] || [ -n "$KEY" ] || asroot=yes # without openssl there is no throwaway host key
  _out=$(sshd_test "$_prog" "$@" -ddd -C "$QUESTION"); _rc=$?; _out=$(plain "$_out"); _dirs=$(closed "$_out")
  if [ "$(id -u)" != 0 ] && { [ -n "$_dirs" ] || [ "$_rc" != 0 ]; }; then
    case $_rc:$_out:$_dirs in
      0:*|*"ermission denied"*|*"no hostkeys available"*|*"hostkeys available"*)
        asroot=yes; _new=$(sshd_test "$_prog" "$@" -ddd -C "$QUESTION"); _r=$?
        if [ $_r = 77 ]; then cant daemon "$_id|denied ${_dirs:-$(printf '%s\n' "$_out" | grep -i -m1 'permission denied\|no hostkeys' | cut -c1-120)}"; return; fi
        _out=$(plain "$_new"); _rc=$_r ;;
    esac
  fi
  if [ $_rc = 77 ]; then cant daemon "$_id|denied sshd -T needs root here, as openssl is not installed"; return; fi
  kv asked_as "$_id|${asroot:-no}"
  if [ $_rc != 0 ]; then cant daemon "$_id|rc=$_rc $(printf '%s\n' "$_out" | grep -v '^debug' | tail -1 | cut -c1-150)"; return; fi
  printf '%s\n' "$_out" | sed -n "s/^debug3: checking syntax for '\(.*\)'\( on line [0-9]*\)\{0,1\}\$/match=$_id|\1/p
    s/^debug3: \(.*\):\([0-9]*\) setting \([A-Za-z]*\) .*/set=$_id|\1|\3/p" | sort -u
  # -d changes LogLevel, so it is read where it was set
  printf '%s\n' "$_out" | sed -n "s/^debug3: .*:[0-9]* setting LogLevel \([A-Za-z0-9]*\)\$/eff=$_id|loglevel|\1/p" | head -n 1
  printf '%s\n' "$_out" | awk -v d="$_id" -v k="^($SHOWN) " '$0 ~ k {n=$1; $1=""; sub(/^ /, ""); print "eff=" d "|" n "|" $0}'
  files "$_id" "$_out"
  [ "$_pid" = 0 ] || loaded "$_id" "$_pid" "$(printf '%s\n' "$_out" | sed -n 's/^pidfile //p')"
}

files() { # modification and change time of every file read and every Include directory
  { printf '%s\n' "$2" | sed -n 's/^debug2: load_server_config: filename /file /p'
    printf '%s\n' "$2" | sed -n 's/^debug2: .* line [0-9]*: new include \(.*\)\/[^/]*$/dir \1/p'; } | sort -u | while read -r _k _f; do
    if _s=$(stat -L -c '%y|%z' "$_f" 2>/dev/null); then kv conf "$1|$_k|$_f|$_s"
    elif [ "$_k" = dir ] && gone "$_f"; then :
    elif _s=$(root stat -L -c '%y|%z' "$_f" 2>/dev/null); then kv conf "$1|$_k|$_f|$_s"
    else cant conf "$1|denied $_f"; fi
  done
}

loaded() { # when the daemon last loaded its configuration: it rewrites its pid file then
  if [ -r "$3" ] && [ "$(cat "$3" 2>/dev/null)" = "$2" ]; then kv loaded "$1|pidfile|$(stat -L -c %y "$3")"; return; fi
  case " $(id -nG) " in *" adm "*|*" systemd-journal "*|*" root "*)
    _s=$(journalctl -q --no-pager "_PID=$2" -n 200 -o short-unix 2>/dev/null | awk '/: Server listening on /{t=$1} END{if (t) print t}')
    if [ -n "$_s" ]; then kv loaded "$1|journal|$_s"; return; fi ;;
  esac
  _s=$(awk -v h="$(getconf CLK_TCK 2>/dev/null || echo 100)" -v u="$(cut -d' ' -f1 /proc/uptime)" -v n="$(date +%s)" '{sub(/^.*\) /,""); printf "%.2f", n-u+$20/h}' "/proc/$2/stat" 2>/dev/null)
  [ -z "$_s" ] || kv loaded "$1|start|$_s"
}

here() { # the process shares this host's network and file system
  # shellcheck disable=SC3013  # dash, BusyBox sh, mksh and bash have -ef
  [ "/proc/$1/net/dev" -ef /proc/self/net/dev ] || return 1
  _a=$(awk '$5=="/"{r=$3 $4} END{print r}' "/proc/$1/mountinfo" 2>/dev/null)
  [ "$_a" = "$(awk '$5=="/"{r=$3 $4} END{print r}' /proc/self/mountinfo)" ] || { cant daemon "$1|root"; return 1; }
}

classify() { # $1 pid, $2 command line
  case $2 in
    "sshd: "*"[listener]"*) _l=${2#sshd: }; describe "$1" "$1" "${_l%% \[listener\]*}" ;;
    sshd:*) ;;
    *dropbear*) case " $2 " in *" -i "*) ;; *) kv dropbear "$1|${2%"${2##*[! ]}"}" ;; esac ;;
    *" -i"|*" -i "*|*" -R"|*" -R "*) ;;
    *sshd*) describe "$1" "$1" "$2" ;;
  esac
}

running() {
  if cat /proc/1/comm >/dev/null 2>&1; then
    for _f in $(grep -lsE '^sshd: .*\[listener\]|^(sshd|dropbear)$' /proc/[0-9]*/comm /proc/[0-9]*/cmdline); do
      _p=${_f#/proc/}; echo "${_p%%/*}"; done | sort -un | while read -r _p; do
      [ "$(stat -c %u "/proc/$_p" 2>/dev/null)" = 0 ] && here "$_p" && classify "$_p" "$(clean <"/proc/$_p/cmdline")"
    done
  elif _o=$(root ps -ww -o pid=,uid=,netns=,args= -C sshd,dropbear 2>/dev/null) || [ $? = 1 ]; then
    _n=$(readlink /proc/self/ns/net); _n=${_n#*\[}
    printf '%s\n' "$_o" | while read -r _p _u _s _l; do
      [ "$_u" = 0 ] && { [ "$_s" = "${_n%]}" ] || [ "$_s" = - ]; } && classify "$_p" "$_l"
    done
  else cant processes denied; fi
}

sockets() { # SSH servers that systemd starts for a connection
  have systemctl || return 0
  systemctl show -p Id,ActiveState,Accept,Listen,Triggers '*.socket' 2>/dev/null | awk -F= '
    /^$/ {flush(); next} {v[$1]=v[$1] (v[$1]=="" ? "" : " ") substr($0, length($1)+2)} END{flush()}
    function flush() { if (v["ActiveState"]=="active" && v["Listen"] ~ /\(Stream\)/) print v["Id"] "|" v["Accept"] "|" v["Triggers"] "|" v["Listen"]; split("", v) }' |
  grep -E 'ssh|dropbear' | while IFS='|' read -r _id _accept _triggers _listen; do
    printf '%s\n' "$_listen" | grep -qE '(^| )[^ ]*:[0-9]+ \(Stream\)' || continue
    if [ "$_accept" = yes ]; then _u=${_id%.socket}@readiness.service; else _u=${_triggers%% *}; fi
    [ "$_accept" = yes ] || [ "$(systemctl show -p MainPID --value "$_u" 2>/dev/null)" = 0 ] || continue
    _x=$(systemctl show -p ExecStart --value "$_u" 2>/dev/null | sed -n 's/.*argv\[\]=\([^;]*\) ;.*/\1/p' | head -1)
    case $_x in
      *dropbear*) kv dropbear "$_id|$_x" ;;
      *sshd*) case $_x in *"\$SSHD_OPTS"*|*"\$OPTIONS"*)
          _e=$(systemctl show -p EnvironmentFiles --value "$_u" 2>/dev/null | sed 's/ (ignore_errors=[a-z]*)$//' | while read -r _f; do
            sed -n "s/^\(SSHD_OPTS\|OPTIONS\)=[\"']\{0,1\}\([^\"']*\)[\"']\{0,1\}\$/\2/p" "$_f" 2>/dev/null; done | tail -1)
          _x=$(printf '%s' "$_x" | sed 's/ \$\(SSHD_OPTS\|OPTIONS\)//')" $_e" ;; esac
        case $_x in *\$*) cant daemon "$_id|arguments $_x" ;; *) kv socket "$_id|$_accept|$_listen"; describe "$_id" 0 "$_x" ;; esac ;;
    esac
  done
}

kv uid "$(id -u)"; kv user "$(id -un)"
# shellcheck disable=SC2086  # four words: client address and port, server address and port
set -- ${SSH_CONNECTION:-}; kv client "${1:-}"; kv server "${3:-}"
cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4=="0A" && !s[$2]++ {print "listen=" $2}'
have ip && ip -o addr show 2>/dev/null | awk '{sub(/\/.*/, "", $4); print "local=" $4}'
have sshd && kv version "$(sshd -V 2>&1 | grep -o 'OpenSSH_[0-9.p]*' | head -1)"
running; sockets
{ getent passwd 2>/dev/null || cat /etc/passwd; } | awk -F: '$3==0 || n++<400 {print "account=" $1 "|" $3 "|" $4}'
{ getent group 2>/dev/null || cat /etc/group; } | awk -F: 'n++<800 {print "group=" $1 "|" $3 "|" $4}'
