# shellcheck shell=sh
# about: Prints type, mode, owner and size of files.
# arguments: FILE...
# root: stat {*}
# $@ paths; follows symlinks for mode, reports the link too: path|type|mode|owner|group|size|mtime[|link:target][|acl]
for p in "$@"; do
  R=
  if o=$(stat -L -c '%F|%a|%U|%G|%s|%Y' "$p" 2>/dev/null); then :
  elif gone "$p"; then kv file "$p|absent"; continue
  elif o=$(root stat -L -c '%F|%a|%U|%G|%s|%Y' "$p" 2>/dev/null); then R=root
  else rc=$?; if [ "$rc" = 77 ]; then cant file "denied $p"; else kv file "$p|absent"; fi; continue; fi
  l=$($R readlink "$p" 2>/dev/null) && o="$o|link:$l"
  case $($R ls -ldL "$p" 2>/dev/null) in ??????????+*) o="$o|acl" ;; '') cant acl "denied $p" ;; esac
  kv file "$p|$o"
done
