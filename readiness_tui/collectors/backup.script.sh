# shellcheck shell=sh
# about: Tells of a backup script whether it can run, and which programs it names; its text stays on the host.
# arguments: FILE
# after: file.modes+file.stat
# example: {env}
# root: cat {1}
# timeout: 20
# subject: script backup script
# after file.modes and file.stat (which tells the script's mode, as the fact `file`): $1 script:
#   script=SHEBANG's program|yes, no or ? (syntax)   names=WORD (a program or service it names)   keeps=DAYS (deletes older ones)
#   unchecked=pg_dump's status is lost in a pipe
f=$1; [ -n "$f" ] || exit 0
if gone "$f"; then kv script absent; exit 0; fi
t=$(cat "$f" 2>/dev/null) || { t=$(root cat "$f" 2>/dev/null); rc=$?; case $rc in 0) ;; 77) cant script denied; exit 0 ;; *) kv script absent; exit 0 ;; esac; }
i=$(printf '%s\n' "$t" | sed -n '1s/^#![[:space:]]*\([^[:space:]]*\)[[:space:]]*\([^[:space:]]*\).*/\1 \2/p'); p=${i%% *}; p=${p##*/}
[ "$p" != env ] || { p=${i#* }; p=${p##*/}; }
case $p in
  sh|dash|bash|ksh|mksh|zsh) if ! have "$p"; then s=no; p="$p (not installed)"; elif printf '%s\n' "$t" | "$p" -n >/dev/null 2>&1; then s=yes; else s=no; fi ;;
  '') s='?' ;;
  *) s='?'; have "$p" || { [ -x "${i%% *}" ] || p="$p (not installed)"; } ;;
esac
case $p in *[!A-Za-z0-9._\ \(\)+-]*) p=other ;; esac
kv script "${p:-none}|$s"
c=$(printf '%s\n' "$t" | sed 's/^[[:space:]]*#.*//; s/[[:space:]]#.*//')
for w in pg_dump pg_dumpall pg_basebackup pgbackrest barman wal-g rclone restic borg rsync s3cmd s5cmd gsutil b2 scp sftp lftp gpg age openssl hc-ping.com healthchecks cronitor uptime-kuma deadmanssnitch pushgateway sendmail mail logger; do
  printf '%s\n' "$c" | grep -qE "(^|[^A-Za-z0-9_-])$(printf '%s' "$w" | sed 's/[.]/[.]/g')([^A-Za-z0-9_-]|\$)" && kv names "$w"
done
printf '%s\n' "$c" | grep -qE '(^|[^A-Za-z0-9_-])aws[[:space:]]+(--?[^[:space:]]+[[:space:]]+)*s3' && kv names 'aws s3'
printf '%s\n' "$c" | grep -qE '(^|[^A-Za-z0-9_-])az[[:space:]]+storage' && kv names 'az storage'
printf '%s\n' "$c" | sed -n 's/.*-mtime[[:space:]]*+\([0-9][0-9]*\).*-delete.*/keeps=\1/p; s/.*-mtime[[:space:]]*+\([0-9][0-9]*\).*rm .*/keeps=\1/p'
if printf '%s\n' "$c" | grep -qE 'pg_dump(all)?[^|;&]*\|[^|]' && ! printf '%s\n' "$c" | grep -qE 'pipefail|PIPESTATUS|gzip -t|pg_restore|wc -c|stat |[[ ]-s |du '; then kv unchecked yes; fi
:
