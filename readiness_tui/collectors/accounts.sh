# shellcheck shell=sh
# about: Prints who may administer a host: accounts, groups, sudo and doas rules, states of passwords; no hashes.
# example: --
# root: cvtsudoers -e -f json /etc/sudoers
# root: cat /etc/doas.conf
# root: passwd -S -a
# subject: sudo the sudo rules
# subject: doas the doas rules
# subject: state the states of passwords
# account=name|uid|gid|yes or no (has a login shell)   group=name|gid|members   directory=name (accounts that are not all listed)
# sudo=absent, or the rules as JSON in base64, in pieces   doas=absent, or a line of /etc/doas.conf   state=name|P, L or NP (passwd(1))
list() { if have getent; then getent "$1"; else cat "/etc/$1"; fi; }
list passwd | awk -F: '{ print "account=" $1 "|" $3 "|" $4 "|" ($7 ~ /(nologin|false|sync|shutdown|halt)$/ ? "no" : "yes") }'
list group | awk -F: '$4 != "" || $1 ~ /^(sudo|wheel|admin|docker|lxd|incus|libvirt)$/ { print "group=" $1 "|" $3 "|" $4 }'
sed -n 's/^passwd:[[:space:]]*//p' /etc/nsswitch.conf 2>/dev/null | tr ' \t' '\n\n' | grep -E '^(sss|ldap|winbind|nis)$' | sed 's/^/directory=/'
kv hostname "$(uname -n)"
if ! have sudo; then kv sudo absent
elif ! have cvtsudoers; then cant sudo "no-tool: cvtsudoers is not installed"
else
  j=$(root cvtsudoers -e -f json /etc/sudoers 2>/dev/null); rc=$?
  case $rc in
    0) printf '%s' "$j" | base64 | tr -d '\n' | fold -w 6000 | sed 's/^/sudo=/'; echo ;;
    77) cant sudo denied; kv hint "sudoers: $(id -un) ALL=(root) NOPASSWD: $(command -v cvtsudoers) -e -f json /etc/sudoers" ;;
    *) cant sudo "error: cvtsudoers ended with status $rc" ;;
  esac
fi
if have doas && [ -e /etc/doas.conf ]; then
  if c=$(rd /etc/doas.conf); then printf '%s\n' "$c" | sed 's/#.*//' | grep -E '[^[:space:]]' | tr -s ' \t' ' ' | sed 's/^ *//; s/^/doas=/'
  else cant doas denied; kv hint "sudoers: $(id -un) ALL=(root) NOPASSWD: /usr/bin/cat /etc/doas.conf"; fi
else kv doas absent; fi
s=$(root passwd -S -a 2>/dev/null); rc=$?
case $rc in
  0) printf '%s\n' "$s" | awk 'NF >= 2 { print "state=" $1 "|" $2 }' ;;
  77) cant state denied; kv hint "sudoers: $(id -un) ALL=(root) NOPASSWD: $(command -v passwd) -S -a" ;;
  *) cant state "no-tool: passwd -S -a ended with status $rc" ;;
esac
