# shellcheck shell=sh
# about: Prints which packages are installed, with versions.
# arguments: FAMILY=PACKAGE...
# example: debian=libc6 rhel=glibc alpine=musl
# $@ family=package for each; only those of the host's own family are looked up. Answers package=name|installed or absent|version
if have dpkg-query; then f=debian; elif have rpm; then f=rhel; elif have apk; then f=alpine; else cant family no-package-manager; exit 0; fi
kv family "$f"
for a in "$@"; do
  [ "${a%%=*}" = "$f" ] || continue
  p=${a#*=}; v=; s=absent
  case $f in
    debian) o=$(dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$p" 2>/dev/null | grep '^installed ' | head -1); [ -n "$o" ] && { s=installed; v=${o#installed }; } ;;
    rhel) o=$(rpm -q --qf '%{VERSION}\n' "$p" 2>/dev/null) && { s=installed; v=$(printf '%s\n' "$o" | head -1); } ;;
    alpine) apk info -e "$p" >/dev/null 2>&1 && { s=installed; v=$(apk list -I "$p" 2>/dev/null | head -1 | cut -d' ' -f1 | sed "s/^$p-//"); } ;;
  esac
  kv package "$p|$s|$v"
done; :
