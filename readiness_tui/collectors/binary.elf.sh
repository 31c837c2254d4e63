# shellcheck shell=sh
# about: Reads a binary's format, libraries and build marks.
# arguments: FILE
# $1 path
f=$1
if [ ! -e "$f" ]; then if gone "$f"; then kv binary absent; else cant binary denied; fi; exit 0; fi
kv binary present
kv size "$(stat -L -c %s "$f")"; kv mtime "$(stat -L -c %Y "$f")"; kv mode "$(stat -L -c '%a %U' "$f")"
[ -x "$f" ] && kv executable yes || kv executable no
if [ -r "$f" ]; then
  [ "$(head -c 4 "$f" | od -An -tx1 | tr -d ' \n')" = 7f454c46 ] && elf=yes || elf=no; kv elf $elf
  kv sha256 "$(sha256sum "$f" 2>/dev/null | cut -c1-16)"
  if have readelf; then s=$(readelf -SW "$f" 2>/dev/null)
    kv symtab "$(printf '%s\n' "$s" | grep -c ' \.symtab ')"; kv debuginfo "$(printf '%s\n' "$s" | grep -c ' \.debug_info ')"
    readelf -dW "$f" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/needed=\1/p'
  elif have file; then d=$(file -bL "$f"); case $d in *"not stripped"*) kv symtab 1;; *stripped*) kv symtab 0;; *) cant symtab file-unsure;; esac; case $d in *debug_info*) kv debuginfo 1;; *) kv debuginfo 0;; esac
  elif ! grep -qa '\.symtab' "$f"; then kv symtab 0; kv debuginfo "$(grep -ca '\.debug_info' "$f")"
  else cant symtab no-readelf-no-file; fi
  # "not found" rows only count when ldd could read the file at all: static, or at least one library line
  if [ "$elf" = no ]; then cant libraries not-elf
  elif have ldd; then l=$(ldd "$f" 2>&1)
    case $l in
      *"not a dynamic"*|*statically*|*"Not a valid dynamic program"*) kv static yes; kv libraries 0 ;;
      *'=>'*|*ld-linux*|*ld-musl*) kv static no; kv libraries "$(printf '%s\n' "$l" | grep -cE '=>|ld-linux|ld-musl')"
        printf '%s\n' "$l" | sed -n 's/^[[:space:]]*\([^ ]*\) => not found.*/missing=\1/p; s/^Error loading shared library \([^:]*\):.*/missing=\1/p' ;;
      *) cant libraries "ldd-failed $(printf '%s' "$l" | tail -1 | cut -c1-80)" ;;
    esac
  else cant libraries no-ldd; fi
else cant elf unreadable; cant libraries unreadable; fi
