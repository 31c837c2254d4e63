# shellcheck shell=sh
# about: Lists backup files by age, size and mode, and the directory they are in.
# arguments: DIRECTORY PATTERN
# after: file.modes
# example: /etc '*'
# root: find -H {1} -maxdepth 3 -printf %y:%m:%u:%g:%T@:%s:%p\n
# timeout: 30
# subject: dir backup directory
# shellcheck disable=SC2154,SC2254  # MODE_AWK is set by file.modes; the name pattern is one for the shell, too
# after file.modes: $1 directory, $2 name pattern: dir=mode|owner|group|type|acl or nothing (or dir=absent), then the newest 400
# files as file=age in seconds|bytes|mode|owner|path; count; oldest=age; days=different days; repository=pgbackrest, barman,
# pg_dump-directory. Files that are being written, checksums and what Debian itself keeps in /var/backups are left out.
d=${1%/}; pat=${2:-*}; now=$(date +%s)
own() { [ "$d" = /var/backups ] && echo '/var/backups/(alternatives[.]tar|apt[.]extended_states|aptitude|dpkg[.](arch|diversions|statoverride|status)|(passwd|group|shadow|gshadow)[.]bak)' || echo '^$'; }
l=; rows=
if gone "$d"; then kv dir absent; exit 0; fi
if [ -r "$d" ] && [ -x "$d" ]; then
  kv dir "$(ls -ldL "$d" | awk "$MODE_AWK" | awk -F'|' '{ print $2 "|" $3 "|" $4 "|" $1 "|" $6 }')"
  rows=$(find "$d/" -maxdepth 3 -type f -name "$pat" -exec stat -c 'f:%a:%U:%G:%Y:%s:%n' {} + 2>/dev/null)
  find "$d/" -maxdepth 3 -type d ! -readable 2>/dev/null | grep -q . && cant file "denied a directory below $d"
else
  l=$(root find -H "$d" -maxdepth 3 -printf '%y:%m:%u:%g:%T@:%s:%p\n' 2>/dev/null); rc=$?
  if [ $rc = 77 ]; then cant dir denied; exit 0; fi
  [ -n "$l" ] || { kv dir absent; exit 0; }
  kv dir "$(printf '%s\n' "$l" | awk -F: 'NR == 1 { t = $1 == "d" ? "directory" : $1 == "l" ? "symbolic link" : "file"; print $2 "|" $3 "|" $4 "|" t "|" }')"
  rows=$(printf '%s\n' "$l" | sed -n '/^f:/p' | while IFS= read -r r; do case ${r##*/} in $pat) printf '%s\n' "$r" ;; esac; done)
fi
printf '%s\n' "$rows" | sed 's|//*|/|g' | grep -v '^$' | grep -vE "$(own)" | grep -vE '/[.][^/]*$|[.](part|partial|tmp|temp|sha256|sha512|md5|log|lock|json|txt)$' |
  awk -F: -v now="$now" '{ p = $0; for (i = 1; i <= 6; i++) sub(/^[^:]*:/, "", p); t = int($5); print t "|" now - t "|" $6 "|" $2 "|" $3 "|" p }' | sort -t'|' -k1,1nr -k6,6 |
  awk -F'|' '{ n++; if (n <= 400) { r = $0; sub(/^[^|]*[|]/, "", r); print "file=" r } if (!(int($1 / 86400) in D)) { D[int($1 / 86400)] = 1; days++ } old = $2 } END { print "count=" n + 0; if (n) print "oldest=" old; print "days=" days + 0 }'
all="$rows
$l"
case $all in *'/backup.info'*) if [ -n "$(printf '%s\n' "$all" | grep -E '/(archive|backup)/[^/]+/backup[.]info')" ]; then kv repository pgbackrest; else kv repository barman; fi ;; *'/toc.dat'*) kv repository pg_dump-directory ;; esac
:
