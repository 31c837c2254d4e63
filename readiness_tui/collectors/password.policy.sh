# shellcheck shell=sh
# about: Prints how passwords are checked when they are set: the PAM lines in order, and the settings of pwquality.
# example: --
# root: passwd -S -a
# subject: pam the PAM configuration
# subject: state the states of passwords
# pam=control|module|arguments, in order, includes followed   pwq=name|value, the last one wins   pam_dir=present or absent   state=name|P, L or NP
pam() {  # $1 a file of /etc/pam.d, $2 depth; a file that cannot be read leaves a doubt
  [ "$2" -lt 6 ] || { cant pam "unsupported: includes are nested too deeply"; return; }
  for _d in /etc/pam.d /usr/lib/pam.d /usr/share/pam.d; do [ -e "$_d/$1" ] && break; done
  [ -e "$_d/$1" ] || { cant pam "unsupported: there is no PAM file $1"; return; }
  [ -r "$_d/$1" ] || { cant pam "denied $_d/$1"; return; }
  sed -e ':a' -e '/\\$/{N;s/\\\n/ /;ta' -e '}' -e 's/#.*//' "$_d/$1" | tr -s ' \t' '  ' | sed 's/^ //' | while IFS= read -r _line; do
    case $_line in
      "@include "*) pam "${_line#@include }" $(($2 + 1)) ;;
      "password include "*|"password substack "*|"-password include "*) _line=${_line#* }; _line=${_line#* }; pam "${_line%% *}" $(($2 + 1)) ;;
      "password "*|"-password "*)
        _line=${_line#* }
        case $_line in "["*) _c="${_line%%]*}]"; _r=${_line#*] } ;; *) _c=${_line%% *}; _r=${_line#* } ;; esac
        _m=${_r%% *}; case $_r in *" "*) _a=${_r#* } ;; *) _a= ;; esac
        kv pam "$_c|${_m##*/}|$_a" ;;
    esac
  done
}
if [ ! -d /etc/pam.d ]; then kv pam_dir absent; else kv pam_dir present; pam passwd 0; fi
for f in /usr/lib/security/pwquality.conf.d/*.conf /etc/security/pwquality.conf.d/*.conf /etc/security/pwquality.conf; do
  [ -r "$f" ] && sed -n 's/#.*//; s/^[[:space:]]*\([a-z_]*\)[[:space:]]*=[[:space:]]*\(-\{0,1\}[A-Za-z0-9]*\).*/pwq=\1|\2/p; s/^[[:space:]]*\(enforce_for_root\|local_users_only\)[[:space:]]*$/pwq=\1|1/p' "$f"
done
s=$(root passwd -S -a 2>/dev/null); rc=$?
case $rc in
  0) printf '%s\n' "$s" | awk 'NF >= 2 { print "state=" $1 "|" $2 }' ;;
  77) cant state denied; kv hint "sudoers: $(id -un) ALL=(root) NOPASSWD: $(command -v passwd) -S -a" ;;
  *) cant state "no-tool: passwd -S -a ended with status $rc" ;;
esac
