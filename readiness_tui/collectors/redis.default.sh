# shellcheck shell=sh
# about: Stands for the URL of an environment file where there is none: the server on this host.
# arguments: FILE NAME PORT
# shellcheck disable=SC2034  # the variables are read by env.redislogin, which follows in the same shell
# after env.url, before env.redislogin; $3 port: without a URL on this host, the server itself is asked, without a password
[ -n "${U:-}" ] || { U=default; U_scheme=redis; U_user=; U_pass=; U_host=127.0.0.1; U_port=$3; U_db=0; }
