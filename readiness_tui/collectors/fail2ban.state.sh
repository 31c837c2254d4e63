# shellcheck shell=sh
# about: Prints the jails of fail2ban and what they watch.
# root: fail2ban-client status
# root: fail2ban-client status JAIL
# root: fail2ban-client get JAIL maxretry
# root: fail2ban-client get JAIL findtime
# root: fail2ban-client get JAIL bantime
# subject: jails fail2ban
have fail2ban-client || { cant f2b not-installed; for s in crowdsec sshguard sshg-blocker; do pgrep -x "$s" >/dev/null 2>&1 && kv alternative "$s"; done; exit 0; }
o=$(root fail2ban-client status 2>/dev/null); rc=$?
case $rc in
 77) cant jails denied; kv active "$(systemctl is-active fail2ban 2>/dev/null || rc-service fail2ban status 2>/dev/null | head -1)" ;;
 0) j=$(printf '%s\n' "$o" | sed -n 's/.*Jail list:[[:space:]]*//p' | tr -d ' '); kv jails "$j"
    for x in $(echo "$j" | tr , ' '); do kv jail "$x|$(root fail2ban-client get "$x" maxretry 2>/dev/null)|$(root fail2ban-client get "$x" findtime 2>/dev/null)|$(root fail2ban-client get "$x" bantime 2>/dev/null)|banned $(root fail2ban-client status "$x" 2>/dev/null | sed -n 's/.*Total banned:[[:space:]]*//p')"; done ;;
 *) kv jails ''; kv active no ;;  # 255: the client found no server
esac
