# shellcheck shell=sh
# about: Prints where a file really is, the directories above it, and its copies.
# arguments: FILE UNIT
# after: file.modes
# example: {env} app.service
# root: readlink -f {1}
# root: ls -lA {1/}
# root: ls -ldL {1/}/SIBLING
# root: cmp -s {1} {1/}/SIBLING
# root: cat {1}
# subject: copy copies of the file
# subject: above directories above the file
# shellcheck disable=SC2154  # MODE_AWK is set by file.modes
# after file.modes: $1 path, $2 unit or empty. Where the file really lies, the directories above it, and copies of it:
#   real=PATH   above=directory|mode|owner   copy=path|mode|owner   (a copy has its content, or a name that begins with its own)
# Copies are looked for beside the file and in the unit's working directory; content is compared on the host.
p=$1; d=${p%/*}; b=${p##*/}; d=${d:-/}
deny() { cant "$1" "denied $2"; shift 2; kv hint "sudoers: $(id -un) ALL=(root) NOPASSWD: $*"; }
if gone "$p"; then t=$p; else t=$(readlink -f "$p" 2>/dev/null) || t=$(root readlink -f "$p" 2>/dev/null) || { [ $? != 77 ] || deny above "$p" "$(command -v readlink) -f $p"; t=$p; }; fi
kv real "$t"
above() {
  a=$1
  while :; do
    o=$(ls -ldL "$a" 2>/dev/null | awk "$MODE_AWK" | cut -d'|' -f2,3)
    [ -n "$o" ] || gone "$a" || o=$(root ls -ldL "$a" 2>/dev/null | awk "$MODE_AWK" | cut -d'|' -f2,3)
    if [ -n "$o" ]; then kv above "$a|$o"; elif ! gone "$a"; then deny above "$a" "$(command -v ls) -ldL $a"; fi
    [ "$a" != / ] || break
    a=${a%/*}; a=${a:-/}
  done
}
above "$d"; [ "${t%/*}" = "$d" ] || above "${t%/*}"
w=; [ -z "${2:-}" ] || ! have systemctl || w=$(systemctl show -p WorkingDirectory --value "$2" 2>/dev/null | sed 's/^!//')
case $w in "$d"|/) w= ;; /*) ;; *) w= ;; esac
size=$(ls -ldL "$p" 2>/dev/null | awk "$MODE_AWK" | cut -d'|' -f5)
for dir in "$d" $w; do
  R=
  if [ -r "$dir" ] && [ -x "$dir" ]; then l=$(ls -lA "$dir" 2>/dev/null); elif gone "$dir"; then continue
  else R=root; l=$(root ls -lA "$dir" 2>/dev/null) || { deny copy "$dir" "$(command -v ls) -lA $dir"; continue; }; fi
  l=$(printf '%s\n' "$l" | awk "$MODE_AWK" | grep '^regular file|')
  [ -n "$size" ] || [ "$dir" != "$d" ] || size=$(printf '%s\n' "$l" | awk -F'|' -v p="${t##*/}" -v q="$b" '$7 == p || $7 == q { print $5; exit }')
  printf '%s\n' "$l" | while IFS='|' read -r _ m o _ s _ n; do
    f=$dir/$n; [ -n "$n" ] && [ "$f" != "$p" ] && [ "$f" != "$t" ] || continue
    case $n in *.example|*.sample|*.template|*.dist) continue ;; "$b"*|".$b"*|"#$b#") kv copy "$f|$m|$o"; continue ;; esac
    # a copy that only its owner opens needs no comparing
    [ "$s" = "$size" ] && [ "$s" != 0 ] || continue
    case $m in *00) continue ;; esac
    if [ -r "$f" ] && [ ! -r "$p" ]; then root cat "$p" 2>/dev/null | cmp -s - "$f"; rc=$?
    elif [ -n "$R" ] || [ ! -r "$f" ] || [ ! -r "$p" ]; then root cmp -s "$p" "$f"; rc=$?; else cmp -s "$p" "$f"; rc=$?; fi
    case $rc in 0) kv copy "$f|$m|$o" ;; 77) deny copy "$f" "$(command -v cmp) -s $p $f" ;; esac
  done
done; :
