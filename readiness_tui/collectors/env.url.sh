# shellcheck shell=sh
# about: Splits a URL of an environment file; the password stays in the shell.
# arguments: FILE NAME
# root: cat {1}
# subject: url environment file
# $1 file, $2 variable. Splits a URL without printing its secret; sets U_* shell variables for the collectors that log in.
# A URL that does not split cleanly (an unescaped / ? or @ in its password) is only called malformed: its parts may be the secret's.
pct() { printf '%s' "$1" | awk '{s=$0; o=""; while (match(s,/%[0-9A-Fa-f][0-9A-Fa-f]/)) { h=tolower(substr(s,RSTART+1,2)); o=o substr(s,1,RSTART-1) sprintf("%c",(index("0123456789abcdef",substr(h,1,1))-1)*16+index("0123456789abcdef",substr(h,2,1))-1); s=substr(s,RSTART+3)} printf "%s", o s}'; }
U=; t=
if [ ! -e "$1" ] && gone "$1"; then kv url absent
elif t=$(rd "$1"); then
  U=$(printf '%s\n' "$t" | tr -d '\r' | sed -n "s/^[[:space:]]*\(export[[:space:]]\{1,\}\)\{0,1\}$2[[:space:]]*=[[:space:]]*//p" | tail -1 | sed 's/[[:space:]]*$//; s/^"\(.*\)"$/\1/; s/^'\''\(.*\)'\''$/\1/')
  if [ -z "$U" ]; then kv url unset; else
    U_scheme=${U%%://*}; r=${U#*://}; U_query=; case $r in *\?*) U_query=${r#*\?}; r=${r%%\?*};; esac
    raw=; case $r in */*) raw=${r#*/}; r=${r%%/*};; esac; U_db=$(pct "$raw")
    U_user=; U_pass=
    case $r in *@*) c=${r%@*}; r=${r##*@}
      case $c in *:*) U_user=$(pct "${c%%:*}"); U_pass=$(pct "${c#*:}");; *) case $U_scheme in redis*) U_pass=$(pct "$c");; *) U_user=$(pct "$c");; esac;; esac;; esac
    case $r in \[*\]*) U_host=${r#\[}; U_host=${U_host%%\]*}; U_port=${r##*\]}; U_port=${U_port#:};; *:*) U_host=${r%%:*}; U_port=${r##*:};; *) U_host=$r; U_port=;; esac
    case $U in *://*) bad= ;; *) bad=1 ;; esac
    case $U_scheme in *[!a-z0-9+.-]*|'') bad=1 ;; esac
    case $U_port in *[!0-9]*) bad=1 ;; esac
    case $U_host in *[!A-Za-z0-9._:%-]*) bad=1 ;; esac
    case $raw$U_query in *@*) bad=1 ;; esac
    case $U_user$U_db in *[![:print:]]*|*'|'*) bad=1 ;; esac
    if [ -n "$bad" ]; then kv url malformed; U=; else
      kv url "$U_scheme|user ${U_user:-none}|host ${U_host:-none}|port ${U_port:-default}|db ${U_db:-none}|sslmode $(printf '%s' "$U_query" | tr '&' '\n' | sed -n 's/^sslmode=\([a-z-]*\)$/\1/p' | tail -1)"
      kv pass_len "$(printf '%s' "$U_pass" | wc -m | tr -d ' ')"
      kv pass_classes "$(printf '%s' "$U_pass" | awk '{c=0; if(/[a-z]/)c++; if(/[A-Z]/)c++; if(/[0-9]/)c++; if(/[^A-Za-z0-9]/)c++; print c}')"
    fi
  fi
else root test -e "$1"; case $? in 0|77) cant url denied ;; *) kv url absent ;; esac; fi
