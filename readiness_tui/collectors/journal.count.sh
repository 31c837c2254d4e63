# shellcheck shell=sh
# about: Counts a unit's journal lines in a window of time.
# arguments: UNIT SECONDS ERROR-PATTERN REQUEST-PATTERN
# root: journalctl
# group: systemd-journal
# group: adm
# timeout: 60
# $1 unit, $2 window in seconds, $3 ERE of an error line, $4 ERE of a request line
have journalctl || { cant journal no-journald; exit 0; }
R=; if [ "$(id -u)" != 0 ]; then case " $(id -nG) " in *" systemd-journal "*|*" adm "*|*" wheel "*) ;; *) R=root; root journalctl -q -n 0 >/dev/null 2>&1 || { cant journal denied; exit 0; };; esac; fi
J="$R timeout 30 journalctl -q --no-pager -u $1 --since -$2s"
o=$($J -o cat 2>/dev/null) || { cant journal "rc=$?"; exit 0; }
kv lines "$(printf '%s\n' "$o" | grep -c .)"; kv errors "$(printf '%s\n' "$o" | grep -cE "$3")"
[ -n "${4:-}" ] && kv requests "$(printf '%s\n' "$o" | grep -cE "$4")"
kv prio_err "$($J -p err -o cat 2>/dev/null | grep -c .)"
kv crashes "$(printf '%s\n' "$o" | grep -cE 'Main process exited, code=|Scheduled restart job|Start request repeated')"
kv first "$($J -o short-unix 2>/dev/null | head -1 | cut -d. -f1)"; kv last "$($J -o short-unix 2>/dev/null | tail -1 | cut -d. -f1)"
kv oom "$($R timeout 30 journalctl -q --no-pager -k -o cat --since "-$2s" 2>/dev/null | grep -ciE 'out of memory|oom-kill|killed process')"
[ -d /var/log/journal ] && kv persistent yes || kv persistent no
