#!/bin/bash
# base.sh TREE SUITE PACKAGES-FILE: a Debian root file system holding the packages that the hosts need.
# The mirror, the proxy and apt's options are those of this machine, read when the script runs.
set -euo pipefail
tree=$1 suite=$2 packages=$3
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

machine=$(. /etc/os-release; echo "$VERSION_CODENAME")
repository() { # the address from which this machine takes the suite $1
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' | awk -v suite="$1" '$2 == suite { print $1; exit }'
}
mirror=$(repository "$machine")
security=$(repository "$machine-security")
[ -n "$mirror" ] && [ -n "$security" ] || { echo "apt has no $machine and $machine-security on this machine" >&2; exit 1; }

options=()
for name in Acquire::http::Proxy Acquire::https::Proxy Acquire::Check-Valid-Until Acquire::Check-Date; do
  eval "$(apt-config shell value "$name")"
  [ -z "${value:-}" ] || options+=(-o "$name=$value")
  case $name in Acquire::http::Proxy) [ -z "${value:-}" ] || export http_proxy=$value;; esac
  unset value
done

rm -rf --one-file-system "$tree"
mkdir -p "$tree"
debootstrap --variant=minbase --merged-usr "$suite" "$tree" "$mirror" >"$tree.log" 2>&1 ||
  { tail -5 "$tree.log" "$tree/debootstrap/debootstrap.log" >&2; exit 1; }

cat > "$tree/etc/apt/sources.list" <<LIST
deb $mirror $suite main
deb $mirror $suite-updates main
deb $security $suite-security main
LIST
printf '#!/bin/sh\nexit 101\n' > "$tree/usr/sbin/policy-rc.d"
chmod 755 "$tree/usr/sbin/policy-rc.d"
echo force-unsafe-io > "$tree/etc/dpkg/dpkg.cfg.d/unsafe-io"
cp /etc/resolv.conf "$tree/etc/resolv.conf"

mount -t proc proc "$tree/proc"
trap 'umount "$tree/proc"' EXIT
chroot "$tree" apt-get "${options[@]}" -q update >>"$tree.log" 2>&1
chroot "$tree" apt-get "${options[@]}" -qy dist-upgrade >>"$tree.log" 2>&1
# shellcheck disable=SC2046
chroot "$tree" apt-get "${options[@]}" -qy --no-install-recommends install $(sed 's/#.*//' "$packages") \
  >>"$tree.log" 2>&1 || { tail -20 "$tree.log" >&2; exit 1; }
chroot "$tree" apt-get clean
rm -f "$tree/usr/sbin/policy-rc.d" "$tree/etc/dpkg/dpkg.cfg.d/unsafe-io"
: > "$tree/etc/machine-id"
