# shellcheck shell=sh
# about: Reads one backup file to its end and tells whether it is whole; nothing of its content leaves the host.
# arguments: FILE BYTES
# example: /etc/passwd 1048576
# root: cat {1}
# timeout: 90
# subject: content newest backup
# $1 file, $2 largest size that is read to its end:
#   content=FORMAT|whole: yes, no or ?|tables with data or ?   FORMAT custom, plain, tar, basebackup, encrypted, unrecognised
#   compression=gzip, zstd, xz, bzip2, lz4; !content=too-large, no-TOOL, denied
f=$1; lim=${2:-268435456}
if gone "$f"; then cant content gone; exit 0; fi
if [ -r "$f" ]; then whole() { cat "$f" 2>/dev/null; }; else whole() { root cat "$f" 2>/dev/null; }; fi
bytes=$(stat -L -c %s "$f" 2>/dev/null)
x=$(whole | head -c "$((lim + 1))" | { head -c 265 | od -An -v -tx1 | tr -d ' \n'; }); [ -n "$x" ] || { if [ -r "$f" ]; then kv content "empty|no|0"; else cant content denied; fi; exit 0; }
unpack='cat'
case $x in
  1f8b*) unpack='gzip -dc'; kv compression gzip ;; 28b52ffd*) unpack='zstd -dcq'; kv compression zstd ;; fd377a585a00*) unpack='xz -dc'; kv compression xz ;;
  425a68*) unpack='bzip2 -dc'; kv compression bzip2 ;; 04224d18*) unpack='lz4 -dc'; kv compression lz4 ;;
esac
have "${unpack%% *}" || { cant content "no-${unpack%% *}"; exit 0; }
if [ -n "$bytes" ] && [ "$bytes" -gt "$lim" ]; then cant content "too-large to read to its end"; exit 0; fi
inner() { whole | $unpack 2>/dev/null; }
# the decompressor's own word: a cut or damaged file ends it with an error; a shell without pipefail hides that, so it is asked alone
if [ "$unpack" != cat ]; then whole | $unpack >/dev/null 2>&1 || { kv content "compressed|no|?"; exit 0; }; fi
h=$(inner | head -c 265 | od -An -v -tx1 | tr -d ' \n')
case $h in
  '') kv content "empty|no|0" ;;
  5047444d50*)
    have pg_restore || { cant content no-pg_restore; exit 0; }
    if inner | pg_restore -f /dev/null >/dev/null 2>&1; then w=yes; else w=no; fi
    kv content "custom|$w|$(inner | pg_restore -l 2>/dev/null | grep -c ' TABLE DATA ')" ;;
  53616c7465645f5f*|6167652d656e6372797074696f6e*|2d2d2d2d2d424547494e2050475020*|85*|8c*|84*|c1*|c3*|d2*) kv content "encrypted|?|?" ;;
  2d2d*|5c*|0a2d2d*|534554*)
    inner | awk '/^-- PostgreSQL database (cluster )?dump complete/ { end = NR } /^(COPY|INSERT INTO) / { n++ } /^-- PostgreSQL database (cluster )?dump$/ { pg = 1 } /[^[:space:]]/ && !/^--/ { if (!/^\\(un)?restrict /) last = NR }
      END { print "content=" (pg ? "plain" : "unrecognised") "|" (pg ? (end && end > last ? "yes" : "no") : "?") "|" n + 0 }' ;;
  *7573746172*)
    t=$(inner | tar -tf - 2>/dev/null); rc=$?
    case $rc:$t in
      0:*toc.dat*) kv content "tar|yes|$(printf '%s\n' "$t" | grep -c '^[0-9][0-9]*[.]dat')" ;;
      0:*PG_VERSION*) kv content "basebackup|yes|?" ;;
      0:*) kv content "unrecognised|?|?" ;;
      *) kv content "tar|no|?" ;;
    esac ;;
  *) kv content "unrecognised|?|?" ;;
esac
