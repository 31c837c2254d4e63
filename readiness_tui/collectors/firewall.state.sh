# shellcheck shell=sh
# about: Prints what the packet filters of the host do with inbound traffic.
# root: ufw status verbose
# root: firewall-cmd --state
# root: firewall-cmd --list-all
# root: nft list ruleset
# root: iptables -S INPUT
# root: ip6tables -S INPUT
# root: docker ps --format {{.Ports}}
if have ufw; then
  o=$(root ufw status verbose 2>/dev/null); rc=$?
  case $rc in
    0) kv ufw "$(printf '%s\n' "$o" | sed -n 's/^Status: //p')"; kv ufw_default_in "$(printf '%s\n' "$o" | sed -n 's/^Default: \([a-z]*\) (incoming).*/\1/p')"
       printf '%s\n' "$o" | awk '/ALLOW|LIMIT/{print "ufw_allow=" $0}' ;;
    77) cant ufw denied ;; *) cant ufw "rc=$rc" ;;
  esac
  kv ufw_conf "$(sed -n 's/^ENABLED=//p' /etc/ufw/ufw.conf 2>/dev/null)"
fi
if have firewall-cmd; then  # 252 not running, 253 polkit refuses
  o=$(root firewall-cmd --state 2>&1); rc=$?
  if [ $rc = 77 ]; then if systemctl is-active firewalld >/dev/null 2>&1; then cant firewalld denied; else kv firewalld 'not running'; fi
  elif [ $rc = 0 ]; then kv firewalld running
    root firewall-cmd --list-all 2>/dev/null | awk '{$1=$1} /^(target|services|ports|sources):/{sub(/: ?/,"="); print "firewalld_" $0}'
  elif [ $rc = 252 ]; then kv firewalld 'not running'
  else cant firewalld "rc=$rc"; fi
fi
# every base chain on hook input: family|table|chain|policy|last rule, and "open" when a rule accepts everything before the policy can drop
if have nft; then
  o=$(root nft list ruleset 2>/dev/null); rc=$?
  if [ $rc = 77 ]; then cant nft denied; elif [ $rc != 0 ]; then cant nft "rc=$rc"; else
    printf '%s\n' "$o" | awk '
      /^table /{fam=$2; tab=$3} /^[ \t]*chain /{ch=$2; base=0; last=""; open=""}
      /hook input/{base=1; pol="accept"; if (match($0,/policy [a-z]+/)) pol=substr($0,RSTART+7,RLENGTH-7); next}
      base && /^[ \t]*}/{print "nft_input=" fam "|" tab "|" ch "|policy " pol "|last " last open; base=0}
      base && NF{l=$0; sub(/^[ \t]+/,"",l); last=l; sub(/ *comment ".*"$/,"",l); sub(/^counter (packets [0-9]+ bytes [0-9]+ )?/,"",l); if (l=="accept") open="|open"}'
    kv nft_rules "$(printf '%s\n' "$o" | grep -cE '(accept|drop|reject|jump|goto)')"
  fi
fi
for t in iptables ip6tables; do have $t || continue
  o=$(root $t -S INPUT 2>/dev/null); rc=$?
  case $rc in 0) printf '%s\n' "$o" | awk -v t=$t '/^-P INPUT/{p=$3} /^-A/{l=$0; if (l ~ /^-A INPUT (-m comment --comment ("[^"]*"|[^ ]+) )?-j ACCEPT$/) o="|open"} END{print t "_input=policy " p "|last " l o}' ;;
    77) cant ${t}_input denied ;; *) cant ${t}_input "rc=$rc" ;; esac
done
[ -d /proc/sys/net/ipv6 ] && { if [ -r /proc/net/if_inet6 ]; then kv ipv6_global "$(awk '$4=="00"{n++} END{print n+0}' /proc/net/if_inet6)"; else cant ipv6_global denied; fi; }
if have docker; then
  if o=$(docker ps --format '{{.Ports}}' 2>/dev/null) || o=$(root docker ps --format '{{.Ports}}' 2>/dev/null); then kv docker_published "$(printf '%s' "$o" | tr '\n' ' ')"; else cant docker_published denied; fi
fi; :
