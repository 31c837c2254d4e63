# shellcheck shell=sh
# about: Prints the jails of fail2ban, what they read, whom they ignore and how they ban.
# arguments: JAIL...
# example: sshd
# root: fail2ban-client status
# root: fail2ban-client status {*}
# root: fail2ban-client get {*} ignoreip
# root: fail2ban-client get {*} actions
# root: fail2ban-client get {*} action ACTION port
# group: adm
# group: systemd-journal
# subject: jails fail2ban
# subject: alternative the process list
# The jails named are asked about; groups adm or systemd-journal are needed to see what sshd logs, root does not replace them.

listed() { sed -n 's/^[ |`-]*//p' | tr '\n' ' '; }
after() { printf '%s\n' "$2" | sed -n "s/^.*$1:[[:space:]]*//p" | head -n 1; }
reads_journal() { case " $(id -nG) " in *" adm "*|*" systemd-journal "*|*" root "*) have journalctl ;; *) return 1 ;; esac; }
# The jail's newest message is asked for after sshd's, so it is as new or newer when the jail reads them (journalctl -n
# together with --until prints nothing before systemd 254).
newest() { journalctl -q --no-pager -n 1 -o short-unix -t sshd -t sshd-session "$@" 2>/dev/null | sed -n 's/^\([0-9.]*\) .*/\1/p'; }

# sshd's newest message as syslog writes it, `sshd[PID]: TEXT`: at least the one about this login
message() { journalctl -q --no-pager -n 1 -o short-unix -t sshd -t sshd-session 2>/dev/null | sed -n 's/^[0-9.]* [^ ]* //p'; }
holds() { tail -q -n 20000 "$1" "$1.1" 2>/dev/null | grep -F 'sshd' | grep -qF -e "$2"; } # the file, or the one it was rotated to
arrives() { # is sshd's newest message in the file $1? It may be on its way for a moment.
  if reads_journal; then _m=$(message); [ -n "$_m" ] || { echo silent; return; }
    for _n in 1 2 3; do if holds "$1" "$_m"; then echo yes; return; fi; [ "$_n" = 3 ] || sleep 1; done
    echo no; return
  fi
  # shellcheck disable=SC2086  # four words
  set -- "$1" ${SSH_CONNECTION:-}
  if [ -n "${3:-}" ] && holds "$1" "from $2 port $3 "; then echo yes; else echo unknown; fi
}

alternatives() {
  if cat /proc/1/comm >/dev/null 2>&1; then
    grep -shxE 'crowdsec|sshguard|sshg-blocker' /proc/[0-9]*/comm | sort -u | sed 's/^/alternative=/'
  else cant alternative 'denied other processes are hidden'; fi
}

ports() { # names of services as numbers
  for w in $(printf '%s' "$1" | tr ',' ' '); do
    case $w in *[!0-9:-]*) getent services "$w/tcp" 2>/dev/null | sed -n 's/^[^ ]* *\([0-9]*\)\/.*/\1/p' | grep . || echo "$w" ;; *) echo "$w" ;; esac
  done | tr '\n' ' '
}

hears() { # $1 jail, $2 its journal match, $3 its files
  kv jail_journal "$1|$2"
  if [ -n "$2" ] && reads_journal; then
    set -f
    # shellcheck disable=SC2086  # the match is words
    kv jail_newest "$1|$(newest $2)"
    set +f
  fi
  for f in $3; do
    if [ ! -e "$f" ]; then gone "$f" && kv jail_file "$1|$f|absent" || cant jail_file "$1|denied $f"
    elif [ -r "$f" ]; then kv jail_file "$1|$f|$(arrives "$f")"
    else cant jail_file "$1|denied $f"; fi
  done
}

describe() { # $1 jail
  s=$(root fail2ban-client status "$1" 2>/dev/null) || { cant jail "$1|denied"; return; }
  kv jail "$1|$(after 'Currently banned' "$s")|$(after 'Total banned' "$s")"
  hears "$1" "$(after 'Journal matches' "$s")" "$(after 'File list' "$s")"
  if i=$(root fail2ban-client get "$1" ignoreip 2>/dev/null); then kv jail_ignores "$1|$(printf '%s\n' "$i" | sed 1d | listed)"; else cant jail_ignores "$1|denied"; fi
  if i=$(root fail2ban-client get "$1" actions 2>/dev/null); then
    for a in $(printf '%s\n' "$i" | sed 1d | tr ',' ' '); do
      case $a in *allports*|*[!A-Za-z0-9_-]*) kv jail_action "$1|$a|" ;;
      *) if p=$(root fail2ban-client get "$1" action "$a" port 2>/dev/null); then kv jail_action "$1|$a|$(ports "$p")"; else kv jail_action "$1|$a|"; fi ;; esac
    done
    kv jail_actions "$1|told"
  else cant jail_actions "$1|denied"; fi
}

for t in iptables nft ufw firewall-cmd; do have "$t" && kv tool "$t"; done
if ! have fail2ban-client; then kv state absent; alternatives; exit 0; fi
o=$(root fail2ban-client status 2>/dev/null); rc=$?
case $rc in
 77) a=$(systemctl is-active fail2ban 2>/dev/null) || a=${a:-$(rc-service fail2ban status 2>/dev/null | head -n 1)}
    case $a in inactive|failed) kv state stopped; kv unit "$a"; alternatives ;; *) cant jails denied; kv unit "${a:-not seen}" ;; esac ;;
 0) kv state answers; j=$(after 'Jail list' "$o" | tr -d ' '); kv jails "$j"
    if reads_journal; then kv journal_newest "$(newest)"; else cant journal_newest denied; fi
    for x; do case ",$j," in *",$x,"*) describe "$x" ;; esac; done ;;
 *) kv state stopped; kv unit "$(systemctl is-active fail2ban 2>/dev/null)"; alternatives ;; # the client found no server
esac
:
