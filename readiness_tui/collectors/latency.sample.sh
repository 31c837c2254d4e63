# shellcheck shell=sh
# shellcheck disable=SC2154  # al_timed is of accesslog.stats, which stands before this in the same shell
# about: Measures requests to the application over loopback, two a second, where the log has too few.
# arguments: LOG SECONDS MARKER SKIP MIN PORT DOMAIN PATH...
# after: accesslog.stats
# example: {env} 60 rt= ^(/x)$ 1 1 api.example.com /
# timeout: 120
# subject: sample requests to the application
# Prints sample=PATH|STATUS|COUNT|p50 ms|p95 ms, from the connection to the first byte; after one that warms up; ends at 429 and 503.
ls_min=$5 ls_port=$6 ls_domain=$7; shift 7
if [ "$al_timed" -ge "$ls_min" ]; then :
elif ! have curl; then cant sample "no-tool: curl is not installed to measure requests"
else
  ls_n=20; [ $# -le 2 ] || ls_n=10
  for ls_path in "$@"; do
    ls_i=0; ls_times=''; ls_code=000
    while [ "$ls_i" -le "$ls_n" ]; do
      ls_got=$(curl -q -sS -o /dev/null --noproxy '*' --max-time 5 -A readiness-tui -H "Host: $ls_domain" -H 'X-Forwarded-Proto: https' -w '%{http_code} %{time_connect} %{time_starttransfer}' "http://127.0.0.1:$ls_port$ls_path" 2>/dev/null </dev/null)
      ls_code=${ls_got%% *}
      case $ls_code in 000|429|503) break ;; esac
      [ "$ls_i" = 0 ] || ls_times="$ls_times ${ls_got#* }"
      ls_i=$(( ls_i + 1 )); sleep 0.5
    done
    printf '%s\n' "$ls_times" | awk -v path="$ls_path" -v code="$ls_code" '{
      for (i = 1; i + 1 <= NF; i += 2) t[++n] = ($(i + 1) - $i) * 1000
      for (i = 2; i <= n; i++) { v = t[i]; for (j = i - 1; j > 0 && t[j] > v; j--) t[j + 1] = t[j]; t[j + 1] = v }
      if (n) printf "sample=%s|%s|%d|%.1f|%.1f\n", path, code, n, t[int(n * .5 + .999)], t[int(n * .95 + .999)]; else printf "sample=%s|%s|0||\n", path, code }'
  done
fi
