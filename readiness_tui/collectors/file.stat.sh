# shellcheck shell=sh
# about: Prints mode, owner and size of files.
# arguments: FILE...
# after: file.modes
# example: {env} /nosuch/place /etc/passwd
# root: ls -ldL {*}
# shellcheck disable=SC2154  # MODE_AWK is set by file.modes
# after file.modes: $@ paths; a link is followed: file=path|type|mode|owner|group|size|acl or nothing[|link:target], or path|absent
for p in "$@"; do
  if o=$(ls -ldL "$p" 2>/dev/null); then :
  elif gone "$p"; then kv file "$p|absent"; continue
  elif o=$(root ls -ldL "$p" 2>/dev/null); then :
  else rc=$?
    if [ "$rc" = 77 ]; then cant file "denied $p"; kv hint "sudoers: $(id -un) ALL=(root) NOPASSWD: $(command -v ls) -ldL $p"; else kv file "$p|absent"; fi
    continue
  fi
  o=$(printf '%s\n' "$o" | awk "$MODE_AWK"); o=${o%"|$p"}
  l=$(readlink "$p" 2>/dev/null) && o="$o|link:$l"
  kv file "$p|$o"
done
