# shellcheck shell=sh
# about: Tells how old a file's content is.
# arguments: FILE
# example: {env}
# root: stat -L -c %Y {1}
# subject: age age of the file
# $1 path; a link is followed: age=SECONDS|path, or age=absent|path
if t=$(stat -L -c %Y "$1" 2>/dev/null); then kv age "$(($(date +%s) - t))|$1"
elif gone "$1"; then kv age "absent|$1"
else
  t=$(root stat -L -c %Y "$1" 2>/dev/null); rc=$?
  case $rc in 0) kv age "$(($(date +%s) - t))|$1" ;; 77) cant age denied; kv hint "sudoers: $(id -un) ALL=(root) NOPASSWD: $(command -v stat) -L -c %Y $1" ;; *) kv age "absent|$1" ;; esac
fi
