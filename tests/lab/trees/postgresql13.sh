#!/bin/bash
# postgresql13.sh TREE: PostgreSQL 13 from Debian 11 beside the tree's own, with the libraries it needs.
set -euo pipefail
tree=$1
machine=$(. /etc/os-release; echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' | awk -v suite="$machine" '$2 == suite { print $1; exit }')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{etc/apt.conf.d,etc/preferences.d,etc/sources.d,state/lists/partial,cache/archives/partial,debs,root}
: > "$work/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bullseye main" > "$work/etc/sources.list"
apt=(apt-get -q -o Dir::Etc="$work/etc" -o Dir::Etc::sourceparts="$work/etc/sources.d" -o Dir::State="$work/state"
  -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root
  -o Acquire::Check-Valid-Until=false -o Acquire::Check-Date=false)
"${apt[@]}" update >/dev/null
cd "$work/debs"
"${apt[@]}" download postgresql-13 libssl1.1 libicu67 libldap-2.4-2 >/dev/null
for deb in *.deb; do dpkg-deb -x "$deb" "$work/root"; done
mkdir -p "$tree/usr/lib/postgresql" "$tree/usr/share/postgresql"
cp -a "$work/root/usr/lib/postgresql/13" "$tree/usr/lib/postgresql/"
cp -a "$work/root/usr/share/postgresql/13" "$tree/usr/share/postgresql/"
for library in libssl.so.1.1 libcrypto.so.1.1 'libicu*.so.67*' 'libldap_r-2.4.so*' 'liblber-2.4.so*'; do
  find "$work/root/usr/lib/x86_64-linux-gnu" -maxdepth 1 -name "$library" -exec cp -a {} "$tree/usr/lib/x86_64-linux-gnu/" \;
done
