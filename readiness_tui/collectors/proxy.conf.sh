# shellcheck shell=sh
# about: Reads the configuration files of nginx and Apache, following include lines.
# root: cat FILE
# timeout: 30
# subject: nginx_file nginx configuration
# subject: apache_file Apache configuration
# Reads the effective files (following include lines) instead of running nginx -t/-T, which creates missing log files.
# Answers ngx=context#server|directive and apache_conf=file#vhost|directive; an upstream's context is upstream:NAME.
ngx() { # $1 file, $2 depth; prints one statement a line
  [ "$2" -gt 6 ] && return
  t=$(rd "$1") || { cant nginx_file "denied $1"; return; }
  printf '%s\n' "$t" | sed 's/^[[:space:]]*#.*//; s/[[:space:]]#.*//' | tr '\n' ' ' | sed 's/[;{}]/&\
/g' | sed 's/^[[:space:]]*//; s/[[:space:]]\{1,\}/ /g' | while IFS= read -r line; do
    case $line in include\ *)
        g=${line#include }; g=${g%;}; g=${g% }; g=${g#[\"\']}; g=${g%[\"\']}; case $g in /*) ;; *) g=$NP/$g;; esac
        for i in $g; do
          if [ -e "$i" ]; then ngx "$i" $(( $2 + 1 ))
          elif ! gone "$i" || { [ -d "${g%/*}" ] && ! [ -r "${g%/*}" ]; }; then cant nginx_file "denied $g"; fi
        done ;;
      *) printf '%s\n' "$line";; esac; done; }
main=$(pgrep -o -x nginx 2>/dev/null)
NC=$([ -r "/proc/${main:-0}/cmdline" ] && tr '\000' ' ' <"/proc/$main/cmdline" | sed -n 's/^nginx: master process .* -c \([^ ]*\).*/\1/p')
NC=${1:-$NC}
if have nginx; then
  v=$(nginx -V 2>&1); kv nginx "$(printf '%s' "$v" | sed -n 's/^nginx version: //p')"
  [ -n "$NC" ] || NC=$(printf '%s' "$v" | sed -n 's/.*--conf-path=\([^ ]*\).*/\1/p'); NC=${NC:-/etc/nginx/nginx.conf}; NP=${NC%/*}
  if [ ! -e "$NC" ] && gone "$NC"; then kv nginx_conf "absent $NC"; else
    kv nginx_conf "$NC"
    d=$(ngx "$NC" 0); printf '%s\n' "$d" | grep '^!'
    printf '%s\n' "$d" | grep -v '^!' | awk '
      /\{$/{depth++; name[depth]=($1=="upstream" ? "upstream:" $2 : $1); sub(/\{$/,"",name[depth]); if (name[depth]=="server") {sv++; svd=depth} next} /^\}$/{if (depth==svd) svd=0; depth--; next}
      /^(server_name|listen|root|alias|set|proxy_pass|fastcgi_pass|grpc_pass|return|rewrite|client_max_body_size|limit_req_zone|limit_req|limit_req_status|limit_conn|limit_conn_zone|access_log|error_log|log_format|add_header|ssl_certificate|ssl_protocols|server_tokens|proxy_cache|proxy_cache_path|gzip|deny|allow|proxy_read_timeout|client_body_timeout|client_header_timeout|keepalive_timeout|server) /{c=(depth>0?name[depth]:"main"); l=$0; sub(/ ?;$/,"",l); print "ngx=" c "#" (svd && depth>=svd ? sv : 0) "|" substr(l,1,200)}'
  fi
fi
for a in apache2ctl apachectl httpd; do have $a || continue
  kv apache "$($a -v 2>/dev/null | sed -n 's/^Server version: //p')"
  for f in /etc/apache2/apache2.conf /etc/apache2/conf-enabled/*.conf /etc/apache2/sites-enabled/* /etc/apache2/mods-enabled/*.conf /etc/apache2/httpd.conf /etc/apache2/conf.d/*.conf /etc/httpd/conf/httpd.conf /etc/httpd/conf.d/*.conf; do
    [ -e "$f" ] || { [ -d "${f%/*}" ] && ! [ -r "${f%/*}" ] && cant apache_file "denied ${f%/*}"; continue; }
    t=$(rd "$f") || { cant apache_file "denied $f"; continue; }
    printf '%s\n' "$t" | awk -v f="$f" '{sub(/^[ \t]+/,""); l=tolower($0)} l ~ /^<virtualhost/{v++; in_v=1} l ~ /^<\/virtualhost/{in_v=0}
      l ~ /^(proxypass|proxypassmatch|documentroot|alias|sslcertificatefile|redirect|rewriterule|header|limitrequestbody|customlog|errorlog|servername|serveralias|servertokens|sslprotocol|balancermember)[ \t]/{gsub(/[ \t]+/," "); print "apache_conf=" f "#" (in_v ? v : 0) "|" substr($0,1,200)}'
  done; break
done
have pgrep || cant running no-pgrep
for s in nginx apache2 httpd caddy haproxy traefik; do pgrep -x "$s" >/dev/null 2>&1 && kv running "$s"; done; :
