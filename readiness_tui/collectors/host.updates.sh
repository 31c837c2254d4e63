# shellcheck shell=sh
# about: Prints pending updates, the age of the package index, and whether a reboot is pending.
# root: dnf -q -C check-update
# root: dnf -q -C updateinfo list --security
# timeout: 60
# cause: ^no-(index|cache) stale
# cause: ^no-modules-dir unsupported
if have apt-get; then
  kv pm apt
  if out=$(apt-get -s -o Debug::NoLocking=1 -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= --with-new-pkgs upgrade 2>&1)
  then printf '%s\n' "$out" | awk '/^Inst /{n++; if (/[Ss]ecurity/) s++} END{print "pending=" n+0; print "security=" s+0}'
  else cant pending "rc=$? apt-get $(printf '%s\n' "$out" | sed -n 's/^E: //p' | head -1)"; cant security apt-get-failed; fi
  # signed index files carry the archive's own time; lists/partial and pkgcache.bin are refreshed even by a failed or simulated run
  m=0; for f in /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists/*Release; do
    [ -e "$f" ] && t=$(stat -c %Y "$f") && [ "$t" -gt "$m" ] && m=$t; done
  if [ "$m" -gt 0 ]; then kv index_age_s $(( $(date +%s) - m )); else cant index_age_s no-index; fi
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
  case $f in *APKINDEX*) kv index_age_s $(( $(date +%s) - $(stat -c %Y "$f") )) ;; *) cant index_age_s no-index ;; esac
else cant pending no-package-manager; fi
if [ -e /run/reboot-required ] || [ -e /var/run/reboot-required ]; then kv reboot yes
elif have needs-restarting; then needs-restarting -r >/dev/null 2>&1; case $? in 0) kv reboot no ;; 1) kv reboot yes ;; *) cant reboot needs-restarting-failed ;; esac
else
  r=$(uname -r); n=$(ls -t /lib/modules 2>/dev/null | head -1)
  if [ -z "$n" ]; then cant reboot no-modules-dir; elif [ "$n" = "$r" ]; then kv reboot no; else kv reboot "maybe running=$r newest=$n"; fi
fi
