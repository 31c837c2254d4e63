# shellcheck shell=sh
# about: Prints where a file really is, and its copies in the same directory.
# arguments: FILE
# root: readlink -f {1}
# root: ls -a DIRECTORY
# subject: copy copies beside the file
# $1 path. Where it really lies, and the files beside it whose names start with its own (editors' and hands' copies): name|mode|owner
d=${1%/*}; b=${1##*/}; d=${d:-/}
t=$(readlink -f "$1" 2>/dev/null || root readlink -f "$1" 2>/dev/null) && [ -n "$t" ] && kv real "$t"
if l=$(ls -a "$d" 2>/dev/null); then R=
elif gone "$d"; then exit 0
else R=root; l=$(root ls -a "$d" 2>/dev/null) || { cant copy "denied $d"; exit 0; }; fi
printf '%s\n' "$l" | while IFS= read -r n; do
  case $n in "$b"|*.example|*.sample|*.template|*.dist) continue ;; "$b"*|".$b"*) ;; *) continue ;; esac
  o=$($R stat -L -c '%a|%U' "$d/$n" 2>/dev/null) && kv copy "$n|$o" || cant copy "denied $d/$n"
done; :
