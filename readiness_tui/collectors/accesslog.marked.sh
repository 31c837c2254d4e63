# shellcheck shell=sh
# about: Sends one request for a path that nobody has, marked with a number, and looks for it in a log.
# arguments: DOMAIN ADDRESS PORT UNIT LOG
# example: api.example.com 127.0.0.1 1 app.service {env}
# root: tail -c 100000 {5}
# root: journalctl
# group: adm
# group: systemd-journal
# timeout: 30
# subject: marked log of the marked request
# $4 the unit whose journal is searched too, $5 the log; either may be empty.
# Prints journal=unseen where it may not be read, sent=STATUS, marked=FILE or marked=journal where the request was found, unmarked=FILE where not, and rotated=yes or no.
mk_domain=$1 mk_address=$2 mk_port=$3 mk_unit=$4 mk_log=$5
have curl || { cant marked "no-tool: curl is not installed to send a request"; exit 0; }
mk_nonce=rtui-$$-$(date +%s)
mk_way=https; [ "$mk_port" = 80 ] && mk_way=http
case $mk_address in *:*) mk_to="[$mk_address]" ;; *) mk_to=$mk_address ;; esac
mk_sent=$(curl -q -sS -k -o /dev/null --noproxy '*' --max-time 5 -A readiness-tui -w '%{http_code}' --connect-to "::$mk_to:$mk_port" "$mk_way://$mk_domain:$mk_port/$mk_nonce" 2>/dev/null </dev/null)
kv sent "${mk_sent:-000}"; [ "${mk_sent:-000}" != 000 ] || exit 0
mk_tail() { [ -n "$mk_log" ] && { tail -c 100000 "$mk_log" 2>/dev/null || root tail -c 100000 "$mk_log" 2>/dev/null; }; }
mk_j=; if [ "$(id -u)" != 0 ]; then case " $(id -nG) " in *" systemd-journal "*|*" adm "*) ;; *) mk_j=root ;; esac; fi
if [ -n "$mk_j" ] && ! root journalctl -q -n 0 >/dev/null 2>&1; then kv journal unseen; mk_unit=; fi
mk_journal() {
  have journalctl && [ -n "$mk_unit" ] || return 1
  $mk_j journalctl -q --no-pager -o cat --since -60s -u "$mk_unit" 2>/dev/null </dev/null | grep -qF "$mk_nonce"
}
mk_left=8
while [ "$mk_left" -gt 0 ]; do
  if mk_tail | grep -qF "$mk_nonce"; then kv marked "$mk_log"; break; fi
  if [ -z "$mk_log" ] || [ "$mk_left" -lt 7 ]; then if mk_journal; then kv marked journal; break; fi; fi
  mk_left=$(( mk_left - 1 )); sleep 1
done
if [ "$mk_left" = 0 ] && [ -n "$mk_log" ]; then
  if gone "$mk_log" || [ -r "$mk_log" ] || root tail -c 1 "$mk_log" >/dev/null 2>&1; then kv unmarked "$mk_log"; else cant marked "denied $mk_log"; fi
fi
# is the file in some rule of logrotate? its patterns are compared as the shell compares them
if [ -n "$mk_log" ]; then
  mk_rule=no
  for mk_conf in /etc/logrotate.conf /etc/logrotate.d/*; do
    [ -r "$mk_conf" ] || continue
    # shellcheck disable=SC2020
    for mk_word in $(sed 's/#.*//' "$mk_conf" 2>/dev/null | tr -d '{}"' | tr ' \t' '\n\n' | grep '^/'); do
      # shellcheck disable=SC2254
      case $mk_log in $mk_word) mk_rule=yes ;; esac
    done
  done
  kv rotated "$mk_rule"
fi
