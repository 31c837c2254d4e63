# shellcheck shell=sh
# about: Prints the settings of one sshd that decide who may log in, for each connection asked.
# arguments: NAME PROGRAM ASROOT CONNECTIONS [WORD...]
# example: 1 /usr/sbin/sshd no user=root,host=h,addr=192.0.2.9,laddr=192.0.2.1,lport=22,rdomain=
# root: sshd -T -C CONNECTION
# timeout: 60
# subject: answer sshd -T
# Arguments: a name for the daemon, its program, yes to ask as root, the connections as `sshd -T -C` takes them in one
# word with blanks between, then the daemon's own words. Prints the settings that decide who may log in.
WANTED='permitrootlogin|passwordauthentication|kbdinteractiveauthentication|challengeresponseauthentication|pubkeyauthentication|authenticationmethods|allowusers|denyusers|allowgroups|denygroups|usepam|authorizedkeysfile|authorizedkeyscommand|trustedusercakeys|gssapiauthentication|hostbasedauthentication|usedns'
KEY=; [ "$(id -u)" = 0 ] || KEY=$(openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null)

sshd_test() { # $1 yes to ask as root; then the program and its arguments
  _r=$1 _p=$2; shift 2
  if [ "$(id -u)" = 0 ]; then "$_p" -T "$@" 2>&1
  elif [ "$_r" = yes ]; then root "$_p" -T "$@" 2>&1
  else printf '%s\n' "$KEY" | "$_p" -T "$@" -h /dev/stdin 2>&1; fi
}

ask() { # $1 name, $2 program, $3 yes to ask as root, $4 the connection, then the daemon's words
  _d=$1 _g=$2 _a=$3 _q=$4; shift 4
  _o=$(sshd_test "$_a" "$_g" "$@" -C "$_q"); _rc=$?
  [ $_rc = 0 ] || { printf '!%s|%s|rc=%s %s\n' "$_d" "$_q" "$_rc" "$(printf '%s\n' "$_o" | tail -1 | cut -c1-120)"; return; }
  printf '%s\n' "$_o" | awk -v p="$_d|$_q" -v k="^($WANTED) " '$0 ~ k {n=$1; $1=""; s=s "|" n $0} END{print p "\t" s}'
}

name=$1 program=$2 asroot=$3 connections=$4; shift 4
for q in $connections; do ask "$name" "$program" "$asroot" "$q" "$@"; done |
awk -F'\t' '/^!/ {print "!answer=" substr($0, 2); next} {if ($2 in s) print "answer=" $1 "|=" s[$2]; else {split($1, a, "|"); s[$2]=a[2]; print "answer=" $1 $2}}'
