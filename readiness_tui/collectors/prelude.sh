# shellcheck shell=sh
LC_ALL=C; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin; export LC_ALL PATH; umask 077
have() { command -v "$1" >/dev/null 2>&1; }
kv()   { printf '%s=%s\n' "$1" "$2"; }
cant() { printf '!%s=%s\n' "$1" "$2"; }
root() {  # run one command with privilege; 77 = no privilege (so: unknown), else the command's own status
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  [ -z "${RTUI_NOROOT:-}" ] || return 77
  for _e in sudo doas; do
    have "$_e" || continue
    { _err=$("$_e" -n "$@" 2>&1 >&3 3>&-); _rc=$?; } 3>&1
    case $_rc:$_err in
      0:*) ;;
      *"is required"*|*"not allowed"*|*"may not run"*|*"a tty"*|*"no tty"*|*"not in the sudoers"*|*"sudoers sources"*|*doas:*) continue ;;
    esac
    [ -z "$_err" ] || printf '%s\n' "$_err" | grep -v '^sudo: unable to resolve' >&2
    return "$_rc"
  done
  return 77
}
asuser() { _u=$1; shift; if [ "$(id -un)" = "$_u" ]; then "$@"; elif [ "$(id -u)" = 0 ]; then as_other "$@"; else root -u "$_u" "$@"; fi; }
# root becomes another user without PAM where it can: su writes to the journal
as_other() {
  if setpriv --reuid "$_u" --regid "$(id -g "$_u")" --init-groups true 2>/dev/null; then
    HOME=$( (getent passwd "$_u" || grep "^$_u:" /etc/passwd) | cut -d: -f6) USER=$_u LOGNAME=$_u setpriv --reuid "$_u" --regid "$(id -g "$_u")" --init-groups "$@"
  else su -s /bin/sh -c 'exec "$0" "$@"' -- "$_u" "$@"; fi
}
rd()     { cat "$@" 2>/dev/null || root cat "$@" 2>/dev/null; }
pidage() { awk -v h="$(getconf CLK_TCK 2>/dev/null || echo 100)" -v u="$(cut -d' ' -f1 /proc/uptime)" '{sub(/^.*\) /,""); printf "%d\n", u-$20/h}' "/proc/$1/stat" 2>/dev/null; }
gone()   { [ ! -e "$1" ] && [ ! -h "$1" ] || return 1; _d=${1%/}; while :; do case $_d in */*) _d=${_d%/*} ;; *) _d=. ;; esac; if [ "${_d:-/}" = / ] || [ "$_d" = . ] || [ -e "$_d" ]; then break; fi; done; [ -x "${_d:-/}" ]; }  # true: $1 does not exist, and that could be seen
