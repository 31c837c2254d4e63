# shellcheck shell=sh
# about: Lists the releases that a host keeps, and which one is in use.
# arguments: DIRECTORY LINK
# example: /etc/ssl /etc/localtime
# subject: releases the directory of releases
# cause: ^absent not-configured
# $1 directory, $2 link or empty. release=name|seconds since 1970, oldest first   current=name, or other when the link leads elsewhere, or none
d=${1%/}
if [ ! -d "$d" ]; then gone "$d" && { kv directory absent; exit 0; }; cant releases "denied $d"; exit 0; fi
[ -r "$d" ] || { cant releases "denied $d"; exit 0; }
kv directory present
for r in "$d"/*; do
  [ -e "$r" ] && [ ! -h "$r" ] || continue
  case ${r##*/} in *'|'*) continue ;; esac
  printf '%s %s\n' "$(stat -c %Y "$r" 2>/dev/null)" "${r##*/}"
done | sort -n | awk '{ t = $1; sub(/^[^ ]* /, ""); print "release=" $0 "|" t }'
if [ -n "$2" ]; then
  if [ ! -e "$2" ]; then kv current none
  else
    real=$(readlink -f "$2" 2>/dev/null); top=$(readlink -f "$d" 2>/dev/null)
    case $real in "$top"/*) real=${real#"$top"/}; kv current "${real%%/*}" ;; *) kv current other ;; esac
  fi
fi
