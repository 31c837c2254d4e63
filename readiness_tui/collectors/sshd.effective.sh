# shellcheck shell=sh
# about: Prints the effective configuration of sshd for users and addresses.
# arguments: USERS ADDRESSES SERVER PORT
# root: sshd -T -C user=USER,host=HOST,addr=ADDRESS,laddr=ADDRESS,lport=PORT
# root: cat /etc/ssh/sshd_config
# root: passwd -S root
# subject: eff sshd -T
# cause: ^dropbear unsupported
# $1 login names, $2 source addresses (comma lists), $3 server address, $4 port. The word "operator" stands for the one who
# is connected, and for the address they come from as sshd sees it; without an SSH session there is no such address.
S=$(command -v sshd || echo /usr/sbin/sshd)
if [ ! -x "$S" ]; then have dropbear && cant eff dropbear || cant eff not-installed; exit 0; fi
kv version "$("$S" -V 2>&1 | grep -o 'OpenSSH_[0-9.p]*' | head -1)"
# shellcheck disable=SC2086  # SSH_CONNECTION is four words: client address and port, server address and port
c=$(set -- ${SSH_CONNECTION:-}; printf '%s' "${1:-}"); l=$(set -- ${SSH_CONNECTION:-}; printf '%s' "${3:-}")
for u in $(echo "$1" | tr , ' '); do for a in $(echo "$2" | tr , ' '); do
  [ "$u" = operator ] && u=$(id -un); [ "$a" = operator ] && a=$c; [ -n "$a" ] || continue
  kv asked "$u|$a"
  o=$(root "$S" -T -C "user=$u,host=probe.invalid,addr=$a,laddr=${3:-${l:-192.0.2.1}},lport=${4:-22},rdomain=" 2>&1); rc=$?
  [ $rc = 77 ] && { cant eff denied; break 2; }
  [ $rc = 0 ] || { cant eff "rc=$rc $(printf '%s' "$o" | head -1 | cut -c1-120)"; break 2; }
  printf '%s\n' "$o" | awk -v p="$u|$a" '/^(permitrootlogin|passwordauthentication|pubkeyauthentication|kbdinteractiveauthentication|challengeresponseauthentication|authenticationmethods|usepam|permitemptypasswords|maxauthtries|allowusers|allowgroups|denyusers|authorizedkeysfile) /{k=$1; $1=""; sub(/^ /,""); print "eff=" p "|" k "|" $0}'
done; done
if c=$(rd /etc/ssh/sshd_config); then
  kv match_lines "$({ printf '%s\n' "$c"; for f in /etc/ssh/sshd_config.d/*.conf; do [ -e "$f" ] && rd "$f"; done; } | grep -iE '^[[:space:]]*match[[:space:]]' | tr -s ' \t' ' ' | tr '\n' ';')"
else cant match_lines denied; fi
p=$(pgrep -o -x sshd 2>/dev/null); cf=$(ls -t /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf 2>/dev/null | head -1)
if [ -n "$p" ] && [ -n "$cf" ]; then
  if [ $(( $(date +%s) - $(pidage "$p") )) -lt "$(stat -c %Y "$cf")" ]; then kv stale_daemon yes; else kv stale_daemon no; fi
fi
if s=$(root passwd -S root 2>/dev/null); then kv root_password "$(echo "$s" | awk '{print $2}')"; else cant root_password denied; fi
