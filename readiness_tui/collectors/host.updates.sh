# shellcheck shell=sh
# about: Prints pending updates, the age of the package index, and whether a reboot is pending.
# example: --
# root: dnf -q -C check-update
# root: dnf -q -C updateinfo list --security
# timeout: 60
# subject: pending pending updates
# subject: security security updates
# subject: index_age_s package index
# subject: reboot whether a reboot is due
# cause: ^no-(index|cache) stale
# cause: ^no-modules-dir unsupported
if have apt-get; then
  kv pm apt
  # caches off: as root apt would rewrite them; the index targets list every archive in every source format
  quiet='-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache='
  # shellcheck disable=SC2086
  if out=$(apt-get -s -o Debug::NoLocking=1 $quiet --with-new-pkgs upgrade 2>&1); then
    inst=$(printf '%s\n' "$out" | grep '^Inst ')
    # shellcheck disable=SC2086
    held=$(apt-mark $quiet showhold 2>/dev/null | tr '\n' ' ')
    # upgradable, for security, and not among what would be installed: held, pinned, or kept back by a dependency
    # shellcheck disable=SC2086
    back=$(apt $quiet -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null list --upgradable 2>/dev/null | awk -v inst="$(printf '%s\n' "$inst" | awk '{print $2}' | tr '\n' ' ')" '
      BEGIN { n = split(inst, a, " "); for (i = 1; i <= n; i++) taken[a[i]] = 1 }
      { split($1, p, "/"); if (p[2] ~ /-security/ && !(p[1] in taken)) print p[1] }')
    for p in $back; do case " $held " in *" $p "*) kv held_security "$p" ;; *) kv kept_security "$p" ;; esac; done
    n=$(printf '%s\n' "$back" | grep -c .)
    kv pending $(( $(printf '%s\n' "$inst" | grep -c .) + n )); kv security $(( $(printf '%s\n' "$inst" | grep -c '[Ss]ecurity') + n ))
  else cant pending "rc=$? apt-get $(printf '%s\n' "$out" | sed -n 's/^E: //p' | head -1)"; cant security apt-get-failed; fi
  # the age is that of the archive which brings security updates: its Date, and when its file was made
  # shellcheck disable=SC2086,SC2016
  rows=$(apt-get $quiet indextargets --format '$(FILENAME)|$(LABEL)|$(SUITE)|$(CODENAME)' 'Created-By: Packages' 2>/dev/null)
  sec=$(printf '%s\n' "$rows" | awk -F'|' '$2 == "Debian-Security" || $3 ~ /-security$/ || $4 ~ /-security$/ {print $1}')
  # without a Release file yet, the sources themselves tell which archives are configured
  # shellcheck disable=SC2086,SC2016
  if [ -n "$sec" ]; then kv security_archive yes; list=$sec
  elif apt-get $quiet --no-release-info indextargets --format '$(RELEASE)' 'Created-By: Packages' 2>/dev/null | grep -qE -e '-security$|/updates$'; then
    kv security_archive unfetched; list=
  else kv security_archive no; list=$(printf '%s\n' "$rows" | cut -d'|' -f1); fi
  oldest=''
  for f in $list; do
    b=$(printf '%s' "$f" | sed 's/_[^_]*_binary-[^_]*_Packages.*//; s/_Packages.*//')
    for r in "${b}_InRelease" "${b}_Release"; do
      [ -r "$r" ] || continue
      m=$(stat -c %Y "$r"); d=$(sed -n 's/^Date: //p' "$r" | head -1); d=$(date -d "$d" +%s 2>/dev/null) && [ "$d" -lt "$m" ] && m=$d
      if [ -z "$oldest" ] || [ "$m" -gt "$oldest" ]; then oldest=$m; fi
      break
    done
  done
  if [ -n "$oldest" ]; then kv index_age_s $(( $(date +%s) - oldest )); else cant index_age_s 'no-index: the archive with the security updates was never fetched'; fi
elif have dnf || have yum; then
  kv pm dnf; d=dnf; have dnf || d=yum
  out=$(root $d -q -C check-update 2>/dev/null); rc=$?
  case $rc in
    0) kv pending 0; kv security 0 ;;
    100) kv pending "$(printf '%s\n' "$out" | awk '/^Obsoleting/{exit} NF==3{n++} END{print n+0}')"
         kv security "$(root $d -q -C updateinfo list --security 2>/dev/null | awk 'NF>=3{n++} END{print n+0}')" ;;
    77) cant pending denied; cant security denied ;;
    *) cant pending "no-cache rc=$rc"; cant security "no-cache rc=$rc" ;;
  esac
  f=$(ls -td /var/cache/dnf/*.solv /var/cache/libdnf5/*/repodata /var/cache/dnf/*/repodata 2>/dev/null | head -1)
  if [ -n "$f" ]; then kv index_age_s $(( $(date +%s) - $(stat -c %Y "$f") )); else cant index_age_s denied-or-none; fi
elif have apk; then
  kv pm apk
  out=$(apk version -l '<' 2>/dev/null) && kv pending "$(printf '%s\n' "$out" | awk 'NR>1 && NF{n++} END{print n+0}')" || cant pending apk-failed
  kv security -1
  f=$(ls -t /var/cache/apk/APKINDEX.* /lib/apk/db/installed 2>/dev/null | head -1)
  case $f in *APKINDEX*) kv index_age_s $(( $(date +%s) - $(stat -c %Y "$f") )) ;; *) cant index_age_s 'no-index: nothing has been fetched' ;; esac
else cant pending no-package-manager; fi
kv distribution "$(. /etc/os-release 2>/dev/null; printf '%s %s' "${ID:-?}" "${VERSION_ID:-}")"
# a container without kernels of its own shares its host's, and is not rebooted for it
boxed() { have systemd-detect-virt && systemd-detect-virt -cq 2>/dev/null || [ -e /run/systemd/container ] || [ -e /.dockerenv ] || [ -e /run/.containerenv ] || [ -e /dev/.lxc ]; }
if [ -e /run/reboot-required ] || [ -e /var/run/reboot-required ]; then kv reboot yes; kv reboot_why "/run/reboot-required exists"
elif have needs-restarting; then needs-restarting -r >/dev/null 2>&1; case $? in 0) kv reboot no ;; 1) kv reboot yes; kv reboot_why "needs-restarting says so" ;; *) cant reboot needs-restarting-failed ;; esac
else
  r=$(uname -r); n=$(ls /lib/modules 2>/dev/null | sort -V 2>/dev/null | tail -1)
  if [ -z "$n" ]; then if boxed; then kv reboot no; else cant reboot 'no-modules-dir: /lib/modules holds no kernel'; fi
  elif [ "$(printf '%s\n%s\n' "$r" "$n" | sort -V | tail -1)" = "$r" ]; then kv reboot no
  else kv reboot yes; kv reboot_why "kernel $r runs, $n is installed"; fi
fi
