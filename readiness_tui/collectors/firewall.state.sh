# shellcheck shell=sh
# about: Prints the rules of the host's packet filters as nft and iptables list them, and its addresses.
# example: --
# root: nft -j list ruleset
# root: nft list ruleset
# root: nft -j list table FAMILY NAME
# root: iptables-nft-save
# root: ip6tables-nft-save
# root: iptables-save
# root: ip6tables-save
# root: cat /proc/net/ip_tables_names /proc/net/ip6_tables_names
# root: iptables-legacy-save
# root: ip6tables-legacy-save
# root: ipset save
# root: docker ps --format {{.Ports}}
# timeout: 30
# subject: nft_json nft
# subject: nft_text nft
# subject: save4 iptables-save
# subject: save6 ip6tables-save
# subject: legacy_names iptables-legacy
# subject: legacy4 iptables-legacy-save
# subject: legacy6 ip6tables-legacy-save
# Usually one to three of these run: the text listing only for dormant tables and ingress chains, the iptables ones only where
# iptables made rules. Nothing is locked or made: never `ufw status`, `iptables -S` or `-t`, which create tables and lock files.
room=2097152
lines() { printf '%s\n' "$2" | sed "s/^/$1=/"; }
# Cuts JSON between values into lines short enough for a reply; "key" would be taken for a secret's name.
chunks() { printf '%s' "$1" | sed 's/"key": *"/"of": "/g; s/, {/,\
{/g; s/", "/",\
"/g' | awk '{ if (length(b) + length($0) > 4000) { print "nft_json=" b; b = "" } b = b $0 } END { print "nft_json=" b }'; }
# $1 fact, then the command: sets o; prints why when there is no listing
listing() {
  _f=$1; shift; o=$(root "$@" 2>/dev/null); _rc=$?
  case $_rc in 0) ;; 77) cant "$_f" denied; return 1 ;; *) cant "$_f" "$1 ended with status $_rc"; return 1 ;; esac
  [ "${#o}" -le $room ] || { cant "$_f" 'unsupported: more than 2 MiB of rules'; return 1; }
}
saved() { if have "$2"; then if listing "$1" "$2"; then lines "$1" "$o"; all="$all$o"; fi; else cant "$1" "no-tool: $2 is not installed"; fi; }
all=''
if have ip; then
  ip -o addr 2>/dev/null | sed 's/^/addr=/'
  { ip -o -d link 2>/dev/null || ip -o link 2>/dev/null; } | sed 's/^/link=/'
  ip -o route show default 2>/dev/null | sed 's/^/route4=/'; ip -o -6 route show default 2>/dev/null | sed 's/^/route6=/'
else cant addr 'no-tool: ip is not installed'; fi
kernel=unknown
if [ -s /proc/kallsyms ]; then if grep -qE ' nft_do_chain([[:space:]]|$)' /proc/kallsyms 2>/dev/null; then kernel=yes; else kernel=no; fi; fi
tables4=iptables-nft-save; tables6=ip6tables-nft-save
if ! have $tables4; then case $(iptables -V 2>/dev/null) in *nf_tables*) tables4=iptables-save; tables6=ip6tables-save ;; esac; fi
if [ $kernel = no ]; then kv nft none
elif ! have nft; then
  kv nft absent
  if have $tables4; then saved save4 $tables4; saved save6 $tables6; fi
elif listing nft_json nft -j list ruleset; then
  kv nft listed; json=$o
  text=no; case $json in *'"flags"'*|*ingress*) text=yes ;; *']}') ;; *) text=yes ;; esac
  if [ $text = yes ] && listing nft_text nft list ruleset; then
    lines nft_text "$o"
    case $json in *']}') ;; *)  # cut by a dormant table: the others one by one
      json=$(printf '%s\n' "$o" | awk '/^table /{ if (t != "") print t; t = $2 " " $3 } /^[ \t]flags .*dormant/{ t = "" } END { if (t != "") print t }' |
        while read -r f t; do root nft -j list table "$f" "$t" 2>/dev/null | tr -d '\n'; done) ;; esac
  fi
  chunks "$json"
  case $json in *'"xt"'*) saved save4 $tables4; saved save6 $tables6 ;; esac
fi
if [ -e /proc/net/ip_tables_names ] || [ -e /proc/net/ip6_tables_names ]; then
  o=''
  set --; for n in /proc/net/ip_tables_names /proc/net/ip6_tables_names; do [ ! -e $n ] || set -- "$@" $n; done
  if listing legacy_names cat "$@" && [ -n "$o" ]; then
    lines legacy_names "$o"; saved legacy4 iptables-legacy-save; saved legacy6 ip6tables-legacy-save
  fi
fi
case $all in *--match-set*) if have ipset && listing ipset ipset save; then lines ipset "$o"; fi ;; esac
kv ufw_conf "$(sed -n 's/^ENABLED=//p' /etc/ufw/ufw.conf 2>/dev/null)"
if have docker; then
  if o=$(docker ps --format '{{.Ports}}' 2>/dev/null) || o=$(root docker ps --format '{{.Ports}}' 2>/dev/null); then kv docker_published "$(printf '%s' "$o" | tr '\n' ' ')"; else cant docker_published denied; fi
fi; :
